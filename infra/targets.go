package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/infra/targets"
	"github.com/inventory-bridge/inventory-bridge/lambda/config"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// targetsFile is the file of targets beside the program, and the functions' setting for it.
const targetsFile = "targets.yaml"

// assumedNames is why rights on roles of targets have a wildcard.
const assumedNames = ". Roles of targets have one name in all accounts: where a statement does not list them, it lists the accounts, or binds them to units of the organization"

// readTargets reads the file of targets, where there is one.
func (b *bundle) readTargets(p settings.Props) (err error) {
	if p.Targets == "" {
		return nil
	}
	b.targets, err = targets.Read(p.Targets, target.Key{Account: p.Account, Region: p.Region})
	if err != nil {
		return fmt.Errorf("the file of targets is wrong:\n%w", err)
	}
	b.contents["Targets"] = short(fmt.Sprintf("%x", sha256.Sum256(b.targets.Text)))
	return nil
}

// targetsName is the functions' setting of the file of targets.
func (b *bundle) targetsName() string {
	if b.targets == nil {
		return ""
	}
	return targetsFile
}

// copyTargets puts the file of targets beside the program.
func (b *bundle) copyTargets() error {
	if b.targets == nil {
		return nil
	}
	return os.WriteFile(filepath.Join(b.dir, targetsFile), b.targets.Text, 0o644) //nolint:gosec // the function's user is another one
}

// nameRole gives the role of a function a name of its own, which roles of other accounts trust: by its ARN, also before it is made, and when it is
// made anew. Of a principal of a policy IAM keeps the ID, which another role of the same name does not have, and it refuses one that is not there.
func (s *service) nameRole(role awsiam.Role, id string) {
	role.Node().DefaultChild().(awsiam.CfnRole).SetRoleName(new(roleName(s.name(), *s.stack.Region(), id))) //nolint:errcheck // that is what a Role is made of
}

// roleName is the name of a function's role, where there are targets.
func roleName(stack, region, id string) string { return stack + "-" + region + "-" + id }

// targetGrants let a function reach the targets, and know what the sweep knows of them; where there are none, they are none. Only delivery writes
// that.
func (s *service) targetGrants(delivers bool) []grant {
	t := s.bundle.targets
	if t == nil {
		return nil
	}
	known := under(*s.state.BucketArn(), "targets.json", "directory/*")
	grants := []grant{{actions: []string{"s3:GetObject"}, resources: known}}
	if delivers {
		known = append(known, under(*s.state.BucketArn(), "types/*")...)
		grants = []grant{{actions: []string{"s3:GetObject", "s3:PutObject"}, resources: known}}
	}
	for _, roles := range t.Roles() {
		g := grant{actions: []string{"sts:AssumeRole"}, resources: roles.ARNs}
		if roles.Accounts != nil {
			g.when = equals(map[string]any{"aws:ResourceAccount": roles.Accounts})
		}
		grants = append(grants, g)
	}
	if t.Organization == nil {
		return grants
	}
	if delivers {
		grants = append(grants, grant{
			actions:   []string{"organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"},
			resources: t.Parents(s.props.Organization),
		})
	}
	return append(grants, grant{actions: []string{"sts:AssumeRole"}, resources: []string{t.OrganizationRole()}, when: s.inUnits()})
}

// inUnits is the condition that an account stands below the units, and in the organization where that is set.
func (s *service) inUnits() map[string]any {
	when := map[string]any{}
	if s.props.Organization != "" {
		when = equals(map[string]any{"aws:ResourceOrgID": s.props.Organization})
	}
	when["ForAnyValue:StringLike"] = map[string]any{"aws:ResourceOrgPaths": s.bundle.targets.Paths(s.props.Organization)}
	return when
}

// targetAlarms are about targets, where there are any.
func (s *service) targetAlarms() []alarm {
	if s.bundle.targets == nil {
		return nil
	}
	return []alarm{s.newAlarm("UnreachableTargets", "Accounts or regions that are served could not be listed for two hours: what their nodes hold stays, and what is for them waits",
		"invbridge target list shows which, since when and why, and invbridge target check what to do about each", 2,
		s.own(config.MetricUnreachable, every(hour, "Maximum")))}
}
