package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// serving is a deployment with these targets.
func serving(t *testing.T, targets string) settings.Props {
	t.Helper()
	p := stub()
	p.Targets = filepath.Join(t.TempDir(), "targets.yaml")
	if err := os.WriteFile(p.Targets, []byte(targets), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// targetOf is the template of a target as `make target` writes it.
func targetOf(t *testing.T, p settings.Props) (tmpl template, text []byte) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "new", "target.template.json")
	if err := writeTarget(p, name); err != nil {
		t.Fatal(err)
	}
	text = testfiles.Read(t, name)
	if err := json.Unmarshal(text, &tmpl); err != nil {
		t.Fatal(err)
	}
	return tmpl, text
}

// TestTargetRole keeps who is the role in a target, and what it may, written out.
func TestTargetRole(t *testing.T) {
	tmpl, text := targetOf(t, everything())
	testfiles.Golden(t, "testdata/targets/target.golden.txt", summary(t, text))
	role := tmpl.one(t, "Role")
	account := "{AWS=arn:AWS::Partition:iam::BridgeAccount:root} | sts:AssumeRole | "
	session := func(id, name string) string {
		return account + "{ArnEquals={aws:PrincipalArn=arn:AWS::Partition:iam::BridgeAccount:role/BridgeName-BridgeRegion-" + id + "} " +
			"StringEquals={sts:ExternalId=ExternalId sts:RoleSessionName=invbridge-BridgeName-" + name + "}}"
	}
	want := []string{
		session("Intake", "intake"), session("Delivery", "delivery"),
		account + "{ArnEquals={aws:PrincipalArn=arn:aws:iam::111122223333:role/operators} StringEquals={sts:ExternalId=ExternalId}}",
	}
	if diff := cmp.Diff(want, statements(role.at("AssumeRolePolicyDocument"))); diff != "" {
		t.Error("who is the role:", diff)
	}
	stack, _ := synthesised(t, everything())
	puts := statements(stack.one(t, "DeliveryRole").at("Policies").([]any)[0].(map[string]any)["PolicyDocument"])
	_, types, _ := strings.Cut(strings.Join(puts, "\n"), "InventoryTypeName=")
	types, _, _ = strings.Cut(types, "}")
	want = []string{
		"ssm:DescribeInstanceInformation ssm:GetInventory | *",
		"ssm:GetInventorySchema ssm:ListInventoryEntries | * | {StringLike={aws:userid=*:invbridge-BridgeName-delivery *:invbridge-command}}",
		"ssm:PutInventory | * | {ForAllValues:StringEquals={ssm:InventoryTypeName=" + types + "} Null={ssm:InventoryTypeName=false} StringLike={aws:userid=*:invbridge-BridgeName-delivery *:invbridge-command}}",
	}
	policies := role.at("Policies").([]any)
	if diff := cmp.Diff(want, statements(policies[0].(map[string]any)["PolicyDocument"])); diff != "" || len(policies) != 1 || role.at("ManagedPolicyArns") != nil {
		t.Error("what the role may:", diff)
	}
	if !strings.Contains(types, "Custom:BackupJob") || len(tmpl.Resources) != 1 || role.at("RoleName") != "InventoryBridgeTarget" {
		t.Errorf("types %s; %d resources; the name %v", types, len(tmpl.Resources), role.at("RoleName"))
	}
	alone, _ := targetOf(t, serving(t, "externalId: ab\ntargets: [{account: '222233334444', region: eu-central-1}]\n"))
	if n := len(statements(alone.one(t, "Role").at("AssumeRolePolicyDocument"))); n != 2 {
		t.Errorf("%d may be the role where no operators are named", n)
	}
	if may := fmt.Sprint(statements(alone.one(t, "Role").at("Policies").([]any)[0].(map[string]any)["PolicyDocument"])); !strings.Contains(may, "{aws:userid=*:invbridge-BridgeName-delivery}") {
		t.Errorf("others than delivery put where no operators are named: %s", may)
	}
}

// TestTargetsTrustTheFunctions: the names that the target's role trusts are those of the functions' roles.
func TestTargetsTrustTheFunctions(t *testing.T) {
	tmpl, _ := synthesised(t, everything())
	for _, id := range []string{"Intake", "Delivery"} {
		if got, want := resolved(tmpl.one(t, id+"Role").at("RoleName")), "InventoryBridge-AWS::Region-"+id; got != want {
			t.Errorf("the role of %s is called %s, not %s", id, got, want)
		}
		if got := resolved(tmpl.one(t, id).at("Environment.Variables.INVBRIDGE_TARGETS")); got != "targets.yaml" {
			t.Errorf("%s reads its targets from %q", id, got)
		}
	}
	var given []string
	for _, p := range tmpl.one(t, "TargetRoles").at("Parameters").([]any) {
		given = append(given, resolved(p))
	}
	if diff := cmp.Diff([]string{
		"{ParameterKey=BridgeAccount ParameterValue=AWS::AccountId}", "{ParameterKey=BridgeRegion ParameterValue=AWS::Region}",
		"{ParameterKey=BridgeName ParameterValue=InventoryBridge}", "{ParameterKey=ExternalId ParameterValue=invbridge-8c1f}",
	}, given); diff != "" {
		t.Error(diff)
	}
	if bare, _ := synthesised(t, stub()); bare.one(t, "IntakeRole").at("RoleName") != nil || bare.one(t, "Intake").at("Environment.Variables.INVBRIDGE_TARGETS") != nil {
		t.Error("a stack without targets has something of them")
	}
}

// TestStackSet keeps where the stack makes the roles: what is made there is what `make target` writes.
func TestStackSet(t *testing.T) {
	const units = "externalId: ab\norganization: {units: [ou-ab12-11111111], regions: [eu-west-1, us-east-1]}\n"
	const list = "externalId: ab\ntargets: [{account: '222233334444', region: eu-central-1}]\n"
	for _, c := range []struct{ name, targets, who, callAs string }{
		{"by a delegated administrator", units, "delegated", "DELEGATED_ADMIN"},
		{"in the management account", units, "management", "SELF"},
		{"by others", units, "none", ""},
		{"without an organization", list, "delegated", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := serving(t, c.targets)
			p.StackSet = c.who
			tmpl, _ := synthesised(t, p)
			if c.callAs == "" {
				if got := tmpl.of("AWS::CloudFormation::StackSet"); len(got) > 0 {
					t.Errorf("there are %v", got)
				}
				return
			}
			set := tmpl.one(t, "TargetRoles")
			got := resolved([]any{set.at("PermissionModel"), set.at("CallAs"), set.at("AutoDeployment"), set.at("StackInstancesGroup"), set.at("Capabilities")})
			if want := "SERVICE_MANAGED " + c.callAs + " {Enabled=true RetainStacksOnAccountRemoval=false} " +
				"{DeploymentTargets={OrganizationalUnitIds=ou-ab12-11111111} Regions=eu-west-1} CAPABILITY_NAMED_IAM"; got != want {
				t.Error(got)
			}
			_, text := targetOf(t, p)
			var body bytes.Buffer
			if err := json.Compact(&body, text); err != nil {
				t.Fatal(err)
			}
			if made := set.at("TemplateBody"); made != body.String() || body.Len() > 51200 {
				t.Errorf("another template of %d bytes: %s", body.Len(), made)
			}
		})
	}
}

// TestManyTargets: as many roles as a file may list have room in the policy of each function's role, and no role but theirs may be assumed.
func TestManyTargets(t *testing.T) {
	text := "externalId: ab\ntargets:\n"
	for i := range 300 {
		for _, region := range []string{"eu-central-1", "us-east-1"} {
			text += fmt.Sprintf("  - {account: '%012d', region: %s}\n", 100000000000+i, region)
		}
	}
	p := serving(t, text)
	p.Consumers, p.Tracing, p.CustomerKey = true, true, true
	tmpl, _ := synthesised(t, p)
	for _, name := range []string{"IntakeRole", "DeliveryRole"} {
		document := tmpl.one(t, name).at("Policies").([]any)[0].(map[string]any)["PolicyDocument"]
		policy, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		const most = 10240 // characters of the policies of a role
		if len(policy) > most {
			t.Errorf("%s: %d characters", name, len(policy))
		}
		var assumed []string
		for _, line := range statements(document) {
			if strings.HasPrefix(line, "sts:AssumeRole ") {
				assumed = append(assumed, line)
			}
		}
		if len(assumed) != 1 || !strings.HasPrefix(assumed[0], "sts:AssumeRole | arn:aws:iam::*:role/InventoryBridgeTarget | {StringEquals={aws:ResourceAccount=100000000000 100000000001 ") ||
			!strings.HasSuffix(assumed[0], " 100000000299}}") {
			t.Errorf("%s: %v", name, assumed)
		}
	}
	p = serving(t, text+"  - {account: '999999999999', region: eu-central-1}\n")
	if _, err := newBundle(p); err == nil || !strings.Contains(err.Error(), "targets.yaml:603:5: /targets/600: more than 300 roles") {
		t.Errorf("one too many: %v", err)
	}
}

// TestOrganizationID: with the organization's ID only its accounts' roles may be assumed, and only its units asked for.
func TestOrganizationID(t *testing.T) {
	p := everything()
	p.Organization = "o-abcdefghij"
	tmpl, _ := synthesised(t, p)
	lines := statements(tmpl.one(t, "DeliveryRole").at("Policies").([]any)[0].(map[string]any)["PolicyDocument"])
	want := []string{
		"organizations:ListAccountsForParent organizations:ListOrganizationalUnitsForParent | arn:aws:organizations::*:ou/o-abcdefghij/ou-ab12-* " +
			"arn:aws:organizations::*:root/o-abcdefghij/r-cd34 arn:aws:organizations::*:ou/o-abcdefghij/ou-cd34-*",
		"sts:AssumeRole | arn:aws:iam::*:role/InventoryBridgeTarget | {ForAnyValue:StringLike={aws:ResourceOrgPaths=o-abcdefghij/*/ou-ab12-11111111/* o-abcdefghij/r-cd34/*} " +
			"StringEquals={aws:ResourceOrgID=o-abcdefghij}}",
	}
	if diff := cmp.Diff(want, lines[len(lines)-2:]); diff != "" {
		t.Error(diff)
	}
}

// TestTargetsThatAreWrong keeps that what is wrong ends the synthesis, with its place in the file.
func TestTargetsThatAreWrong(t *testing.T) {
	const head = "externalId: ab\ntargets:\n  - "
	for _, c := range []struct{ name, text, region, want string }{
		{"no file", "", "", "cannot be read: name a file that is there, or leave it out"},
		{"twice", head + "{account: '222233334444', region: us-east-1}\n  - {account: '222233334444', region: us-east-1}\n", "", "targets.yaml:4:5: /targets/1: the target is given twice, first in line 3"},
		{"another partition", head + "{account: '222233334444', region: cn-north-1}\n", "eu-central-1", "targets.yaml:3:39: /targets/0/region: the region is of the partition aws-cn, and eu-central-1 is of aws"},
		{
			"two partitions", head + "{account: '222233334444', region: us-east-1}\n  - {account: '222233334444', region: us-gov-west-1}\n", "",
			"targets.yaml:4:39: /targets/1/region: the region is of the partition aws-us-gov, and us-east-1 is of aws",
		},
		{"a region of the organization", "externalId: ab\norganization: {units: [r-ab12], regions: [us-east-1, cn-north-1]}\n", "", "targets.yaml:2:54: /organization/regions/1: the region is of the partition aws-cn"},
		{"a role of another partition", head + "{account: '222233334444', region: us-east-1, role: 'arn:aws-cn:iam::222233334444:role/A'}\n", "", "targets.yaml:3:56: /targets/0/role: the role is of another partition than the region"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := serving(t, c.text)
			p.Region = c.region
			if c.text == "" {
				p.Targets += ".not"
			}
			_, err := newBundle(p)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
			if err := writeTarget(p, filepath.Join(t.TempDir(), "t.json")); err == nil {
				t.Error("a template of it")
			}
		})
	}
	p := serving(t, head+"{account: '222233334444', region: us-east-1}\n  - {account: '333344445555', region: us-east-1}\n")
	p.Account, p.Region = "222233334444", "us-east-1"
	tmpl, _ := synthesised(t, p)
	if all := fmt.Sprint(statements(tmpl.one(t, "IntakeRole").at("Policies").([]any)[0].(map[string]any)["PolicyDocument"])); strings.Contains(all, "222233334444") {
		t.Errorf("the stack's own account and region needs a role: %s", all)
	}
	if err := writeTarget(stub(), filepath.Join(t.TempDir(), "t.json")); err == nil || !strings.Contains(err.Error(), "targets is not set") {
		t.Errorf("a target of nothing: %v", err)
	}
}

// TestTargetsExampleInReadme: the example of a file of targets is one.
func TestTargetsExampleInReadme(t *testing.T) {
	_, rest, ok := strings.Cut(string(testfiles.Read(t, "README.md")), "```yaml\nexternalId:")
	example, _, closed := strings.Cut(rest, "```\n")
	b, err := described(serving(t, "externalId:"+example))
	if err != nil || !ok || !closed {
		t.Fatal(err, ok, closed)
	}
	if f := b.targets; len(f.Targets) != 2 || f.Targets[1].Rate != 0.5 || len(f.Organization.Regions) != 2 {
		t.Errorf("%+v", f)
	}
}

// TestTargetNag asks the rules of the AWS Solutions Library about the target's role.
func TestTargetNag(t *testing.T) {
	b, err := described(everything())
	if err != nil {
		t.Fatal(err)
	}
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: new(t.TempDir()), AnalyticsReporting: new(false)})
	stack := newTargetStack(app, everything(), b)
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Verbose: new(true)}), nil)
	app.Synth(nil)
	lines := report(t, *app.Outdir(), *stack.StackName())
	for _, line := range lines {
		if verdict, why := line[2], line[3]; verdict != "Compliant" && (verdict != "Suppressed" || len(why) < 40) {
			t.Errorf("%s at %s: %s: %s", line[0], line[1], verdict, why)
		}
	}
	if len(lines) < 2 {
		t.Errorf("%d answers: the rules were not asked", len(lines))
	}
}
