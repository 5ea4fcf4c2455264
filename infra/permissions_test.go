package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestRoles keeps what each role may do, written out: what is not here it may not.
func TestRoles(t *testing.T) {
	tmpl, _ := synthesised(t, everything())
	const key = "kms:Decrypt kms:GenerateDataKey | Key"
	completed := "events:PutEvents | Bus | {StringEquals={events:detail-type=Inventory Import Completed events:source=inventory-bridge}}"
	const listed = "sts:AssumeRole | arn:aws:iam::222233334444:role/InventoryBridgeTarget arn:aws:iam::333344445555:role/operations/Inventory"
	const found = "sts:AssumeRole | arn:aws:iam::*:role/InventoryBridgeTarget | {ForAnyValue:StringLike={aws:ResourceOrgPaths=*/*/ou-ab12-11111111/* */r-cd34/*}}"
	for name, want := range map[string][]string{
		"IntakeRole": {
			key,
			"logs:CreateLogStream logs:PutLogEvents | IntakeLogs",
			"sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes | Arriving",
			completed,
			"s3:GetObject s3:GetObjectVersion | Uploads/*",
			"s3:GetObject | State/installation.json State/heads/* State/receipts/* State/parked/*/index.json",
			"s3:PutObject | State/staging/* State/parked/* State/rejected/* State/receipts/*/intake.json State/receipts/*/found.json " +
				"State/receipts/*/receipt.json State/receipts/*/earlier-*.json State/receipts/latest/*",
			"s3:ListBucket | Uploads",
			"s3:ListBucket | State | {StringLikeIfExists={s3:prefix=receipts/*}}",
			"ssm:DescribeInstanceInformation ssm:GetInventory | *",
			"sqs:SendMessage | Deliveries",
			"s3:GetObject | State/targets.json State/directory/*",
			listed, found,
		},
		"DeliveryRole": {
			key,
			"logs:CreateLogStream logs:PutLogEvents | DeliveryLogs",
			"sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes | Deliveries",
			completed,
			"s3:GetObject | State/staging/* State/parked/* State/receipts/* State/installation.json State/types.json State/unnamed.json State/heads/* State/packs/* State/rows/* State/scopes/*",
			"s3:PutObject | State/receipts/*/????.json State/receipts/*/found.json State/receipts/*/absence.json " +
				"State/receipts/*/receipt.json State/receipts/*/earlier-*.json State/receipts/latest/* State/installation.json State/types.json State/unnamed.json State/heads/* State/packs/*",
			"s3:DeleteObject | State/packs/* State/rows/* State/scopes/* State/parked/*",
			"s3:ListBucket | State | {StringLikeIfExists={s3:prefix=heads/* packs/* rows/* scopes/* parked/* receipts/*}}",
			"ssm:DescribeInstanceInformation ssm:GetInventory ssm:GetInventorySchema ssm:ListInventoryEntries | *",
			"ssm:PutInventory | * | {ForAllValues:StringEquals={ssm:InventoryTypeName=TYPES} Null={ssm:InventoryTypeName=false}}",
			"sqs:ChangeMessageVisibility sqs:SendMessage | Deliveries",
			"s3:GetObject s3:PutObject | State/targets.json State/directory/* State/types/*",
			listed,
			"organizations:ListAccountsForParent organizations:ListOrganizationalUnitsForParent | " +
				"arn:aws:organizations::*:ou/*/ou-ab12-* arn:aws:organizations::*:root/*/r-cd34 arn:aws:organizations::*:ou/*/ou-cd34-*",
			found,
		},
		"SweepRole": {key, "sqs:SendMessage | Deliveries SweepDead"},
	} {
		role := tmpl.one(t, name)
		policies := role.at("Policies").([]any)
		if len(policies) != 1 || role.at("ManagedPolicyArns") != nil {
			t.Errorf("%s has other policies than its own", name)
		}
		got := statements(policies[0].(map[string]any)["PolicyDocument"])
		for i := range got {
			got[i] = regexp.MustCompile(`InventoryTypeName=Custom:[^}]*`).ReplaceAllString(got[i], "InventoryTypeName=TYPES")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, want := range map[string]string{
		"IntakeRole": "{Service=lambda.amazonaws.com} | sts:AssumeRole", "DeliveryRole": "{Service=lambda.amazonaws.com} | sts:AssumeRole",
		"SweepRole": "{Service=scheduler.amazonaws.com} | sts:AssumeRole | {ArnEquals={aws:SourceArn=Schedules} StringEquals={aws:SourceAccount=AWS::AccountId}}",
	} {
		if diff := cmp.Diff([]string{want}, statements(tmpl.one(t, name).at("AssumeRolePolicyDocument"))); diff != "" {
			t.Errorf("who is %s: %s", name, diff)
		}
	}
	if n := len(tmpl.of("AWS::IAM::Role")); n != 3 || len(tmpl.of("AWS::IAM::Policy")) != 0 {
		t.Errorf("there are %d roles, or policies outside them", n)
	}
}

// TestGrantsOfTheState writes down what each role may do in the state, for the tests of the program that runs behind these rights.
func TestGrantsOfTheState(t *testing.T) {
	tmpl, _ := synthesised(t, everything())
	all := map[string]map[string][]string{}
	for role, name := range map[string]string{"intake": "IntakeRole", "delivery": "DeliveryRole"} {
		all[role] = map[string][]string{}
		for _, p := range tmpl.one(t, name).at("Policies").([]any) {
			for _, s := range p.(map[string]any)["PolicyDocument"].(map[string]any)["Statement"].([]any) {
				addGrants(t, all[role], s.(map[string]any))
			}
		}
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	testfiles.Golden(t, "testdata/grants.json", append(text, '\n'))
}

// addGrants adds the patterns of keys, and of prefixes that are listed, which a statement allows in the state.
func addGrants(t *testing.T, to map[string][]string, s map[string]any) {
	t.Helper()
	for _, resource := range strings.Fields(resolved(s["Resource"])) {
		pattern, inside := strings.CutPrefix(resource, "State/")
		if !inside && resource != "State" {
			continue
		}
		patterns := []string{pattern}
		if !inside {
			patterns = strings.Fields(resolved(s["Condition"].(map[string]any)["StringLikeIfExists"].(map[string]any)["s3:prefix"]))
		} else if s["Condition"] != nil {
			t.Fatalf("a condition of objects: %v", s["Condition"])
		}
		for _, action := range strings.Fields(resolved(s["Action"])) {
			to[action] = append(to[action], patterns...)
		}
	}
}

// TestTypes keeps that the types of the bundle may be put, the user's with them, and no others.
func TestTypes(t *testing.T) {
	for _, p := range []settings.Props{stub(), everything()} {
		tmpl, text := synthesised(t, p)
		b, err := newBundle(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.remove(); err != nil {
			t.Error(err)
		}
		policy := tmpl.one(t, "DeliveryRole").at("Policies").([]any)[0].(map[string]any)["PolicyDocument"]
		all := strings.Join(statements(policy), "\n")
		if !strings.Contains(all, "ssm:InventoryTypeName="+strings.Join(b.types, " ")+"}") {
			t.Errorf("not the types %v:\n%s", b.types, all)
		}
		if own := strings.Contains(all, "Custom:BackupJob"); own != (p.Mappings != "") {
			t.Errorf("the user's type may be put: %v", own)
		}
		if strings.Contains(string(text), "DeleteInventory") {
			t.Error("somebody may take a type from every node")
		}
		for _, action := range actions(tmpl) {
			if strings.Contains(action, "*") {
				t.Errorf("%s is more than one action", action)
			}
		}
	}
}

// actions are all that any role may do.
func actions(tmpl template) []string {
	var list []string
	for _, id := range tmpl.of("AWS::IAM::Role") {
		for _, p := range tmpl.Resources[id].at("Policies").([]any) {
			for _, s := range p.(map[string]any)["PolicyDocument"].(map[string]any)["Statement"].([]any) {
				list = append(list, strings.Fields(resolved(s.(map[string]any)["Action"]))...)
			}
		}
	}
	return list
}

// TestResourcePolicies keeps who else may reach what is ours.
func TestResourcePolicies(t *testing.T) {
	tmpl, _ := synthesised(t, everything())
	source := func(rule string) string {
		return "{ArnEquals={aws:SourceArn=" + rule + "} StringEquals={aws:SourceAccount=AWS::AccountId}}"
	}
	tls := func(actions, principal, resource string) string {
		return "Deny | {AWS=" + principal + "} | " + actions + " | " + resource + " | {Bool={aws:SecureTransport=false}}"
	}
	event := func(queue, rule string) string {
		return "{Service=events.amazonaws.com} | sqs:SendMessage | " + queue + " | " + source(rule)
	}
	for name, want := range map[string][]string{
		"UploadsPolicy": {
			tls("s3:*", "*", "Uploads Uploads/*"),
			"{AWS=arn:aws:iam::444455556666:role/scanner} | s3:PutObject s3:AbortMultipartUpload | Uploads/nessus/*",
		},
		"StatePolicy":          {tls("s3:*", "*", "State State/*")},
		"ArrivingPolicy":       {tls("sqs:*", "*", "Arriving"), event("Arriving", "ObjectsRule"), event("Arriving", "EventsRule"), event("Arriving", "FindingsRule")},
		"DeliveriesPolicy":     {tls("sqs:*", "*", "Deliveries")},
		"ArrivingDeadPolicy":   {tls("sqs:*", "*", "ArrivingDead")},
		"DeliveriesDeadPolicy": {tls("sqs:*", "*", "DeliveriesDead")},
		"SweepDeadPolicy":      {tls("sqs:*", "*", "SweepDead")},
		"ObjectsDeadPolicy":    {tls("sqs:*", "*", "ObjectsDead"), event("ObjectsDead", "ObjectsRule")},
		"EventsDeadPolicy":     {tls("sqs:*", "*", "EventsDead"), event("EventsDead", "EventsRule")},
		"FindingsDeadPolicy":   {tls("sqs:*", "*", "FindingsDead"), event("FindingsDead", "FindingsRule")},
	} {
		if diff := cmp.Diff(want, statements(tmpl.one(t, name).at("PolicyDocument"))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if n := len(tmpl.of("AWS::SQS::QueuePolicy")) + len(tmpl.of("AWS::S3::BucketPolicy")); n != 10 {
		t.Errorf("there are %d policies of queues and buckets", n)
	}
	if n := len(tmpl.of("AWS::Lambda::Permission")); n != 0 {
		t.Errorf("%d others may call a function", n)
	}
	account := "{StringEquals={aws:SourceAccount=AWS::AccountId}}"
	got := statements(tmpl.one(t, "Key").at("KeyPolicy"))[1:] // the first is the account's own
	want := []string{
		"{Service=events.amazonaws.com} | kms:Decrypt kms:GenerateDataKey | * | " + account,
		"{AWS=arn:aws:iam::444455556666:role/scanner} | kms:Decrypt kms:GenerateDataKey | *",
		"{Service=logs.AWS::Region.amazonaws.com} | kms:Encrypt* kms:Decrypt* kms:ReEncrypt* kms:GenerateDataKey* kms:Describe* | * | " +
			"{ArnLike={kms:EncryptionContext:aws:logs:arn=arn:AWS::Partition:logs:AWS::Region:AWS::AccountId:log-group:*}}",
	}
	if diff := cmp.Diff(want, got[:min(len(want), len(got))]); diff != "" || len(got) < len(want) {
		t.Errorf("Key: %s\n%s", diff, strings.Join(got, "\n"))
	}
}
