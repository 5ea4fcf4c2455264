package delivery

import (
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// sweep sweeps the only partition.
func (p *process) sweep() (receipt.Part, []Settled) {
	p.t.Helper()
	d, err := p.deliverer(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	part, settled, err := d.Sweep(p.t.Context(), 0)
	if err != nil {
		p.t.Fatal(err)
	}
	return part, settled
}

func TestTheSweepFinishesWhatIsOpen(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		p := &process{t: t, w: newWorld(), name: "w"}
		p.w.answer = on(web1, code("InternalServerError"))
		equal(t, "outcomes", p.deliver(two()), "put=1 pending=2")
		part, settled := p.sweep()
		equal(t, "still", []int{part.Calls, len(settled)}, []int{put.MostCalls, 0})
		p.w.answer = nil
		part, settled = p.sweep()
		equal(t, "then", part.Calls, 1)
		equal(t, "told", settled, []Settled{{Wait: ledger.Wait{Import: "1"}, Node: web1, Outcome: receipt.Put}})
		equal(t, "holds", p.w.holds(web1), "Asset[ax] Finding[a1] Summary[a:1/0]")
		part, _ = p.sweep()
		equal(t, "nothing more", part.Calls, 0)
	})
}

func TestWhatGrowsOldIsConfirmed(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"1", -9, []*statement{owns(says(web1, "a", "1"), "x"), says(web2, "a", "-")}})
	start := p.w.now
	confirmed := 0
	for day := 1; day <= 60; day++ {
		p.w.now = start.Add(time.Duration(day) * 24 * time.Hour)
		part, _ := p.sweep()
		switch {
		case day < 14 && part.Calls > 0:
			t.Errorf("day %d: a call", day)
		case part.Calls > 0 && (part.Calls != 1 || part.Refreshed != 3 || part.Bytes > 0):
			t.Errorf("day %d: %d calls, %d items, %d bytes", day, part.Calls, part.Refreshed, part.Bytes)
		}
		confirmed += part.Calls
		if age := p.w.now.Sub(p.head().Nodes[web1].Types["Custom:Asset"].Accepted.Confirmed()); age > 22*24*time.Hour {
			t.Errorf("day %d: %v old", day, age)
		}
	}
	if confirmed < 2 || confirmed > 4 {
		t.Errorf("confirmed %d times in 60 days", confirmed)
	}
}

// TestARefreshFindsWhatIsNotThere: what the service holds is something else, or nothing.
func TestARefreshFindsWhatIsNotThere(t *testing.T) {
	for _, err := range []error{
		&types.ItemContentMismatchException{TypeName: aws.String("Custom:Asset")}, code("InvalidItemContentException"),
	} {
		p := &process{t: t, w: newWorld(), name: "w"}
		p.deliver(document{"1", -9, []*statement{owns(says(web1, "a", "1"), "x")}})
		p.w.now = p.w.now.Add(14*24*time.Hour + 7*24*time.Hour)
		puts := len(p.w.puts)
		p.w.answer = func(_ string, put int) error {
			if put == puts {
				return err
			}
			return nil
		}
		part, _ := p.sweep()
		equal(t, "calls", part.Calls, 2)
		equal(t, "puts", p.w.puts[puts+1], web1+" Asset=1 Finding=1 Summary=1")
	}
}

func TestExpiry(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w", config: func(c *Config) {
		c.Expires = func(string) time.Duration { return 10 * 24 * time.Hour }
	}}
	p.deliver(document{"1", -9, []*statement{says(web1, "a", "1"), says(web1, "b", "2")}})
	p.w.now = p.w.now.Add(9 * 24 * time.Hour)
	again := document{"2", -8, []*statement{says(web1, "b", "2")}}
	d, err := p.deliverer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Deliver(t.Context(), func() (ledger.Header, iter.Seq2[*statement, error], error) {
		h, list, err := again.open()
		h.Received = p.w.now
		return h, list, err
	}); err != nil {
		t.Fatal(err)
	}
	p.w.now = p.w.now.Add(2 * 24 * time.Hour)
	part, _ := p.sweep()
	equal(t, "expired", part.Expired, 1)
	equal(t, "holds", p.w.holds(web1), "Finding[b2] Summary[b:1/0]")
	if p.head().Nodes[web1].Sources["a"] != nil {
		t.Error("the source is still known")
	}
}

// absences delivers a snapshot of a source that speaks for all nodes; named are identifiers that lead to no node now.
func (p *process) absences(d document, named ...string) receipt.Part {
	p.t.Helper()
	deliverer, err := p.deliverer(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	names := &ledger.NamedIdentifiers{}
	for _, s := range d.statements {
		for _, id := range s.Subject {
			names.Add(id)
		}
	}
	for _, id := range named {
		names.Add(id)
	}
	part, _, err := deliverer.Deliver(p.t.Context(), func() (ledger.Header, iter.Seq2[*statement, error], error) {
		h, list, err := d.open()
		h.Absence = &ledger.Absence{Stamp: ledger.Stamp{Captured: h.Written, Written: h.Written}, Sources: []string{"a"}, Named: names}
		return h, list, err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return part
}

func (p *process) clear(id string) receipt.Part {
	p.t.Helper()
	d, err := p.deliverer(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	part, _, err := d.Clear(p.t.Context(), 0, id)
	if err != nil {
		p.t.Fatal(err)
	}
	return part
}

func TestAbsence(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.absences(document{"1", -9, []*statement{says(web1, "a", "1"), says(web2, "a", "2"), says(web2, "b", "5"), says(web3, "a", "3")}})
	second := document{"2", -8, []*statement{says(web1, "a", "1")}}
	part := p.absences(second, "hostname="+web3) // which is parked
	equal(t, "counted", part.Absent, []receipt.Absent{{Source: "a", Nodes: 3, Absent: 1}})
	equal(t, "held until it is decided", p.w.holds(web2), "Finding[a2 b5] Summary[a:1/0 b:1/0]")
	equal(t, "again", p.absences(second, "hostname="+web3).Absent, part.Absent)
	equal(t, "of another import", p.clear("1").ClearedNodes, 0)
	equal(t, "cleared", p.clear("2").ClearedNodes, 1)
	equal(t, "holds", []string{p.w.holds(web1), p.w.holds(web2), p.w.holds(web3)}, []string{
		"Finding[a1] Summary[a:1/0]", "Finding[b5] Summary[b:1/0]", "Finding[a3] Summary[a:1/0]",
	})
	equal(t, "what was said before", p.deliver(document{"1", -9, []*statement{says(web2, "a", "2")}}), "stale=1")
	equal(t, "named again", p.deliver(document{"3", -7, []*statement{says(web2, "a", "4")}}), "put=1")
	equal(t, "an older document", p.absences(document{"2b", -8, []*statement{says(web1, "a", "1")}}).Absent,
		[]receipt.Absent{{Source: "a", Nodes: 3, Absent: 1}}) // web3, not web2
}

// TestNamedAgainBeforeItIsCleared: a later document decides.
func TestNamedAgainBeforeItIsCleared(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.absences(document{"1", -9, []*statement{says(web1, "a", "1"), says(web2, "a", "2")}})
	p.absences(document{"2", -8, []*statement{says(web1, "a", "1")}})
	p.absences(document{"3", -7, []*statement{says(web1, "a", "1"), says(web2, "a", "2")}})
	equal(t, "cleared", p.clear("2").ClearedNodes, 0)
	equal(t, "holds", p.w.holds(web2), "Finding[a2] Summary[a:1/0]")
}

// removes removes a source from the partition.
func (p *process) removes(source string) receipt.Part {
	p.t.Helper()
	d, err := p.deliverer(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	part, _, err := d.Remove(p.t.Context(), 0, source)
	if err != nil {
		p.t.Fatal(err)
	}
	return part
}

func TestRemovingASource(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"1", -9, []*statement{says(web1, "a", "1"), says(web1, "b", "2"), says(web2, "a", "1")}})
	equal(t, "calls", p.removes("a").Calls, 2)
	equal(t, "holds", []string{p.w.holds(web1), p.w.holds(web2)}, []string{"Finding[b2] Summary[b:1/0]", "Finding[] Summary[]"})
}

// TestRemovingASourceWhoseTypeIsNotLoaded: what the service still has of it is taken away as soon as the type is loaded again. Until now it
// stayed there, and was confirmed, for ever.
func TestRemovingASourceWhoseTypeIsNotLoaded(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"1", -9, []*statement{says(web1, "a", "1"), says(web1, "b", "2"), says(web2, "a", "1")}})
	p.config = func(c *Config) { c.Types = func(string) (*inventory.Type, bool) { return nil, false } }
	equal(t, "calls", p.removes("a").Calls, 0)
	equal(t, "still holds", []string{p.w.holds(web1), p.w.holds(web2)}, []string{"Finding[a1 b2] Summary[a:1/0 b:1/0]", "Finding[a1] Summary[a:1/0]"})
	p.sweep()
	if p.head().Nodes[web2].Intent == nil {
		t.Fatal("nothing is open")
	}
	p.config = nil
	p.sweep()
	equal(t, "holds", []string{p.w.holds(web1), p.w.holds(web2)}, []string{"Finding[b2] Summary[b:1/0]", "Finding[] Summary[]"})
	for id, n := range p.head().Nodes {
		if n.Intent != nil {
			t.Error(id, "stays open")
		}
	}
}

// account is what an account has of custom types.
func (w *world) account(versions ...string) {
	for _, v := range versions {
		w.schemas = append(w.schemas, types.InventoryItemSchema{TypeName: aws.String(v[:len(v)-4]), Version: aws.String(v[len(v)-3:])})
	}
}

func TestAdoption(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.w.account("Custom:Finding 1.0")
	p.w.found = map[string][]map[string]string{web1 + " Custom:Finding": {{"Id": "8", "Source": "x", "Title": "old", "Other": "?"}}}
	doc := document{"1", -9, []*statement{owns(says(web1, "a", "1"), "y"), says(web2, "a", "2")}}
	equal(t, "planned", outcomes(p.plan(doc)), "put=3")
	equal(t, "outcomes", p.deliver(doc), "put=3")
	equal(t, "holds", []string{p.w.holds(web1), p.w.holds(web2)}, []string{
		"Asset[ay] Finding[a1 x8old] Summary[a:1/0 found:1/0]", "Finding[a2] Summary[a:1/0]",
	})
	p.w.listed = 0
	p.deliver(document{"2", -8, []*statement{owns(says(web1, "a", "1", "3"), "y"), says(web2, "a", "2", "3")}})
	equal(t, "asked once", p.w.listed, 0)
	equal(t, "kept", p.w.holds(web1), "Asset[ay] Finding[a1 a3 x8old] Summary[a:2/0 found:1/0]")
}

func TestTypesThatTheAccountDoesNotTake(t *testing.T) {
	var full []string
	for i := range inventory.MaxCustomTypes {
		full = append(full, fmt.Sprintf("Custom:Other%d 1.0", i))
	}
	for _, c := range []struct {
		name    string
		account []string
		want    string
	}{
		{"a higher version", []string{"Custom:Asset 1.1"}, "put=2 failed=1"},
		{"no room", full, "failed=3"},
		{"room for two", full[:inventory.MaxCustomTypes-2], "put=2 failed=1"},
	} {
		bubble(t, c.name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			p.w.account(c.account...)
			got := p.deliver(two())
			if c.name == "room for two" { // which of them is a matter of order
				c.want = got
				if n := len(p.w.items[web1]) + len(p.w.items[web2]); n == 0 {
					t.Error("nothing was put")
				}
			}
			equal(t, "outcomes", got, c.want)
			equal(t, "again", len(p.w.puts) > 0 && p.head().Nodes[web1].Intent == nil, false)
		})
	}
}

func TestQuestionsThatAreNotAnsweredLeaveNodesOpen(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		p := &process{t: t, w: newWorld(), name: "w"}
		p.config = func(c *Config) { c.SSM = deaf{p.w} }
		equal(t, "outcomes", p.deliver(two()), "pending=3")
		p.config = nil
		equal(t, "then", p.deliver(two()), "put=3")
	})
}

// deaf is a service that does not say which types it has.
type deaf struct{ *world }

func (deaf) GetInventorySchema(ctx ctx, _ *schemaInput, _ ...func(*options)) (*schemaOutput, error) {
	return nil, errors.New("connection refused")
}
