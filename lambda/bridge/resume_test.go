package bridge

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
)

// TestGoesOnWhereTimeIsShort lets deliveries and a sweep begin when nothing can be put any more, and those that are sent for put it all.
func TestGoesOnWhereTimeIsShort(t *testing.T) {
	r, l := lined(t, 4)
	only(t, r.role(RoleIntake), r.upload("servicenow/a.csv", fleetAssets(4, "Linux")))
	deliveries := l.sent
	l.sent = nil
	soon, cancel := context.WithTimeout(t.Context(), shortTime/2)
	defer cancel()
	b := r.role(RoleDelivery)
	for _, m := range deliveries {
		if _, err := b.Handle(soon, json.RawMessage(m.Body)); err != nil {
			t.Fatal(err)
		}
	}
	if r.calls() != 0 || len(l.sent) != len(deliveries) {
		t.Fatalf("%d calls, %d of %d deliveries go on", r.calls(), len(l.sent), len(deliveries))
	}
	if _, err := b.Handle(soon, json.RawMessage(`{"sweep":{}}`)); err != nil {
		t.Fatal(err)
	}
	if len(l.sent) != len(deliveries)+4 {
		t.Errorf("a sweep without time goes on with %d of 4 partitions", len(l.sent)-len(deliveries))
	}
	r.now = r.now.Add(time.Hour)
	for _, m := range l.sent {
		if got := only(t, b, json.RawMessage(m.Body)); got.Error != "" {
			t.Error(got.Error)
		}
	}
	if r.calls() != 4 {
		t.Errorf("%d calls for 4 nodes", r.calls())
	}
}

func TestGoesOnOnce(t *testing.T) {
	_, l := lined(t, 1)
	b := New(Config{Queue: l})
	if err := b.resume(t.Context(), "id", 7); err != nil {
		t.Fatal(err)
	}
	want := []signal.Message{{Group: "7", Once: "id-on-7", Body: `{"sweep":{"partition":7}}`}}
	if diff := cmp.Diff(want, l.sent); diff != "" {
		t.Error(diff)
	}
}

func TestSweepOfNoPartition(t *testing.T) {
	r, _ := lined(t, 1)
	if got := only(t, r.role(RoleDelivery), json.RawMessage(`{"sweep":{"partition":4}}`)); got.Class != Reject {
		t.Errorf("%+v: the state has 4 partitions", got)
	}
}
