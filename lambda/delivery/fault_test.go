package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

func code(c string) error { return &smithy.GenericAPIError{Code: c} }

func two() document {
	return document{"1", -9, []*statement{owns(says(web1, "a", "1"), "x"), says(web2, "a", "1")}}
}

func TestOneNodeThatFailsEndsPendingAlone(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		p := &process{t: t, w: newWorld(), name: "w"}
		p.w.answer = on(web1, errors.New("connection refused"))
		equal(t, "outcomes", p.deliver(two()), "put=1 pending=2")
		equal(t, "intent", p.head().Nodes[web1].Intent.Types["Custom:Asset"], &ledger.Want{Unsure: true, Sent: newWorld().now.Add(-9 * time.Minute), Reason: "connection failed"})
		p.w.answer = nil
		equal(t, "again", p.deliver(two()), "put=2 unchanged=1")
		equal(t, "holds", p.w.holds(web1), "Asset[ax] Finding[a1] Summary[a:1/0]")
	})
}

// on answers the puts of a node with an error.
func on(node string, err error) func(string, int) error {
	return func(n string, _ int) error {
		if n == node {
			return err
		}
		return nil
	}
}

func TestThrottlingIsWaitedFor(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		p := &process{t: t, w: newWorld(), name: "w"}
		p.w.answer = func(_ string, put int) error {
			if put < 5 {
				return code("ThrottlingException")
			}
			return nil
		}
		part, err := p.try(t.Context(), two())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "outcomes", []any{outcomes(part), part.Calls}, []any{"put=3", 7})
	})
}

func TestWhatTheServiceRefuses(t *testing.T) {
	poison := "Custom:Asset"
	for _, c := range []struct {
		name  string
		err   error
		first string
		again string // a minute later
		other string // something else said
		open  []string
	}{
		{"one type", &types.InvalidItemContentException{TypeName: &poison}, "put=2 failed=1", "unchanged=2 failed=1", "put=2 unchanged=1", []string{poison}},
		{"no type named", code("ValidationException"), "put=1 failed=2", "unchanged=1 failed=2", "put=2 unchanged=1", []string{poison, "Custom:Finding", "Custom:Summary"}},
		{"the quota of the day", code("TotalSizeLimitExceededException"), "put=1 pending=2", "unchanged=1 pending=2", "put=2 unchanged=1", []string{poison, "Custom:Finding", "Custom:Summary"}},
		{"not allowed", code("AccessDeniedException"), "put=1 pending=2", "put=2 unchanged=1", "put=2 unchanged=1", []string{poison, "Custom:Finding", "Custom:Summary"}},
	} {
		bubble(t, c.name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			p.w.answer = func(node string, _ int) error {
				if node != web1 || c.name == "one type" && len(p.w.puts) > 0 && strings.HasSuffix(p.w.puts[len(p.w.puts)-1], "refused") {
					return nil
				}
				return c.err
			}
			equal(t, "outcomes", p.deliver(two()), c.first)
			var open []string
			for _, name := range []string{poison, "Custom:Finding", "Custom:Summary"} {
				if p.head().Nodes[web1].Intent.Types[name] != nil {
					open = append(open, name)
				}
			}
			equal(t, "open", open, c.open)
			p.w.answer = nil
			p.w.now = p.w.now.Add(time.Minute)
			equal(t, "again", p.deliver(two()), c.again)
			other := document{"2", -8, []*statement{owns(says(web1, "a", "2"), "y"), says(web2, "a", "1")}}
			equal(t, "something else", p.deliver(other), c.other)
			equal(t, "holds", p.w.holds(web1), "Asset[ay] Finding[a2] Summary[a:1/0]")
		})
	}
}

func TestWhatWasRefusedIsTriedAgainTheNextDay(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.w.answer = on(web1, code("ValidationException"))
	equal(t, "outcomes", p.deliver(two()), "put=1 failed=2")
	p.w.answer = nil
	p.w.now = p.w.now.Add(24 * time.Hour)
	equal(t, "again", p.deliver(two()), "put=2 unchanged=1")
}

func TestANodeThatIsGone(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.w.answer = on(web1, code("InvalidInstanceId"))
	equal(t, "outcomes", p.deliver(two()), "put=1 parked=2")
	if n := p.head().Nodes[web1]; n.Intent != nil || n.Gone.IsZero() {
		t.Error("its intent is open")
	}
	p.w.answer = nil
	equal(t, "it is back", p.deliver(two()), "put=2 unchanged=1")
	if n := p.head().Nodes[web1]; n.Intent != nil || !n.Gone.IsZero() {
		t.Error("it is gone still")
	}
}

func TestNothingMoreIsPutWithoutCredentials(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.w.answer = func(string, int) error { return code("UnrecognizedClientException") }
	equal(t, "outcomes", p.deliver(two()), "pending=3")
	equal(t, "calls", len(p.w.puts), 1)
	for id, n := range p.head().Nodes {
		if n.Intent.Claim != nil {
			t.Errorf("%s is claimed still", id)
		}
	}
	if p.head().Nodes[web2].Intent.Types["Custom:Finding"].Unsure {
		t.Error("nothing was sent, but the ledger doubts it")
	}
}

func TestTheTimeThatIsLeft(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		p := &process{t: t, w: newWorld(), name: "w"}
		ctx, cancel := context.WithTimeout(t.Context(), defaultReserve+time.Second)
		defer cancel()
		p.w.onPut = func() { time.Sleep(2 * time.Second) }
		part, err := p.try(ctx, two())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "outcomes", outcomes(part), "put=2 pending=1")
		equal(t, "open", p.head().Nodes[web2].Intent.Types["Custom:Finding"], &ledger.Want{})
		p.w.onPut = nil
		equal(t, "again", p.deliver(two()), "put=1 unchanged=2")
	})
}

func TestACancelledDeliverySavesWhatWasAccepted(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		p := &process{t: t, w: newWorld(), name: "w"}
		ctx, cancel := context.WithCancel(t.Context())
		p.w.onPut = cancel
		part, err := p.try(ctx, two())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "outcomes", outcomes(part), "put=2 pending=1")
		if p.head().Nodes[web1].Intent != nil {
			t.Error("the intent of what was put is open")
		}
	})
}

// TestAnotherWriterAtWork shows that only who holds a claim puts, and that it puts what was said meanwhile too.
func TestAnotherWriterAtWork(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		w := newWorld()
		first, second := &process{t: t, w: w, name: "first"}, &process{t: t, w: w, name: "second"}
		var once bool
		w.onPut = func() {
			if once {
				return
			}
			once = true
			equal(t, "while another writer puts", second.deliver(document{"2", -9, []*statement{says(web1, "b", "2")}}), "pending=1")
		}
		equal(t, "the holder", first.deliver(document{"1", -9, []*statement{says(web1, "a", "1")}}), "put=1")
		equal(t, "holds", w.holds(web1), "Finding[a1 b2] Summary[a:1/0 b:1/0]")
		if first.head().Nodes[web1].Intent != nil {
			t.Error("the intent is open")
		}
	})
}

func TestASourceThatIsFasterThanTheWriter(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		w := newWorld()
		first, second := &process{t: t, w: w, name: "first"}, &process{t: t, w: w, name: "second"}
		var once bool
		w.onSave = func() {
			if once {
				return
			}
			once = true
			equal(t, "the newer", second.deliver(document{"2", -5, []*statement{says(web1, "a", "2")}}), "put=1")
		}
		equal(t, "the older", first.deliver(document{"1", -9, []*statement{says(web1, "a", "1")}}), "stale=1")
		equal(t, "holds", w.holds(web1), "Finding[a2] Summary[a:1/0]")
	})
}

// TestConflictsAtEverySave has another writer write the head before each of a delivery's saves.
func TestConflictsAtEverySave(t *testing.T) {
	for save := range 6 {
		bubble(t, fmt.Sprint(save), func(t *testing.T) {
			w := newWorld()
			first, second := &process{t: t, w: w, name: "first", config: small}, &process{t: t, w: w, name: "second"}
			n := 0
			w.onSave = func() {
				n++
				if n == save+1 {
					equal(t, "the other", second.deliver(document{"2", -9, []*statement{says(web3, "b", "2")}}), "put=1")
				}
			}
			first.deliver(histories()["batches"][1])
			for i := range 7 {
				equal(t, "holds", w.holds(nodeID(i)), "Finding[a1 a2] Summary[a:2/0]")
			}
			for id, n := range first.head().Nodes {
				if n.Intent != nil {
					t.Errorf("the intent of %s is open", id)
				}
			}
		})
	}
}

func TestTheBytesOfTheDay(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	equal(t, "first", p.deliver(two()), "put=3")
	day := p.head().Nodes[web1].Day
	if day.Date != "2026-11-23" || day.Bytes == 0 {
		t.Errorf("%+v", day)
	}
	l, err := ledger.Open(t.Context(), p.w, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := p.head()
	h.Nodes[web1].Day.Bytes = inventory.PlannedDayBytes - 10
	if err := l.Save(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	d := document{"2", -8, []*statement{says(web1, "a", "2")}}
	equal(t, "over", p.deliver(d), "pending=1")
	equal(t, "until", p.head().Nodes[web1].Intent.Types["Custom:Finding"].NotBefore, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	p.w.now = p.w.now.Add(12 * time.Hour)
	equal(t, "tomorrow", p.deliver(d), "put=1")
}
