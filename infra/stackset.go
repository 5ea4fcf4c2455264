package main

import (
	"bytes"
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// describeRoles makes the template that the stack spreads, where it is to make the targets' roles.
func (b *bundle) describeRoles(p settings.Props) error {
	if b.targets == nil || b.targets.Organization == nil || p.StackSet == "none" {
		return nil
	}
	text, err := targetTemplate(p, b)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := json.Compact(&body, text); err != nil {
		return err
	}
	b.roles = body.String()
	return nil
}

// addStackSet makes the targets' roles in the accounts below the organization's units, where the stack is to make them. A role is an account's
// and not a region's, so there is one stack an account. An account that leaves the units loses the role; what its nodes hold stays.
func (s *service) addStackSet() {
	if s.bundle.roles == "" {
		return
	}
	t := s.bundle.targets
	callAs := map[string]string{settings.WhoDelegated: "DELEGATED_ADMIN", settings.WhoManagement: "SELF"}[s.props.StackSet]
	awscdk.NewCfnStackSet(s.stack, new("TargetRoles"), &awscdk.CfnStackSetProps{
		StackSetName: new(s.name() + "-targets"), Description: new("Inventory Bridge: the role that it assumes, in each account whose nodes it serves"),
		PermissionModel: new("SERVICE_MANAGED"), CallAs: &callAs, Capabilities: texts("CAPABILITY_NAMED_IAM"), TemplateBody: &s.bundle.roles,
		AutoDeployment:   &awscdk.CfnStackSet_AutoDeploymentProperty{Enabled: new(true), RetainStacksOnAccountRemoval: new(false)},
		ManagedExecution: map[string]any{"Active": true}, // the CDK's own type writes it in lower case
		// An account that cannot have the role is one that cannot be reached, and no reason to take it from the others.
		OperationPreferences: &awscdk.CfnStackSet_OperationPreferencesProperty{FailureTolerancePercentage: new(100.0), MaxConcurrentPercentage: new(100.0)},
		Parameters: []any{
			parameter(bridgeAccount, *s.stack.Account()), parameter(bridgeRegion, *s.stack.Region()),
			parameter(bridgeName, s.name()), parameter(externalID, t.ExternalID),
		},
		StackInstancesGroup: []any{&awscdk.CfnStackSet_StackInstancesProperty{
			DeploymentTargets: &awscdk.CfnStackSet_DeploymentTargetsProperty{OrganizationalUnitIds: texts(t.Organization.Units...)},
			Regions:           texts(t.Organization.Regions[0]),
		}},
	})
}

func parameter(name, value string) *awscdk.CfnStackSet_ParameterProperty {
	return &awscdk.CfnStackSet_ParameterProperty{ParameterKey: &name, ParameterValue: &value}
}
