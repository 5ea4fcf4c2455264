package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// noFinerThere is why the target's role has a wildcard.
const noFinerThere = "The actions of Systems Manager that are used have no finer resource than *, and PutInventory is bound to the types of the bundle and to sessions by their names, by conditions"

// trustedByCondition is why the target's role trusts an account.
const trustedByCondition = "The account is bound to two roles by aws:PrincipalArn: as principals IAM would keep their IDs, and trust them no longer when they are made anew"

// The parameters of a target's template, which say where the installation is.
const (
	bridgeAccount = "BridgeAccount"
	bridgeRegion  = "BridgeRegion"
	bridgeName    = "BridgeName"
	externalID    = "ExternalId"
)

// newTargetStack makes what an account needs whose nodes are served: the role that the functions assume, and nothing else.
func newTargetStack(scope constructs.Construct, p settings.Props, b *bundle) awscdk.Stack {
	stack := awscdk.NewStack(scope, new(p.Name+"Target"), &awscdk.StackProps{
		Description: new("Inventory Bridge: the role that an installation of another account assumes to list managed nodes, and to put their inventory"),
		Synthesizer: awscdk.NewLegacyStackSynthesizer(), // it needs nothing of what `cdk bootstrap` makes
	})
	there := map[string]string{}
	for _, in := range []struct{ name, unset, pattern, about string }{
		{bridgeAccount, p.Account, `^\d{12}$`, "account of the installation, twelve digits"},
		{bridgeRegion, p.Region, `^[a-z]{2}(-[a-z]+)+-\d$`, "region of the installation"},
		{bridgeName, p.Name, `^[A-Za-z][A-Za-z0-9-]{0,39}$`, "name of the installation's stack"},
		{externalID, b.targets.ExternalID, `^[\w+=,.@:/-]{2,1000}$`, "externalId of the file of targets"},
	} {
		given := &awscdk.CfnParameterProps{AllowedPattern: &in.pattern, Description: &in.about}
		if in.unset != "" {
			given.Default = &in.unset
		}
		there[in.name] = *awscdk.NewCfnParameter(stack, &in.name, given).ValueAsString()
	}
	role := awsiam.NewCfnRole(stack, new("Role"), &awsiam.CfnRoleProps{
		RoleName: &b.targets.Role, Description: new("Inventory Bridge lists managed nodes and puts their inventory"),
		AssumeRolePolicyDocument: document(trustOf(there, *stack.Partition(), p.Operators)),
		Policies:                 &[]any{&awsiam.CfnRole_PolicyProperty{PolicyName: new("exactly"), PolicyDocument: document(mayThere(b, there, p.Operators))}},
	})
	reasoned(role, reason{"AwsSolutions-IAM5", noFinerThere}, reason{"CKV_AWS_111", noFinerThere}, reason{"CKV_AWS_61", trustedByCondition})
	awscdk.NewCfnOutput(stack, new("RoleArn"), &awscdk.CfnOutputProps{Value: role.AttrArn(), Description: new("role that the installation assumes")})
	return stack
}

// trustOf lets the two functions' roles assume the target's, each in sessions of its own name, and operators where there are any.
func trustOf(there map[string]string, partition string, operators []string) []grant {
	external := map[string]any{"sts:ExternalId": there[externalID]}
	var list []grant
	for _, f := range []struct{ id, part string }{{"Intake", "intake"}, {"Delivery", "delivery"}} {
		role := "arn:" + partition + ":iam::" + there[bridgeAccount] + ":role/" + roleName(there[bridgeName], there[bridgeRegion], f.id)
		list = append(list, grant{account: there[bridgeAccount], actions: []string{"sts:AssumeRole"}, when: map[string]any{
			"ArnEquals":    map[string]any{"aws:PrincipalArn": role},
			"StringEquals": map[string]any{"sts:ExternalId": there[externalID], "sts:RoleSessionName": target.Session(there[bridgeName], f.part)},
		}})
	}
	if len(operators) > 0 {
		list = append(list, grant{account: there[bridgeAccount], actions: []string{"sts:AssumeRole"}, when: map[string]any{
			"ArnEquals": map[string]any{"aws:PrincipalArn": operators}, "StringEquals": external,
		}})
	}
	return list
}

// mayThere is what the functions may do in a target: what they may at home. Sessions are known by their names: intake's put nothing.
func mayThere(b *bundle, there map[string]string, operators []string) []grant {
	delivers := []string{"*:" + target.Session(there[bridgeName], "delivery")}
	if len(operators) > 0 {
		delivers = append(delivers, "*:"+target.CommandSession)
	}
	session := map[string]any{"aws:userid": delivers}
	return []grant{
		{actions: listingActions(), everywhere: noFiner},
		{actions: comparingActions(), everywhere: noFiner, when: map[string]any{"StringLike": session}},
		{actions: []string{"ssm:PutInventory"}, everywhere: noFiner, when: map[string]any{
			"ForAllValues:StringEquals": map[string]any{"ssm:InventoryTypeName": b.puts()},
			"Null":                      map[string]any{"ssm:InventoryTypeName": "false"}, // as for delivery's role
			"StringLike":                session,
		}},
	}
}

// document makes a policy of statements.
func document(grants []grant) awsiam.PolicyDocument {
	statements := make([]awsiam.PolicyStatement, len(grants))
	for i, g := range grants {
		statements[i] = statement(g)
	}
	return awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements})
}

// targetTemplate is the template of a target.
func targetTemplate(p settings.Props, b *bundle) ([]byte, error) {
	return templateOf(func(app awscdk.App) awscdk.Stack { return newTargetStack(app, p, b) })
}

// writeTarget writes the template of a target.
func writeTarget(p settings.Props, path string) error {
	if p.Targets == "" {
		return errors.New("targets is not set: it names the file of accounts and regions (infra/README.md has an example)")
	}
	b, err := described(p)
	if err != nil {
		return err
	}
	text, err := targetTemplate(p, b)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o755) //nolint:gosec // a file to hand on
	}
	if err == nil {
		err = publish(filepath.Dir(path), filepath.Base(path), append(text, '\n'))
	}
	return err
}

// templateOf synthesises the template of a stack by itself.
func templateOf(newStack func(awscdk.App) awscdk.Stack) ([]byte, error) {
	dir, err := os.MkdirTemp("", "inventory-bridge-")
	if err != nil {
		return nil, err
	}
	app := awscdk.NewApp(&awscdk.AppProps{
		Outdir: &dir, AnalyticsReporting: new(false), TreeMetadata: new(false),
		Context: &map[string]any{"aws:cdk:disable-stack-trace": true, "aws:cdk:enable-path-metadata": false}, // which nobody reads here
	})
	stack := newStack(app)
	text, err := json.MarshalIndent(app.Synth(nil).GetStackByName(stack.StackName()).Template(), "", " ")
	return text, errors.Join(err, os.RemoveAll(dir))
}
