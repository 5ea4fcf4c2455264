package delivery

import (
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// rollBack rolls an import back, and returns the outcomes.
func (p *process) rollBack(id string) string {
	p.t.Helper()
	d, err := p.deliverer(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	of := undo.Rollback{Import: id, ID: undo.ID(id, ""), Types: kinds().Type}
	found, err := of.Find(p.t.Context(), d.config.Ledger, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	h := ledger.Header{Import: of.ID, Mapping: "m", Written: found.Written, Received: p.w.now, Types: shapes(kinds())}
	part, _, err := d.Rollback(p.t.Context(), &undo.Delivery{Rollback: &of, Header: h, First: 1})
	if err != nil {
		p.t.Fatal(err)
	}
	return outcomes(part)
}

// ofList makes a merge of a part of a list, whose rows stay beside snapshots that are written about then.
func ofList(s *statement) *statement {
	s.Merge, s.Part = true, true
	return s
}

// partial makes a merge that sets only what it has values for.
func partial(s *statement) *statement {
	s.Merge, s.Partial = true, true
	return s
}

// TestRolledBack: each kind of statement, whatever was there before.
func TestRolledBack(t *testing.T) {
	for _, c := range []struct {
		name   string
		before []document
		bad    document
		want   string // what the node holds before the bad document, and after it was rolled back
		next   document
		then   string
	}{
		{
			"more than a document may state",
			[]document{{"1", -9, []*statement{owns(merges(web1, "a", "1"), "x", "y")}}, {"2", -8, []*statement{owns(merges(web1, "a"), "z", "w")}}},
			document{"bad", -7, []*statement{owns(says(web1, "a", "9"), "q")}},
			"Asset[aw ax ay] Finding[a1] Summary[a:1/0]",
			document{"3", -6, []*statement{owns(says(web1, "a", "2"), "x")}},
			"Asset[ax] Finding[a2] Summary[a:1/0]",
		},
		{
			"a part",
			[]document{{"1", -9, []*statement{ofList(says(web1, "a", "1", "2"))}}},
			document{"bad", -8, []*statement{ofList(says(web1, "a", "2=bad", "3"))}},
			"Finding[a1 a2] Summary[a:2/0]",
			document{"3", -7, []*statement{says(web1, "a", "7")}},
			"Finding[a1 a2 a7] Summary[a:3/0]", // the end of the list, which leaves its parts
		},
		{
			"partial statements, before and as the bad one",
			[]document{{"1", -9, []*statement{says(web1, "a", "1=one")}}, {"2", -8, []*statement{partial(says(web1, "a", "1=two"))}}},
			document{"bad", -7, []*statement{partial(says(web1, "a", "1=bad", "2=bad"))}},
			"Finding[a1two] Summary[a:1/0]",
			document{"3", -6, []*statement{partial(says(web1, "a", "1=three"))}},
			"Finding[a1three] Summary[a:1/0]",
		},
		{
			"rows that were set and removed since the last snapshot",
			[]document{{"1", -9, []*statement{says(web1, "a", "1", "2")}}, {"2", -8, []*statement{merges(web1, "a", "!1", "3")}}},
			document{"bad", -7, []*statement{says(web1, "a", "8", "9")}},
			"Finding[a2 a3] Summary[a:2/0]",
			document{"3", -6, []*statement{merges(web1, "a", "!2")}},
			"Finding[a3] Summary[a:1/0]",
		},
		{
			"nothing",
			[]document{{"1", -9, []*statement{says(web1, "b", "1")}}},
			document{"bad", -7, []*statement{says(web1, "a", "8", "9")}},
			"Finding[b1] Summary[b:1/0]",
			document{"3", -6, []*statement{merges(web1, "a", "2")}},
			"Finding[b1 a2] Summary[a:1/0 b:1/0]",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			for _, d := range c.before {
				p.deliver(d)
			}
			equal(t, "before", p.w.holds(web1), c.want)
			p.deliver(c.bad)
			if p.w.holds(web1) == c.want {
				t.Error("the bad document changed nothing")
			}
			p.rollBack("bad")
			equal(t, "after", p.w.holds(web1), c.want)
			p.deliver(c.bad)
			equal(t, "after it came again", p.w.holds(web1), c.want)
			p.deliver(c.next)
			equal(t, "after the next", p.w.holds(web1), c.then)
		})
	}
}
