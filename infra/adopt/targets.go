package adopt

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/inventory-bridge/inventory-bridge/infra/targets"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Roles is the call of STS that is needed. *sts.Client has it.
type Roles interface {
	AssumeRole(context.Context, *sts.AssumeRoleInput, ...func(*sts.Options)) (*sts.AssumeRoleOutput, error)
}

const (
	atOnce    = 16 // roles that are assumed at a time
	mostNamed = 10 // roles that a note names
)

// checkTargets assumes the roles that the file of targets lists. One that cannot be assumed is a note: it may be made afterwards, and may trust
// the functions alone.
func (c *check) checkTargets(ctx context.Context) error {
	if c.props.Targets == "" {
		return nil
	}
	f, err := targets.Read(c.props.Targets, target.Key{Account: c.ID, Region: c.Region})
	if err != nil {
		c.problem("%v", err)
		return nil
	}
	list := distinct(target.NewSet(target.Key{Account: c.ID, Region: c.Region}, f.Targets).Targets())
	refused, err := c.refused(ctx, list)
	if err != nil || len(refused) == 0 {
		return err
	}
	named := refused
	if len(refused) > mostNamed {
		named = append(named[:mostNamed:mostNamed], "…")
	}
	c.Notes = append(c.Notes, fmt.Sprintf("targets: %d of %d roles cannot be assumed with these credentials: %s. Where they are not there yet, `make target` writes their template; "+
		"where they trust the functions alone, that is as it should be, and targetOperators lets people assume them, too", len(refused), len(list), strings.Join(named, ", ")))
	return nil
}

// distinct returns a target for each role.
func distinct(all []target.Target) (list []target.Target) {
	seen := map[string]bool{}
	for _, t := range all {
		if !seen[t.Role] {
			list = append(list, t)
		}
		seen[t.Role] = true
	}
	return list
}

// refused returns the roles that cannot be assumed, each with the code of the error, in the order of the targets.
func (c *check) refused(ctx context.Context, list []target.Target) ([]string, error) {
	codes := make([]string, len(list))
	places := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i, t := range list {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			_, err := c.Roles.AssumeRole(ctx, &sts.AssumeRoleInput{
				RoleArn: &t.Role, ExternalId: &t.ExternalID, RoleSessionName: aws.String(target.CommandSession),
			})
			if err != nil {
				codes[i] = cmp.Or(codeOf(err), "no answer")
			}
		})
	}
	wg.Wait()
	var refused []string
	for i, code := range codes {
		if code != "" {
			refused = append(refused, list[i].Role+" ("+code+")")
		}
	}
	return refused, ctx.Err()
}
