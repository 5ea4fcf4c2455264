package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// switched is a deployment with all that the other two have not.
func switched() settings.Props { return deployed("switched") }

// TestTakenUp keeps that buckets and a key which are there already are used as the stack's own would be, and that none is made beside them.
func TestTakenUp(t *testing.T) {
	p := stub()
	p.Producers = switched().Producers
	p.CustomerKey = true
	own, _ := synthesised(t, p)
	p.CustomerKey, p.Uploads, p.State, p.Key = false, switched().Uploads, switched().State, switched().Key
	taken, _ := synthesised(t, p)
	for _, kind := range []string{"AWS::S3::Bucket", "AWS::KMS::Key"} {
		if made := taken.of(kind); len(made) > 0 {
			t.Errorf("%v are made beside those that are there", made)
		}
	}
	// What names buckets and key names the other ones, and nothing else is different.
	names := strings.NewReplacer(
		"arn:AWS::Partition:s3:::"+p.Uploads, "Uploads", "arn:AWS::Partition:s3:::"+p.State, "State", p.Uploads, "Uploads", p.State, "State", p.Key, "Key")
	for id, before := range own.Resources {
		after, ok := taken.Resources[id]
		if !ok && before.Type != "AWS::S3::Bucket" && before.Type != "AWS::KMS::Key" {
			t.Errorf("%s is not made", id)
		}
		if ok && names.Replace(resolved(after.Properties)) != resolved(before.Properties) {
			t.Errorf("%s: %s", id, cmp.Diff(resolved(before.Properties), names.Replace(resolved(after.Properties))))
		}
	}
	for id := range taken.Resources {
		if _, ok := own.Resources[id]; !ok {
			t.Errorf("%s is made besides", id)
		}
	}
}

// TestOneTakenUp takes up each bucket alone.
func TestOneTakenUp(t *testing.T) {
	for made, set := range map[string]func(*settings.Props){
		"State":   func(p *settings.Props) { p.Uploads = "their-uploads" },
		"Uploads": func(p *settings.Props) { p.State = "their-state" },
	} {
		p := stub()
		set(&p)
		tmpl, _ := synthesised(t, p)
		if got := tmpl.of("AWS::S3::Bucket"); len(got) != 1 || got[0] != made {
			t.Errorf("%v are made, want %s", got, made)
		}
		if got := len(tmpl.of("AWS::S3::BucketPolicy")); got != 2 {
			t.Errorf("%d buckets have a policy", got)
		}
	}
}

func TestPreviousKey(t *testing.T) {
	p := stub()
	p.PreviousKey = switched().PreviousKey
	tmpl, _ := synthesised(t, p)
	for name, want := range map[string]bool{"IntakeRole": true, "DeliveryRole": true, "SweepRole": false} {
		policy := tmpl.one(t, name).at("Policies").([]any)[0].(map[string]any)["PolicyDocument"]
		var keys []string
		for _, s := range statements(policy) {
			if strings.HasPrefix(s, "kms:") {
				keys = append(keys, s)
			}
		}
		if got := slices.Contains(keys, "kms:Decrypt | "+p.PreviousKey); got != want || len(keys) > 1 {
			t.Errorf("%s: %v", name, keys)
		}
	}
}

func TestTracing(t *testing.T) {
	on, _ := synthesised(t, switched())
	off, _ := synthesised(t, stub())
	for _, name := range []string{"Intake", "Delivery"} {
		if on.one(t, name).at("TracingConfig.Mode") != "Active" || off.one(t, name).at("TracingConfig") != nil {
			t.Errorf("%s: traced %v, and %v without being asked for", name, on.one(t, name).at("TracingConfig"), off.one(t, name).at("TracingConfig"))
		}
		role := name + "Role"
		if got := resolved(on.one(t, role).at("Policies")); !strings.Contains(got, "xray:PutTraceSegments xray:PutTelemetryRecords") {
			t.Errorf("%s may not write traces", role)
		}
		if got := resolved(off.one(t, role).at("Policies")); strings.Contains(got, "xray:") {
			t.Errorf("%s may write traces without being asked for", role)
		}
	}
}

// TestCanary keeps that queues call the version that is live, and that a new one takes over step by step, unless the function's alarm goes off.
func TestCanary(t *testing.T) {
	tmpl, _ := synthesised(t, switched())
	for _, name := range []string{"Intake", "Delivery"} {
		alias := tmpl.one(t, name+"Live")
		if got := resolved([]any{alias.at("Name"), alias.at("FunctionName"), alias.at("FunctionVersion")}); !strings.HasPrefix(got, "live "+name+" "+name+"CurrentVersion") {
			t.Errorf("%s: %s", name, got)
		}
		if got := resolved(tmpl.one(t, name+"Source").at("FunctionName")); got != name+"Live" {
			t.Errorf("the queue of %s calls %s", name, got)
		}
		if got := resolved(alias.UpdatePolicy["CodeDeployLambdaAliasUpdate"]); got != "{ApplicationName=Canary DeploymentGroupName="+name+"Canary}" {
			t.Errorf("%s: %s", name, got)
		}
		group := tmpl.one(t, name+"Canary")
		if got := resolved([]any{group.at("DeploymentConfigName"), group.at("AlarmConfiguration.Alarms"), group.at("AlarmConfiguration.Enabled")}); got != "CodeDeployDefault.LambdaCanary10Percent5Minutes {Name="+name+"ErrorsAlarm} true" {
			t.Errorf("%s: %s", name, got)
		}
		if !strings.Contains(resolved(group.at("AutoRollbackConfiguration.Events")), "DEPLOYMENT_STOP_ON_ALARM") {
			t.Errorf("%s: the version before does not come back", name)
		}
	}
	want := []string{
		"lambda:GetAlias lambda:UpdateAlias lambda:GetProvisionedConcurrencyConfig | Intake Intake:live Delivery Delivery:live",
		"cloudwatch:DescribeAlarms | *",
	}
	if diff := cmp.Diff(want, statements(tmpl.one(t, "CanaryRole").at("Policies").([]any)[0].(map[string]any)["PolicyDocument"])); diff != "" {
		t.Error(diff)
	}
	bare, _ := synthesised(t, stub())
	for _, kind := range []string{"AWS::Lambda::Alias", "AWS::Lambda::Version", "AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup"} {
		if got := bare.of(kind); len(got) > 0 {
			t.Errorf("%v without being asked for", got)
		}
	}
}

// TestVersions keeps that there is a new version of a function where what it holds has changed, and only there: Lambda refuses one that is as
// the one before, and the deployment fails.
func TestVersions(t *testing.T) {
	versions := func(change func(*settings.Props)) string {
		p := switched()
		change(&p)
		tmpl, _ := synthesised(t, p)
		return strings.Join(tmpl.of("AWS::Lambda::Version"), " ")
	}
	before := versions(func(*settings.Props) {})
	for name, c := range map[string]struct {
		change func(*settings.Props)
		isNew  bool
	}{
		"tags":        {func(p *settings.Props) { p.Tags = settings.Tags{"owner": "operations"} }, false},
		"reservation": {func(p *settings.Props) { p.Delivery.Reserved = 5 }, false},
		"key":         {func(p *settings.Props) { p.Key = p.PreviousKey[:len(p.PreviousKey)-1] + "9" }, true},
		"variable":    {func(p *settings.Props) { p.Partitions = 128 }, true},
		"memory":      {func(p *settings.Props) { p.Intake.MemoryMiB, p.Delivery.MemoryMiB = 2048, 2048 }, true},
	} {
		if got := versions(c.change); (got != before) != c.isNew {
			t.Errorf("%s: %s became %s", name, before, got)
		}
	}
}

// TestSenders keeps who else may send to the stack's own bus, and that the rule lets through what they send. Findings stay the account's own.
func TestSenders(t *testing.T) {
	const source = "source={anything-but=inventory-bridge}}"
	if both, _ := synthesised(t, switched()); !slices.Contains(both.one(t, "Organization").DependsOn, "Senders") {
		t.Error("both policies are made at a time, which the bus refuses")
	}
	for name, c := range map[string]struct {
		senders      []string
		organization string
		statements   []string
		pattern      string
	}{
		"nobody": {nil, "", nil, "{account=AWS::AccountId " + source},
		"accounts": {
			[]string{"222233334444", "333344445555"},
			"",
			[]string{"{Action=events:PutEvents Effect=Allow Principal={AWS=arn:AWS::Partition:iam::222233334444:root arn:AWS::Partition:iam::333344445555:root} Resource=Bus Sid=Senders}"},
			"{account=AWS::AccountId 222233334444 333344445555 " + source,
		},
		"an organisation": {
			nil, "o-abcdefghij",
			[]string{"{Action=events:PutEvents Condition={StringEquals={aws:PrincipalOrgID=o-abcdefghij}} Effect=Allow Principal=* Resource=Bus Sid=Organization}"},
			"{" + source,
		},
	} {
		p := stub()
		p.Findings, p.Senders, p.Organization = true, c.senders, c.organization
		tmpl, _ := synthesised(t, p)
		var got []string
		for _, id := range tmpl.of("AWS::Events::EventBusPolicy") {
			if bus := resolved(tmpl.Resources[id].at("EventBusName")); bus != "Bus" {
				t.Errorf("%s: the policy of %s", name, bus)
			}
			got = append(got, resolved(tmpl.Resources[id].at("Statement")))
		}
		if diff := cmp.Diff(c.statements, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got := resolved(tmpl.one(t, "EventsRule").at("EventPattern")); got != c.pattern {
			t.Errorf("%s: %s", name, got)
		}
		if got := resolved(tmpl.one(t, "FindingsRule").at("EventPattern.account")); got != "AWS::AccountId" {
			t.Errorf("%s: findings of %s", name, got)
		}
	}
}
