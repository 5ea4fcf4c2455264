package delivery

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

func TestARejectedRecordRemovesNothing(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"1", -9, []*statement{owns(says(web1, "a", "1", "2"), "x")}})
	bad := owns(says(web1, "a", "1=HIGH", "3"))
	bad.Records[1].Outcome, bad.Records[1].Reason = receipt.Rejected, "no Id"
	equal(t, "outcomes", p.deliver(document{"2", -8, []*statement{bad}}), "put=1 rejected=1")
	equal(t, "holds", p.w.holds(web1), "Asset[ax] Finding[a1HIGH a2 a3] Summary[a:3/0]")
	long := says(web1, "a", "1", strings.Repeat("x", inventory.MaxValueBytes+1))
	part, err := p.try(t.Context(), document{"3", -7, []*statement{long}})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "details", part.Details, []receipt.Detail{{Number: 2, Outcome: receipt.Rejected, Reason: `value of "Id" is over 4096 bytes`, Node: web1}})
	equal(t, "holds", p.w.holds(web1), "Asset[ax] Finding[a1 a2 a3] Summary[a:3/0]")
}

// allow refuses statements.
type allow func(*ledger.Statement) error

func (allow) Header(*ledger.Header) error                          { return nil }
func (allow) Absent(context.Context, *ledger.Header, string) error { return nil }

func (a allow) Statement(_ context.Context, _ *ledger.Header, s *ledger.Statement) error { return a(s) }

func TestAllow(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w", config: func(c *Config) {
		c.Allow = allow(func(s *ledger.Statement) error {
			if s.Node == web1 {
				return fmt.Errorf("asking: %w", &allowed.Refusal{Reason: "not this node"})
			}
			return nil
		})
	}}
	equal(t, "outcomes", p.deliver(two()), "put=1 rejected=2")
	if p.head().Nodes[web1] != nil {
		t.Error("the ledger knows the node")
	}
	p.config = func(c *Config) {
		c.Allow = allow(func(*ledger.Statement) error { return errors.New("no answer") })
	}
	if _, err := p.try(t.Context(), two()); err == nil {
		t.Error("it went on without an answer")
	}
}

// TestDeliveriesThatAreNotBelieved ends with an error and changes nothing.
func TestDeliveriesThatAreNotBelieved(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*ledger.Header, []*statement)
		skew   bool
	}{
		{"unknown type", func(h *ledger.Header, _ []*statement) { h.Types[0].Name = "Custom:Other" }, true},
		{"other attributes", func(h *ledger.Header, _ []*statement) { h.Types[0].Attributes = []string{"Id"} }, true},
		{"partition", func(h *ledger.Header, _ []*statement) { h.Partition = 1 }, false},
		{"apart", func(_ *ledger.Header, s []*statement) { s[2].Node = web1 }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			d := document{"1", -9, []*statement{says(web1, "a", "1"), says(web2, "a", "1"), says(web3, "a", "1")}}
			deliverer, err := p.deliverer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = deliverer.Deliver(t.Context(), func() (ledger.Header, iter.Seq2[*statement, error], error) {
				h, statements, err := d.open()
				c.change(&h, d.statements)
				return h, statements, err
			})
			if err == nil || errors.Is(err, allowed.ErrSkew) != c.skew {
				t.Errorf("got %v", err)
			}
			equal(t, "calls and saves", []int{len(p.w.puts), p.w.saves}, []int{0, 0})
		})
	}
}

func TestABrokenDeliveryDeliversNothing(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	deliverer, err := p.deliverer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("cut off")
	_, _, err = deliverer.Deliver(t.Context(), func() (ledger.Header, iter.Seq2[*statement, error], error) {
		h, statements, err := two().open()
		return h, func(yield func(*statement, error) bool) {
			for s := range statements {
				if !yield(s, nil) {
					return
				}
			}
			yield(nil, broken)
		}, err
	})
	if !errors.Is(err, broken) || len(p.w.puts)+p.w.saves > 0 {
		t.Errorf("%v after %d calls and %d saves", err, len(p.w.puts), p.w.saves)
	}
}

func TestForcePutsWhatDidNotChange(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(two())
	p.config = func(c *Config) { c.Force = true }
	equal(t, "outcomes", p.deliver(two()), "put=3")
}

func TestAnUnchangedImportIsOneHeadReadAndOneWritten(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(histories()["batches"][1])
	p.w.saves, p.w.calls = 0, 0
	later := histories()["batches"][1]
	later.id, later.at = "later", -1
	equal(t, "outcomes", p.deliver(later), "unchanged=14")
	equal(t, "saves, outside calls", []int{p.w.saves, p.w.calls}, []int{1, 4}) // the head twice, installation.json, and a look for a pack of a later head
	p.w.saves = 0
	p.deliver(later)
	equal(t, "saves of what was delivered twice", p.w.saves, 0)
}

func TestPlanChangesNothing(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"1", -9, []*statement{owns(says(web1, "a", "1", "2", "3"), "x")}})
	objects := len(p.w.objects)
	part := p.plan(document{"2", -8, []*statement{
		owns(says(web1, "a", "1", "2=HIGH", "4", "5"), "x"), says(web2, "a", "1"), says(web2, "b", "-"),
	}})
	equal(t, "outcomes", outcomes(part), "put=6 unchanged=1")
	want := []differ.Node{
		{Node: web1, Items: []differ.Item{
			{Type: "Custom:Asset", Change: differ.Same, Entries: 1},
			{Type: "Custom:Finding", Change: differ.Changed, Added: 2, Removed: 1, Changed: 1, Entries: 4},
			{Type: "Custom:Summary", Change: differ.Changed, Changed: 1, Entries: 1},
		}},
		{Node: web2, Items: []differ.Item{
			{Type: "Custom:Finding", Change: differ.New, Added: 1, Entries: 1},
			{Type: "Custom:Summary", Change: differ.New, Added: 1, Entries: 1},
		}},
	}
	equal(t, "nodes", p.nodes, want)
	equal(t, "calls, objects, puts", []int{part.Calls, len(p.w.objects) - objects, len(p.w.puts)}, []int{2, 0, 1})
	stale := p.plan(document{"0", -99, []*statement{says(web1, "a", "7")}})
	equal(t, "stale", outcomes(stale), "stale=1")
	equal(t, "stale item", p.nodes[0].Items[0], differ.Item{Type: "Custom:Finding", Change: differ.Stale, Entries: 3})
}

func TestItemsThatDoNotFitOneCall(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w", config: func(c *Config) {
		types := kinds()
		types["Custom:Finding"].Limit.Entries = 0
		types["Custom:Asset"].Limit = inventory.Limit{}
		c.Types = types.Type
	}}
	var many []string
	for i := range 150 {
		many = append(many, fmt.Sprintf("%d=%s", i, strings.Repeat("x", 4000)))
	}
	s := owns(says(web1, "a", many...), many...)
	equal(t, "outcomes", p.deliver(document{"1", -9, []*statement{s}}), "put=300")
	equal(t, "calls", p.w.puts, []string{web1 + " Asset=150", web1 + " Finding=150 Summary=1"})
}

func TestTheCaptureTimeNeverDecreases(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"1", -5, []*statement{says(web1, "a", "1")}})
	p.deliver(document{"2", -9, []*statement{says(web1, "b", "1")}})
	equal(t, "sent", *p.w.items[web1]["Custom:Finding"].CaptureTime, "2026-11-23T11:55:00Z")
	p.deliver(document{"4", -4, []*statement{says(web1, "a", "-")}})
	equal(t, "the newest is gone", *p.w.items[web1]["Custom:Finding"].CaptureTime, "2026-11-23T11:55:00Z")
	equal(t, "in the future", p.deliver(document{"3", 60, []*statement{says(web1, "b", "2")}}), "put=1")
	equal(t, "sent", *p.w.items[web1]["Custom:Finding"].CaptureTime, "2026-11-23T12:00:00Z")
}

func TestATypeThatChanged(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"1", -9, []*statement{says(web1, "a", "1", "2", "3", "4", "5", "6")}})
	types := kinds()
	types["Custom:Finding"].Limit.Entries = 6
	p.config = func(c *Config) { c.Types = types.Type }
	equal(t, "another limit", p.deliver(document{"2", -8, []*statement{says(web1, "a", "1", "2", "3", "4", "5", "6")}}), "put=6")
	equal(t, "holds", p.w.holds(web1), "Finding[a1 a2 a3 a4 a5 a6] Summary[a:6/0]")
	equal(t, "again", p.deliver(document{"3", -7, []*statement{says(web1, "a", "1", "2", "3", "4", "5", "6")}}), "unchanged=6")
}

// TestManyWriters delivers to the same nodes from several goroutines, over a state in a directory: no row is lost.
func TestManyWriters(t *testing.T) {
	store := ledger.Dir(filepath.Join(t.TempDir(), "state"))
	l, err := ledger.Open(t.Context(), store, ledger.Options{Partitions: 1})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld()
	deliverer := New(Config{Ledger: l, SSM: w, Types: kinds().Type, Writer: "w", Clock: func() time.Time { return w.now }})
	const writers, rounds = 4, 8
	var wg sync.WaitGroup
	for writer := range writers {
		wg.Go(func() {
			for round := range rounds {
				s := document{fmt.Sprint(writer, round), round - 100, nil}
				for n := range 3 {
					s.statements = append(s.statements, says(nodeID(n), fmt.Sprint("s", writer), fmt.Sprint(round)))
				}
				if _, _, err := deliverer.Deliver(t.Context(), s.open); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	head, err := l.Load(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		equal(t, "holds", w.holds(nodeID(n)), "Finding[s07 s17 s27 s37] Summary[s0:1/0 s1:1/0 s2:1/0 s3:1/0]")
		if head.Nodes[nodeID(n)].Intent != nil {
			t.Error("an intent is open")
		}
	}
}

var _ Inventory = (*ssm.Client)(nil)

func TestWhatIsClearedIsCounted(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(two())
	part, err := p.try(t.Context(), document{"2", -8, []*statement{owns(says(web1, "a", "-"))}})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "cleared", []int{part.Cleared, part.Nodes, part.Calls}, []int{3, 1, 1})
	equal(t, "entries", p.head().Nodes[web1].Types["Custom:Asset"].Accepted.Entries, 0)
}

func TestEqualTimesAreOrderedByWhenTheDocumentsWereWritten(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	older, newer := says(web1, "a", "1"), says(web1, "a", "2")
	older.Captured = p.w.now.Add(-time.Hour)
	newer.Captured = older.Captured
	equal(t, "newer", p.deliver(document{"1", -5, []*statement{newer}}), "put=1")
	equal(t, "older", p.deliver(document{"2", -9, []*statement{older}}), "stale=1")
	equal(t, "newest", p.deliver(document{"3", -4, []*statement{older}}), "put=1")
}

func TestNoContentHashThatIsTheLastOneOfOtherRows(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"1", -9, []*statement{says(web1, "a", "1")}})
	other := kinds()["Custom:Finding"].Sum([]inventory.Entry{{"2", "", "a", ""}})
	l, err := ledger.Open(t.Context(), p.w, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := p.head()
	h.Nodes[web1].Types["Custom:Finding"].Accepted.ContentHash = other.Content
	if err := l.Save(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	equal(t, "outcomes", p.deliver(document{"2", -8, []*statement{says(web1, "a", "2")}}), "put=1")
	if p.w.items[web1]["Custom:Finding"].ContentHash != nil {
		t.Error("a hash was sent")
	}
	equal(t, "holds", p.w.holds(web1), "Finding[a2] Summary[a:1/0]")
}
