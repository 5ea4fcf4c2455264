package delivery

import (
	"fmt"
	"slices"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// sieved leaves of a statement's rows those that are held of very many.
func sieved(s *ledger.Statement) *ledger.Statement {
	best := kinds()[s.Types[0].Type].Best()
	byHash := map[uint64][]inventory.Given{}
	for _, row := range s.Types[0].Rows {
		h := best.Hash(row.Values)
		byHash[h] = append(byHash[h], inventory.Given{Entry: row.Values, Record: row.Record})
	}
	for _, given := range byHash {
		best.Add(given)
	}
	next := *s
	next.Types = []ledger.TypeStatement{{Type: s.Types[0].Type}}
	for _, g := range best.Held() {
		next.Types[0].Rows = append(next.Types[0].Rows, ledger.Row{Values: g.Entry, Record: g.Record})
	}
	next.Types[0].Beyond = best.Beyond
	return &next
}

func many(n int, more ...string) []string {
	for i := range n {
		more = append(more, fmt.Sprintf("%02d=%s", 40+i, []string{"HIGH", "low", "low"}[i%3]))
	}
	return more
}

// TestRowsBeyondAreOnlyCounted: nodes hold the same, and records end the same, whether all rows of a source are stated or those that are held with
// what is known of the others; whatever is stated before and after.
func TestRowsBeyondAreOnlyCounted(t *testing.T) {
	bubble(t, "rows beyond", func(t *testing.T) {
		whole, held := &process{t: t, w: newWorld(), name: "w"}, &process{t: t, w: newWorld(), name: "w"}
		steps := []struct {
			s    *ledger.Statement
			sift bool
		}{
			{says(web1, "b", "41=x", "90=y"), false},
			{says(web1, "a", many(30, "60=HIGH", "60=low", "99=x", "99=x", "98=a", "98=b")...), true},
			{says(web1, "a", many(30)...), true},
			{says(web1, "a", many(29)...), true}, // only what is not held is another
			{merges(web1, "a", "01=HIGH", "!41"), false},
			{says(web1, "b", "01=z", "02=z", "03=z"), false},
			{after(says(web1, "a", many(40)...), -90), true}, // older
			{says(web1, "a", many(31)...), true},
			{says(web1, "a", "05=x", "06=HIGH"), false},
		}
		before := 0
		for i, step := range steps {
			id, at := fmt.Sprint("d", i), -40+i
			want := whole.deliver(document{id: id, at: at, statements: []*ledger.Statement{step.s}})
			s := step.s
			if step.sift {
				s = sieved(s)
			}
			got := held.deliver(document{id: id, at: at, statements: []*ledger.Statement{s}})
			equal(t, fmt.Sprint("outcomes of ", id), got, want)
			equal(t, fmt.Sprint("what is held after ", id), held.w.holds(web1), whole.w.holds(web1))
			share := held.head().Nodes[web1].Type("Custom:Finding").Shares["a"]
			if step.sift && share.Count > 12 {
				t.Errorf("%s: the share has %d rows", id, share.Count)
			}
			if share != nil {
				before = max(before, share.Beyond.Rows)
			}
		}
		if before == 0 || held.head().Nodes[web1].Type("Custom:Finding").Shares["a"].Beyond.Rows != 0 {
			t.Error("rows beyond were not counted, or still are")
		}
	})
}

// TestTooManyRowsBeyondAreRejected: of a type that rejects what is over its limit, the records of all rows are rejected.
func TestTooManyRowsBeyondAreRejected(t *testing.T) {
	bubble(t, "too many rows", func(t *testing.T) {
		p := &process{t: t, w: newWorld(), name: "w"}
		s := owns(&ledger.Statement{Node: web1, Source: "a", Subject: []string{"hostname=" + web1}}, many(30)...)
		s.Types = slices.DeleteFunc(s.Types, func(ts ledger.TypeStatement) bool { return len(ts.Rows) == 0 })
		equal(t, "outcomes", p.deliver(document{id: "d", at: -40, statements: []*ledger.Statement{sieved(s)}}), "rejected=30")
	})
}
