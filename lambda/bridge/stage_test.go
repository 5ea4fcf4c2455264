package bridge

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// TestTwoRoles takes a document in with one process and delivers it with another: the nodes hold what they hold when one does both.
func TestTwoRoles(t *testing.T) {
	whole := newRig(t, fleet(4))
	whole.put(text("a.csv", fleetAssets(4, "Linux"), 0))

	r := newRig(t, fleet(4))
	r.config.Ledger = r.ledger(ledger.S3(r.s3(), "state", "ledger"))
	r.config.Place = Place{Bucket: "state", Prefix: "ledger"}
	if err := r.box.PutObject("uploads", "servicenow/a.csv", []byte(fleetAssets(4, "Linux"))); err != nil {
		t.Fatal(err)
	}
	intake, delivery := r.role(RoleIntake), r.role(RoleDelivery)
	upload := json.RawMessage(`{"document":{"bucket":"uploads","key":"servicenow/a.csv"}}`)
	staged := only(t, intake, upload)
	if len(staged.Staged) == 0 || staged.Records != 4 || r.calls() != 0 {
		t.Fatalf("intake: %+v, %d calls", staged, r.calls())
	}
	for _, s := range staged.Staged {
		event, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := only(t, delivery, event); got.Error != "" {
			t.Errorf("delivery: %s", got.Error)
		}
		if got := only(t, intake, event); got.Class != Reject {
			t.Error("the role intake takes deliveries")
		}
	}
	if got := only(t, delivery, upload); got.Class != Reject {
		t.Error("the role delivery takes documents")
	}
	if diff := cmp.Diff(whole.inventory(allTypes...), r.inventory(allTypes...)); diff != "" {
		t.Error(diff)
	}
	receipt, err := delivery.book.Read(t.Context(), staged.Import)
	if err != nil || !receipt.Complete || receipt.Counts.Of("put") != 4 {
		t.Errorf("the receipt: %+v, %v", receipt, err)
	}
}

func (r *rig) role(role Role) *Bridge {
	b := r.bridge()
	b.Role = role
	return b
}

// only hands an event with one message to a bridge.
func only(t *testing.T, b *Bridge, event json.RawMessage) MessageAnswer {
	t.Helper()
	answer, err := b.Handle(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return answer.(Answer).Messages[0]
}
