package delivery

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// named is a document whose sources were named by a template.
type named struct {
	document
	form  string
	later time.Duration // it was received so much later
}

func (d named) deliver(p *process) {
	p.t.Helper()
	deliverer, err := p.deliverer(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	if p.w.now = newWorld().now.Add(d.later); p.config != nil {
		p.t.Fatal("the test has a configuration of its own")
	}
	_, _, err = deliverer.Deliver(p.t.Context(), func() (ledger.Header, iter.Seq2[*ledger.Statement, error], error) {
		h, statements, err := d.open()
		h.Form, h.Received = d.form, p.w.now
		return h, statements, err
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// finds is a statement of a source of the mapping m, which is the source in its rows.
func finds(source string, findings ...string) *statement {
	s := says(web1, source, findings...)
	for i := range s.Types[0].Rows {
		s.Types[0].Rows[i].Values[2] = "m"
	}
	return s
}

// TestSourcesTakeOverFormerNames: what was stated before a template could leave out its last part stands neither twice nor for ever, and is
// not lost either.
func TestSourcesTakeOverFormerNames(t *testing.T) {
	before := func(at int, statements ...*statement) named {
		return named{document: document{id: "before", at: at, statements: statements}}
	}
	now := func(id string, at int, statements ...*statement) named {
		return named{document: document{id: id, at: at, statements: statements}, form: "{tool}{/category/}"}
	}
	late := func(d named, days int) named {
		d.later = time.Duration(days) * 24 * time.Hour
		return d
	}
	for _, c := range []struct {
		name  string
		steps []named
		holds string   // IDs of the findings
		names []string // sources that are left
	}{
		{"the same document again", []named{before(-9, finds("m/A", "1", "2")), now("now", -9, finds("m/A/c", "1", "2"))}, "1 2", []string{"m/A/c"}},
		{"and again", []named{before(-9, finds("m/A", "1")), now("now", -9, finds("m/A/c", "1")), now("now", -9, finds("m/A/c", "1"))}, "1", []string{"m/A/c"}},
		{"some are gone", []named{before(-9, finds("m/A", "1", "2", "3")), now("now", -8, finds("m/A/c", "1", "2", "4"))}, "1 2 4", []string{"m/A/c"}},
		{"another category", []named{before(-9, finds("m/A", "1")), now("now", -8, finds("m/A/d", "2"))}, "1 2", []string{"m/A", "m/A/d"}},
		{
			"another category, then its own",
			[]named{before(-9, finds("m/A", "1", "2")), now("d", -8, finds("m/A/d", "3")), now("c", -7, finds("m/A/c", "1"))},
			"1 3",
			[]string{"m/A/c", "m/A/d"},
		},
		{"the name without a category", []named{before(-9, finds("m/A", "1", "2")), now("now", -8, finds("m/A", "2"))}, "2", []string{"m/A"}},
		{
			"that name stays beside others",
			[]named{now("a", -9, finds("m/A", "1", "2")), now("c", -8, finds("m/A/c", "1", "3"))},
			"1 2 3",
			[]string{"m/A", "m/A/c"},
		},
		{"an older document", []named{before(-7, finds("m/A", "1", "2")), now("now", -8, finds("m/A/c", "1", "3"))}, "1 2 3", []string{"m/A", "m/A/c"}},
		{
			"two runs of a document",
			[]named{before(-9, finds("m/A,B", "1", "2")), now("now", -9, finds("m/A", "1"), finds("m/B", "2"))},
			"1 2",
			[]string{"m/A", "m/B"},
		},
		{"two runs of a document are empty", []named{before(-9, finds("m/A,B", "1", "2")), now("now", -8, finds("m/A", "-"), finds("m/B", "-"))}, "", []string{"m/A", "m/B"}},
		{
			"one of two runs alone",
			[]named{before(-9, finds("m/A,B", "1", "2", "3")), now("now", -8, finds("m/A", "1"))},
			"1 2 3",
			[]string{"m/A", "m/A,B"},
		},
		{
			"one of two runs after the other",
			[]named{before(-9, finds("m/A,B", "1", "2", "3")), now("a", -8, finds("m/A", "1")), now("b", -7, finds("m/B/c", "4"))},
			"1 4",
			[]string{"m/A", "m/B/c"},
		},
		{"another tool", []named{before(-9, finds("m/AB", "1")), now("now", -8, finds("m/A", "2"), finds("m/A/B", "3"))}, "1 2 3", []string{"m/A", "m/A/B", "m/AB"}},
		{
			"long ago",
			[]named{before(-9, finds("m/A", "1")), late(now("now", -8, finds("m/A/d", "2")), 1), late(now("then", -7, finds("m/A/d", "2")), 91)},
			"2",
			[]string{"m/A/d"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			for _, d := range c.steps {
				d.deliver(p)
			}
			var ids []string
			for _, e := range p.w.items[web1]["Custom:Finding"].Content {
				ids = append(ids, e["Id"])
			}
			slices.Sort(ids)
			equal(t, "the node holds", strings.Join(ids, " "), c.holds)
			equal(t, "sources", slices.Sorted(maps.Keys(p.head().Nodes[web1].Sources)), c.names)
		})
	}
}

// TestTakingOverPutsNoRowAgain: the same rows under another name are no change; a roll-up counts by source, and has that name.
func TestTakingOverPutsNoRowAgain(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	named{document: document{id: "before", at: -9, statements: []*statement{finds("m/A", "1", "2")}}}.deliver(p)
	named{document: document{id: "now", at: -9, statements: []*statement{finds("m/A/c", "1", "2")}}, form: "{tool}{/category/}"}.deliver(p)
	equal(t, "puts", p.w.puts, []string{web1 + " Finding=2 Summary=1", web1 + " Summary=1"})
}
