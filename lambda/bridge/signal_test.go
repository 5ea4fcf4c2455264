package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
)

// line is a queue and a bus that keep what they are told, or fail.
type line struct {
	sent    []signal.Message
	again   []string
	events  []map[string]any
	failure error
}

func (l *line) Send(_ context.Context, m []signal.Message) error {
	l.sent = append(l.sent, m...)
	return l.failure
}

func (l *line) Again(_ context.Context, receipt string, after time.Duration) error {
	l.again = append(l.again, fmt.Sprint(receipt, " ", after))
	return l.failure
}

func (l *line) Put(_ context.Context, detailType string, detail any) error {
	data, err := json.Marshal(detail)
	event := map[string]any{"type": detailType}
	l.events = append(l.events, event)
	return errors.Join(l.failure, err, json.Unmarshal(data, &event))
}

// lined is a rig whose state lies in S3, with a queue and a bus.
func lined(t *testing.T, nodes int) (*rig, *line) {
	r, l := newRig(t, fleet(nodes)), &line{}
	r.config.Ledger = r.ledger(ledger.S3(r.s3(), "state", ""))
	r.config.Place = Place{Bucket: "state"}
	r.config.Queue, r.config.Bus = l, l
	return r, l
}

func (r *rig) upload(key, body string) json.RawMessage {
	r.t.Helper()
	if err := r.box.PutObject("uploads", key, []byte(body)); err != nil {
		r.t.Fatal(err)
	}
	return json.RawMessage(fmt.Sprintf(`{"document":{"bucket":"uploads","key":%q}}`, key))
}

// TestDeliveriesAreSent lets intake hand deliveries over, and delivery say when the last is done.
func TestDeliveriesAreSent(t *testing.T) {
	r, l := lined(t, 4)
	intake, delivery := r.role(RoleIntake), r.role(RoleDelivery)
	staged := only(t, intake, r.upload("servicenow/a.csv", fleetAssets(4, "Linux")))
	if staged.Error != "" || len(l.sent) != len(staged.Staged) || len(l.events) != 0 {
		t.Fatalf("%s: %d of %d sent, %d events", staged.Error, len(l.sent), len(staged.Staged), len(l.events))
	}
	for i, m := range l.sent {
		if m.Once != staged.Import+"-"+m.Group {
			t.Errorf("%s is not sent once for an import and a partition", m.Once)
		}
		if got := only(t, delivery, json.RawMessage(m.Body)); got.Error != "" {
			t.Error(got.Error)
		}
		if done := i == len(l.sent)-1; done != (len(l.events) == 1) {
			t.Errorf("after %d of %d deliveries there are %d events", i+1, len(l.sent), len(l.events))
		}
	}
	if e := l.events[0]; e["type"] != ImportCompleted || e["import"] != staged.Import || e["records"] != 4.0 {
		t.Errorf("the event: %v", e)
	}
	want := map[string]any{"bucket": "state", "key": "receipts/" + staged.Import + "/receipt.json"}
	if diff := cmp.Diff(want, l.events[0]["receipt"]); diff != "" {
		t.Error(diff)
	}
}

// TestWhatIntakeCompletes is told of by intake: a document that fails, and one of which nothing is to be delivered.
func TestWhatIntakeCompletes(t *testing.T) {
	r, l := lined(t, 0)
	intake := r.role(RoleIntake)
	only(t, intake, r.upload("servicenow/bad.csv", "\x00\x01"))
	only(t, intake, r.upload("servicenow/a.csv", fleetAssets(2, "Linux")))
	if len(l.events) != 2 || l.events[0]["failure"] == nil || l.events[1]["records"] != 2.0 {
		t.Errorf("the events: %v", l.events)
	}
}

func TestWhatCannotBeToldComesAgain(t *testing.T) {
	r, l := lined(t, 2)
	l.failure = errors.New("no line")
	document := r.upload("servicenow/a.csv", fleetAssets(2, "Linux"))
	if _, err := r.role(RoleIntake).Handle(t.Context(), document); err == nil {
		t.Error("deliveries that could not be sent are no error")
	}
	if _, err := r.role(RoleBoth).Handle(t.Context(), document); err == nil {
		t.Error("an import that could not be told of is no error")
	}
}

func TestGroupsComeAgainSoon(t *testing.T) {
	r, l := lined(t, 1)
	event := json.RawMessage(`{"Records":[
		{"messageId":"1","receiptHandle":"h1","body":"{\"delivery\":{\"bucket\":\"state\",\"key\":\"staging/x/0\"}}","eventSource":"aws:sqs",
			"attributes":{"MessageGroupId":"0","ApproximateReceiveCount":"3"}},
		{"messageId":"2","receiptHandle":"h2","body":"{\"sweep\":{}}","eventSource":"aws:sqs","attributes":{"MessageGroupId":"0"}},
		{"messageId":"3","receiptHandle":"h3","body":"{\"sweep\":{}}","eventSource":"aws:sqs","attributes":{"MessageGroupId":"sweep"}}]}`)
	b := r.role(RoleDelivery)
	if _, err := b.Handle(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"h1 2m0s", "h2 30s"}, l.again); diff != "" {
		t.Error(diff)
	}
	if got := requeueIn(100); got != requeueAtMost {
		t.Errorf("after 100 times: %v", got)
	}
	l.again = nil
	if _, err := r.role(RoleIntake).Handle(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	if len(l.again) != 0 {
		t.Error("intake changes messages of another queue")
	}
}
