package main

import (
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// setNumber is a number that is set, and where the template has it: a resource, a property, and what is in that.
type setNumber struct{ setting, value, resource, property, want string }

// setNumbers has a line for each setting that is a number. None is the default.
func setNumbers() []setNumber {
	return []setNumber{
		{"rate", "7", "Delivery", "Environment.Variables.INVBRIDGE_RATE", "7"},
		{"partitions", "512", "Intake", "Environment.Variables.INVBRIDGE_PARTITIONS", "512"},
		{"partitions", "512", "Delivery", "Environment.Variables.INVBRIDGE_PARTITIONS", "512"},
		{"intakeMemory", "1111", "Intake", "MemorySize", "1111"},
		{"intakeEphemeral", "2222", "Intake", "EphemeralStorage.Size", "2222"},
		{"intakeTimeout", "333", "Intake", "Timeout", "333"},
		{"intakeTimeout", "333", "Arriving", "VisibilityTimeout", "393"},
		{"intakeConcurrency", "17", "IntakeSource", "ScalingConfig.MaximumConcurrency", "17"},
		{"intakeReserved", "18", "Intake", "ReservedConcurrentExecutions", "18"},
		{"deliveryMemory", "1112", "Delivery", "MemorySize", "1112"},
		{"deliveryEphemeral", "2223", "Delivery", "EphemeralStorage.Size", "2223"},
		{"deliveryTimeout", "222", "Delivery", "Timeout", "222"},
		{"deliveryTimeout", "222", "Deliveries", "VisibilityTimeout", "1332"},
		{"deliveryConcurrency", "19", "DeliverySource", "ScalingConfig.MaximumConcurrency", "19"},
		{"deliveryConcurrency", "19", "Delivery", "Environment.Variables.INVBRIDGE_CONCURRENCY", "19"},
		{"deliveryReserved", "20", "Delivery", "ReservedConcurrentExecutions", "20"},
		{"logDays", "545", "IntakeLogs", "RetentionInDays", "545"},
		{"logDays", "545", "DeliveryLogs", "RetentionInDays", "545"},
		{"uploadDays", "77", "Uploads", "LifecycleConfiguration.Rules", "ExpirationInDays=77 Id=old-uploads"},
		{"rejectedDays", "78", "State", "LifecycleConfiguration.Rules", "ExpirationInDays=78 Id=old-rejected"},
		{"receiptDays", "79", "State", "LifecycleConfiguration.Rules", "ExpirationInDays=79 Id=old-receipts"},
		{"parkedGrowth", "80", "ParkedGrowthAlarm", "Threshold", "80"},
		{"queryMiB", "10", "ConsumersWorkgroup", "WorkGroupConfiguration.BytesScannedCutoffPerQuery", "1.048576e+07"},
	}
}

// TestNumbers keeps that each number which is set is in the template, and what is computed of it, too.
func TestNumbers(t *testing.T) {
	given := map[string]any{"settings": "testdata/consumers.yaml", "dist": "testdata/dist", "awsTypes": "AWS:ComplianceItem", "architecture": "x86_64"}
	lines := setNumbers()
	for _, n := range lines {
		given[n.setting] = n.value
	}
	p, _, err := settings.Read(given, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Settings() {
		if _, ok := given[s.Name]; !ok && (s.Kind() == "number" || s.Kind() == "decimal") {
			t.Errorf("nothing keeps that %s is in the template", s.Name)
		}
	}
	for _, f := range []string{"Intake", "Delivery"} {
		lines = append(lines, setNumber{"awsTypes", "", f, "Environment.Variables.INVBRIDGE_AWS_TYPES", "AWS:ComplianceItem"},
			setNumber{"architecture", "", f, "Architectures", "x86_64"})
	}
	tmpl, _ := synthesised(t, p)
	for _, n := range lines {
		if got := resolved(tmpl.one(t, n.resource).at(n.property)); got != n.want && !strings.Contains(got, "{"+n.want+" ") {
			t.Errorf("%s: %s of %s is %s, want %s", n.setting, n.property, n.resource, got, n.want)
		}
	}
}
