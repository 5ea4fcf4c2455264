package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/config"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal/bus"
)

// TestWhatHoldsData keeps IDs by which CloudFormation knows what must never be made anew, and that it stays when the stack goes.
func TestWhatHoldsData(t *testing.T) {
	tmpl, _ := synthesised(t, everything())
	for id, kind := range map[string]string{"Uploads": "AWS::S3::Bucket", "State": "AWS::S3::Bucket", "Key": "AWS::KMS::Key"} {
		if r := tmpl.Resources[id]; r.Type != kind || r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
			t.Errorf("%s: %s, %s when removed, %s when replaced", id, r.Type, r.DeletionPolicy, r.UpdateReplacePolicy)
		}
	}
	if n := len(tmpl.of("AWS::S3::Bucket")); n != 2 {
		t.Errorf("there are %d buckets", n)
	}
}

func TestBuckets(t *testing.T) {
	for name, p := range map[string]settings.Props{"AWS's key": stub(), "own key": everything()} {
		tmpl, _ := synthesised(t, p)
		for _, id := range tmpl.of("AWS::S3::Bucket") {
			b := tmpl.Resources[id]
			for _, open := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
				if b.at("PublicAccessBlockConfiguration."+open) != true {
					t.Errorf("%s, %s: %s is off", name, id, open)
				}
			}
			encryption := resolved(b.at("BucketEncryption.ServerSideEncryptionConfiguration"))
			if !strings.Contains(encryption, "BucketKeyEnabled=true") || !strings.Contains(encryption, "aws:kms") ||
				strings.Contains(encryption, "KMSMasterKeyID=Key") != p.CustomerKey {
				t.Errorf("%s, %s: encryption %s", name, id, encryption)
			}
			if b.at("VersioningConfiguration.Status") != "Enabled" {
				t.Errorf("%s, %s is not versioned", name, id)
			}
		}
	}
	tmpl, _ := synthesised(t, stub())
	if tmpl.Resources["Uploads"].at("NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled") != true {
		t.Error("uploads tell nobody of themselves")
	}
	if tmpl.Resources["State"].at("NotificationConfiguration") != nil {
		t.Error("what we write ourselves calls us")
	}
	const want = "{AbortIncompleteMultipartUpload={DaysAfterInitiation=7} ExpiredObjectDeleteMarker=true Id=history NoncurrentVersionExpiration={NoncurrentDays=30} Status=Enabled}"
	rules := "{ExpirationInDays=28 Id=old-staging Prefix=staging/ Status=Enabled} {ExpirationInDays=90 Id=old-rejected Prefix=rejected/ Status=Enabled} " +
		"{ExpirationInDays=400 Id=old-receipts Prefix=receipts/ Status=Enabled} " + want
	if diff := cmp.Diff(rules, resolved(tmpl.Resources["State"].at("LifecycleConfiguration.Rules"))); diff != "" {
		t.Error(diff)
	}
}

// TestNothingHidden counts what runs code: two functions, and nothing that a construct brought along.
func TestNothingHidden(t *testing.T) {
	for _, p := range []settings.Props{stub(), everything()} {
		tmpl, text := synthesised(t, p)
		if got := len(tmpl.of("AWS::Lambda::Function")); got != 2 {
			t.Errorf("there are %d functions", got)
		}
		if regexp.MustCompile(`"Custom::|CustomResource`).Match(text) {
			t.Error("there is a custom resource")
		}
	}
}

func TestFunctions(t *testing.T) {
	p := stub()
	p.Rate = 0.5
	tmpl, _ := synthesised(t, p)
	for name, want := range map[string]struct {
		memory, ephemeral, timeout, concurrency float64
		settings                                config.Settings
	}{
		"Intake": {1024, 4096, 900, 5, config.Settings{
			Role: "intake", State: "s3://State", Uploads: []string{"Uploads"}, Partitions: 64, Queue: "Deliveries", Bus: "Bus", Metrics: true, Stack: "InventoryBridge",
		}},
		"Delivery": {512, 512, 180, 2, config.Settings{
			Role: "delivery", State: "s3://State", Partitions: 64, Rate: 0.5, Concurrency: 2, Queue: "Deliveries", Bus: "Bus", Metrics: true, Stack: "InventoryBridge",
		}},
	} {
		f, source := tmpl.one(t, name), tmpl.one(t, name+"Source")
		got := []any{f.at("MemorySize"), f.at("EphemeralStorage.Size"), f.at("Timeout"), f.at("ReservedConcurrentExecutions"), source.at("ScalingConfig.MaximumConcurrency")}
		if diff := cmp.Diff([]any{want.memory, want.ephemeral, want.timeout, nil, want.concurrency}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got := resolved([]any{f.at("Runtime"), f.at("Architectures"), f.at("Handler"), source.at("FunctionResponseTypes"), source.at("BatchSize")}); got != "provided.al2023 arm64 bootstrap ReportBatchItemFailures 1" {
			t.Errorf("%s: %s", name, got)
		}
		if days := tmpl.one(t, name+"Logs").at("RetentionInDays"); days != 90.0 {
			t.Errorf("%s: logs are kept for %v days", name, days)
		}
		read, err := config.Read(func(variable string) string {
			if v := f.at("Environment.Variables." + variable); v != nil {
				return resolved(v)
			}
			return ""
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.settings, read); diff != "" {
			t.Errorf("%s reads other settings: %s", name, diff)
		}
	}
}

func TestQueues(t *testing.T) {
	for _, p := range []settings.Props{stub(), everything()} {
		tmpl, _ := synthesised(t, p)
		for name, want := range map[string]string{
			"Arriving": "ArrivingDead 5 960", "Deliveries": "DeliveriesDead 10 1080 true true",
		} {
			q := tmpl.one(t, name)
			got := []any{q.at("RedrivePolicy.deadLetterTargetArn"), q.at("RedrivePolicy.maxReceiveCount"), q.at("VisibilityTimeout")}
			if q.at("FifoQueue") != nil {
				got = append(got, q.at("FifoQueue"), q.at("ContentBasedDeduplication"))
			}
			if resolved(got) != want {
				t.Errorf("%s: %s, want %s", name, resolved(got), want)
			}
		}
		for _, id := range tmpl.of("AWS::SQS::Queue") {
			q := tmpl.Resources[id]
			if q.at("MessageRetentionPeriod") != 14*86400.0 || q.at("SqsManagedSseEnabled") != true && q.at("KmsMasterKeyId") == nil {
				t.Errorf("%s forgets early, or is not encrypted", id)
			}
		}
		for _, id := range tmpl.of("AWS::Events::Rule") {
			target := tmpl.Resources[id].at("Targets").([]any)[0].(map[string]any)
			if want := strings.TrimSuffix(id, "Rule") + "Dead"; resolved(target["DeadLetterConfig"]) != "{Arn="+want+"}" || resolved(target["Arn"]) != "Arriving" {
				t.Errorf("%s: %v", id, target)
			}
		}
	}
}

func TestRules(t *testing.T) {
	tmpl, _ := synthesised(t, everything())
	for name, want := range map[string]string{
		"ObjectsRule": "{detail={bucket={name=Uploads}} detail-type=Object Created source=aws.s3}",
		"EventsRule":  "{account=AWS::AccountId source={anything-but=inventory-bridge}}",
		"FindingsRule": "{$or={detail-type=Config Configuration Item Change source=aws.config} {detail-type=Inspector2 Finding source=aws.inspector2} " +
			"{detail-type=Findings Imported V2 Security Hub Findings - Custom Action Security Hub Findings - Imported source=aws.securityhub} account=AWS::AccountId}",
	} {
		rule := tmpl.one(t, name)
		if got := resolved(rule.at("EventPattern")); got != want {
			t.Errorf("%s: %s", name, got)
		}
		if bus := rule.at("EventBusName") != nil; bus != (name == "EventsRule") {
			t.Errorf("%s is on our own bus: %v", name, bus)
		}
	}
	if bare, _ := synthesised(t, stub()); slices.Contains(bare.of("AWS::Events::Rule"), "FindingsRule") {
		t.Error("findings come without being asked for")
	}
}

// TestBeginsLast keeps that nothing calls the functions before all else is there: what a first deployment made goes when it fails, and a bucket
// in which something was written already could not go.
func TestBeginsLast(t *testing.T) {
	for name, p := range map[string]settings.Props{"plain": stub(), "everything": everything(), "switched": switched(), "consumers": deployed("consumers")} {
		tmpl, _ := synthesised(t, p)
		order := []string{"DeliverySource", "IntakeSource", "Sweep"}
		needed := map[string]bool{"Deliveries": true, "Delivery": true, "DeliveryLive": true} // which the first names itself
		for id, r := range tmpl.Resources {
			switch i := slices.Index(order, plain(id)); {
			case i == 0:
				for _, of := range r.DependsOn {
					needed[plain(of)] = true
				}
			case i > 0 && (len(r.DependsOn) != 1 || plain(r.DependsOn[0]) != order[i-1]):
				t.Errorf("%s: %s depends on %v", name, order[i], r.DependsOn)
			}
		}
		for id := range tmpl.Resources {
			if !needed[plain(id)] && !slices.Contains(order, plain(id)) && tmpl.Resources[id].Type != "AWS::Lambda::Version" {
				t.Errorf("%s: the queues call functions before there is %s", name, id)
			}
		}
	}
}

func TestSweep(t *testing.T) {
	tmpl, _ := synthesised(t, stub())
	s := tmpl.one(t, "Sweep")
	got := resolved([]any{s.at("ScheduleExpression"), s.at("Target.Input"), s.at("Target.Arn"), s.at("Target.SqsParameters"), s.at("Target.DeadLetterConfig")})
	if got != `rate(1 hour) {"sweep":{}} Deliveries {MessageGroupId=sweep} {Arn=SweepDead}` {
		t.Error(got)
	}
}

func TestAlarms(t *testing.T) {
	tmpl, _ := synthesised(t, everything())
	var names []string
	for _, id := range tmpl.of("AWS::CloudWatch::Alarm") {
		names = append(names, settingOf(strings.TrimSuffix(plain(id), "Alarm")))
		if a := tmpl.Resources[id]; resolved(a.at("AlarmActions")) != everything().AlarmTopic || a.at("TreatMissingData") != "notBreaching" {
			t.Errorf("%s tells nobody, or of nothing", id)
		}
	}
	slices.Sort(names)
	want := append(settings.AlarmNames(), "parkedGrowthOfBackupReport")
	slices.Sort(want)
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("the settings know other alarms than there are: %s", diff)
	}
	if bare, _ := synthesised(t, stub()); bare.one(t, "BrakeAlarm").at("AlarmActions") != nil {
		t.Error("an alarm goes somewhere without a topic")
	}
}

// TestOwnNames keeps the names that the function's permissions and rules speak of what the function says.
func TestOwnNames(t *testing.T) {
	if ownSource != bus.Source {
		t.Errorf("the function's events are from %s", bus.Source)
	}
	if sweepGroup != signal.SweepGroup {
		t.Errorf("the sweep's signal comes back in the group %s", signal.SweepGroup)
	}
	tmpl, _ := synthesised(t, stub())
	for _, name := range []string{"IntakeRole", "DeliveryRole"} {
		if !strings.Contains(resolved(tmpl.one(t, name).at("Policies")), "events:detail-type="+bridge.ImportCompleted+" ") {
			t.Errorf("%s may not send %s", name, bridge.ImportCompleted)
		}
	}
	var words []string
	for _, o := range receipt.Outcomes() {
		words = append(words, config.MetricRecords+strings.ToUpper(string(o[:1]))+string(o[1:]))
	}
	shown := outcomes()
	slices.Sort(words)
	slices.Sort(shown)
	if diff := cmp.Diff(words, shown); diff != "" {
		t.Errorf("the dashboard shows other outcomes: %s", diff)
	}
}
