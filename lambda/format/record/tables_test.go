package record_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// dense is an object whose levels have much in common, so that rows of tables stand everywhere.
func (g generator) dense(depth int) string {
	fields := []string{fmt.Sprintf(`"k":"%s"`, g.pick("1", "2", "2/1", "0", "1/2/3")), fmt.Sprintf(`"x":%d`, g.IntN(1000))}
	for _, name := range []string{"a", "b", "c"} {
		if depth == 0 || g.chance(3) {
			continue
		}
		value := g.dense(depth - 1)
		if !g.chance(3) {
			var items []string
			for range g.IntN(4) {
				items = append(items, g.dense(depth-1))
			}
			value = "[" + strings.Join(items, ",") + "]"
		}
		fields = append(fields, fmt.Sprintf("%q:%s", name, value))
	}
	g.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	return "{" + strings.Join(fields, ",") + "}"
}

func (g generator) tablePlan() plan.Plan {
	var p plan.Plan
	rows := func() string {
		return g.pick("a", "b", "a.b", "a.c", "b.a", "a.b.c", "a.(b)?", "*.b", "(a)*.b", "$rows.a", "$rows.a.b", "$rows(k=1)", "$rows(k=1).b", "a+.b", "a.b(k=1)")
	}
	for _, name := range []string{"t", "u"} {
		p.Tables = append(p.Tables, plan.Table{Name: name, Each: g.paths(2, "", rows), Key: g.paths(2, "", func() string { return g.pick("k", "$index") }), Parts: g.pick("", "/")})
	}
	if g.chance(2) { // a table whose rows stand inside those of another one
		p.Tables[0].Each, p.Tables[1].Each = mustPaths(g.pick("a", "b", "*", "$rows.a")), mustPaths(g.pick("a.b", "b.a", "b.c", "*.b", "*.a.b", "$rows.a.(b)*.c", "a.(b)*.c"))
	}
	look := func() string {
		return g.pick("$t(k).x", "$t($up.k).x", "$u($up.k|k).x", "$t(k).$u(k).x", "$t(k)?.$u($up.k|$index).x", "$u($t(k).k).x", "$t($index).x", "$t(x|k).$index")
	}
	b := plan.Block{
		Each: mustPaths(g.pick("a", "a.b", "a.c", "$rows", "b", "*")), Reads: g.paths(3, "", look),
		Types: []plan.Entries{{Each: mustPaths(g.pick("b", "c", "a.b", "b.c")), Reads: g.paths(4, "", look)}},
	}
	if g.chance(3) {
		b.Each, b.Reads = nil, mustPaths("$t(k).x", "$u(k).x") // of a list as a whole no position is kept
	}
	if g.chance(3) {
		b.Host, b.HostReads = mustPaths(g.pick("b", "c")), g.paths(2, "", look)
	}
	p.Blocks = []plan.Block{b}
	return p
}

// TestTablesAgainstWholeTrees: each place looks rows up in the nearest object around it.
func TestTablesAgainstWholeTrees(t *testing.T) {
	n := uint64(6000)
	if testing.Short() {
		n = 600
	}
	for seed := range n {
		g := generator{rand.New(rand.NewPCG(seed, 2))}
		doc := g.dense(4)
		if g.chance(2) {
			doc = "[" + doc + "," + g.dense(3) + "]"
		}
		compareTo(t, seed, g.tablePlan(), doc, syntax.JSON)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
