package bridge

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

func complianceItems(after time.Duration, rows ...string) intake.Document {
	return text("c.csv", "Host,Kind,Check,Status\n"+strings.Join(rows, "\n")+"\n", after)
}

// compliance is all that the service has of AWS:ComplianceItem at a node: "Kind:Id=Status".
func (r *rig) compliance(id string) string {
	r.t.Helper()
	out, err := r.config.SSM.ListInventoryEntries(r.t.Context(), &ssm.ListInventoryEntriesInput{InstanceId: &id, TypeName: aws.String("AWS:ComplianceItem")})
	if err != nil {
		r.t.Fatal(err)
	}
	var list []string
	for _, e := range out.Entries {
		list = append(list, e["Id"]+"="+e["Status"])
	}
	return strings.Join(list, " ")
}

// TestItemsWithAContext: entries of one context make one item; one that has none left is put empty.
func TestItemsWithAContext(t *testing.T) {
	set, err := load.Options{AWSTypes: []string{"AWS:ComplianceItem"}}.Load("testdata/compliance")
	if err != nil {
		t.Fatal(err)
	}
	r := newQuickRig(t, shelf{})
	r.config.Mappings = set
	got := r.put(complianceItems(0, "web-1,Custom:Hardening,h1,COMPLIANT", "web-1,Custom:Hardening,h2,NON_COMPLIANT", "web-1,Custom:Backup,b1,COMPLIANT", "web-1,,x,COMPLIANT"))
	equalText(t, "outcomes", got.Counts, map[receipt.Outcome]int{receipt.Put: 3, receipt.Rejected: 1})
	if held := r.compliance(nodeID(1)); held != "b1=COMPLIANT h1=COMPLIANT h2=NON_COMPLIANT" || r.calls() != 1 {
		t.Errorf("%q after %d calls", held, r.calls())
	}
	again := r.put(complianceItems(time.Minute, "web-1,Custom:Hardening,h1,COMPLIANT", "web-1,Custom:Hardening,h2,NON_COMPLIANT", "web-1,Custom:Backup,b1,COMPLIANT"))
	equalText(t, "again", again.Counts, map[receipt.Outcome]int{receipt.Unchanged: 3})
	if r.calls() != 1 {
		t.Errorf("%d calls", r.calls())
	}
	r.put(complianceItems(2*time.Minute, "web-1,Custom:Hardening,h1,COMPLIANT"))
	if held := r.compliance(nodeID(1)); held != "h1=COMPLIANT" || r.box.Counts().Items.Full != 4 {
		t.Errorf("%q, %d items", held, r.box.Counts().Items.Full)
	}
	r.later(22 * 24 * time.Hour)
	if s := r.sweep(); s.Refreshed == 0 || r.compliance(nodeID(1)) != "h1=COMPLIANT" {
		t.Errorf("%+v", s)
	}
}
