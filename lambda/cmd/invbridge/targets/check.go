// Package targets shows the accounts and regions beside the installation's own: what is known of each, and whether it can be reached. It does not
// know how they are served.
package targets

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
	"github.com/inventory-bridge/inventory-bridge/lambda/target/assume"
)

const (
	// atOnce is how many targets are asked at the same time.
	atOnce = 16

	// page is how many nodes an answer has at most.
	page = 50
)

// checked is what came out of asking a target.
type checked struct {
	Account string `json:"account"`
	Region  string `json:"region"`
	Role    string `json:"role"`
	Nodes   int    `json:"nodes"`          // of the first page
	More    bool   `json:"more,omitempty"` // there are others
	Code    string `json:"code,omitempty"` // that stands in the way
	Wrong   string `json:"wrong,omitempty"`
	Do      string `json:"do,omitempty"`
}

// Check assumes each role and asks for a page of the nodes there.
func Check(ctx context.Context, s *session.Session, out *output.Lines, _ []string) error {
	list, err := s.Others(ctx)
	if err != nil {
		return err
	}
	roles, err := s.Roles(ctx)
	if err != nil {
		return err
	}
	wrong := 0
	for _, c := range checkAll(ctx, roles, list) {
		if c.Code != "" {
			wrong++
		}
		out.Print(c, c.text())
	}
	out.Summary(map[string]int{"targets": len(list), "unreachable": wrong})
	out.Text("%s, %d of them cannot be reached\n", output.Plural(len(list), "target"), wrong)
	if wrong > 0 {
		return session.ErrPartial
	}
	return nil
}

// checkAll asks all targets, some at once, and returns what came out in their order.
func checkAll(ctx context.Context, roles *assume.Roles, list []target.Target) []checked {
	all := make([]checked, len(list))
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(atOnce, len(list)) {
		wg.Go(func() {
			for i := range next {
				all[i] = check(ctx, roles, list[i])
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	wg.Wait()
	return all
}

func check(ctx context.Context, roles *assume.Roles, t target.Target) checked {
	c := checked{Account: t.Account, Region: t.Region, Role: t.Role}
	answer, err := roles.Client(t).DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{MaxResults: new(int32(page))})
	if err != nil {
		_, c.Code = fault.Of(err)
		c.Wrong, c.Do = meaning(err)
		return c
	}
	c.Nodes, c.More = len(answer.InstanceInformationList), answer.NextToken != nil && *answer.NextToken != ""
	return c
}

func (c checked) text() string {
	where := c.Account + "/" + c.Region + ": "
	switch {
	case c.Code != "":
		return fmt.Sprintf("%s%s (%s): %s", where, c.Wrong, c.Code, c.Do)
	case c.More:
		return fmt.Sprintf("%s%s and more", where, output.Plural(c.Nodes, "node"))
	}
	return where + output.Plural(c.Nodes, "node")
}

// meaning returns what is wrong where a target cannot be reached, and what to do about it.
func meaning(err error) (wrong, do string) {
	class, code := fault.Of(err)
	code, assuming := strings.CutPrefix(code, "AssumeRole.")
	switch {
	case class == fault.Throttled || class == fault.Retry:
		return "it does not answer", "try again later"
	case assuming && strings.HasPrefix(code, "AccessDenied"):
		return "the role cannot be assumed", "deploy the target's template in this account, compare its external ID and the roles that it trusts with the file's, and let the caller assume the role; an account that is suspended refuses, too"
	case assuming && code == "RegionDisabledException":
		return "the region is off in the account", "turn it on there, or remove the target from the file"
	case assuming && code == "ValidationError":
		return "the role is none", "compare role in the file with the ARN of the role there"
	case assuming:
		return "the caller's own credentials are refused", "renew them"
	case class == fault.Denied:
		return "the role may not list nodes", "deploy the target's template again; a policy of the organization may deny it, too"
	case class == fault.Halt:
		return "the region is off in the account, or the role was deleted a moment ago", "turn the region on there, or remove the target from the file"
	}
	return "the call is refused", "see what the code means in Systems Manager's reference"
}
