package record_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// generator makes documents and plans that have a good chance to meet.
type generator struct{ *rand.Rand }

func (g generator) pick(from ...string) string { return from[g.IntN(len(from))] }

func (g generator) chance(of int) bool { return g.IntN(of) == 0 }

func (g generator) text() string {
	return g.pick("1", "2", "3", "i-1", "-", "", " s ", "K1", "1/2", "0")
}

func (g generator) document() (doc string, format syntax.Format) {
	switch g.IntN(4) {
	case 0:
		return "<r" + g.element(4) + "</r>", syntax.XML
	case 1:
		return g.json(4, false), syntax.JSON
	case 2:
		var rows []string
		for range g.IntN(4) {
			rows = append(rows, g.object(3))
		}
		return "[" + strings.Join(rows, ",") + "]", syntax.JSON
	default:
		var b strings.Builder
		for range 1 + g.IntN(3) {
			b.WriteString(g.object(3) + "\n")
		}
		return b.String(), syntax.JSON
	}
}

// element is an element's attributes, fields and text, up to its end tag.
func (g generator) element(depth int) string {
	var b strings.Builder
	for _, name := range g.names("x", "y", "k", "X") {
		fmt.Fprintf(&b, ` %s="%s"`, name, g.text())
	}
	b.WriteString(">")
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		for depth > 0 && g.chance(4) {
			fmt.Fprintf(&b, "<%s%s</%s>", name, g.element(depth-1), name)
		}
	}
	if g.chance(3) {
		b.WriteString(g.text())
	}
	return b.String()
}

func (g generator) names(from ...string) []string {
	var out []string
	for _, name := range from {
		if g.chance(3) {
			out = append(out, name)
		}
	}
	g.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func (g generator) object(depth int) string {
	var fields []string
	for _, name := range g.names("a", "b", "c", "d", "e", "x", "y", "k", "X", "v") {
		value := strconv.Quote(g.text())
		switch {
		case name < "f":
			value = g.json(depth-1, false)
		case g.chance(8):
			value = g.pick("null", g.json(depth-1, false))
		}
		fields = append(fields, strconv.Quote(name)+":"+value)
	}
	return "{" + strings.Join(fields, ",") + "}"
}

func (g generator) json(depth int, inList bool) string {
	if depth <= 0 || g.chance(10) {
		return g.pick("null", "7", "true", `"t"`, `""`, `{}`, `"{\"x\":\"1\",\"a\":{\"y\":2}}"`, `"{no"`)
	}
	if g.chance(3) && !inList {
		var items []string
		for range g.IntN(4) {
			items = append(items, g.json(depth, true))
		}
		return "[" + strings.Join(items, ",") + "]"
	}
	return g.object(depth)
}

func (g generator) plan() plan.Plan {
	p := plan.Plan{Unwrap: [][]string{nil, {"v", "x"}}[g.IntN(2)]}
	if g.chance(2) {
		p.Empty = func(text string) bool { return text == "-" }
	}
	if g.chance(3) {
		for _, name := range []string{"t", "u"} {
			p.Tables = append(p.Tables, plan.Table{
				Name: name, Each: g.paths(2, g.pick("", "", "a.", "b.", "$rows."), g.way), Key: g.paths(2, "", g.key), Parts: g.pick("", "", "/"),
			})
		}
	}
	for range 1 + g.IntN(2) {
		p.Blocks = append(p.Blocks, g.block(len(p.Tables) > 0))
	}
	return p
}

func (g generator) block(tables bool) plan.Block {
	var b plan.Block
	switch g.IntN(5) {
	case 0:
	case 1:
		b.Each = mustPaths("$rows")
	case 2:
		b.Each = mustPaths(g.way(), g.way(), "$rows")
	case 3:
		b.Each = mustPaths(g.pick("$rows(x)", "$rows(k=1)", "$rows.a"))
	default:
		b.Each = mustPaths(g.way())
	}
	if g.chance(3) {
		b.Host = g.paths(2, "", g.way)
	}
	b.Reads = g.reads(2, tables)
	b.HostReads = g.reads(2, tables)
	b.CapturedAt = g.reads(1, false)
	if g.chance(2) {
		b.CapturedAt = append(b.CapturedAt, mustPaths("$doc."+g.simple())...)
	}
	for range g.IntN(3) {
		e := plan.Entries{Reads: g.reads(3, tables)}
		if !g.chance(4) {
			e.Each = g.paths(2, "", g.way)
		}
		b.Types = append(b.Types, e)
	}
	return b
}

func (g generator) paths(most int, prefix string, way func() string) []path.Path {
	var out []path.Path
	for range 1 + g.IntN(most) {
		out = append(out, mustPaths(prefix+way())...)
	}
	return out
}

func (g generator) reads(most int, tables bool) []path.Path {
	var out []path.Path
	for range 1 + g.IntN(most) {
		root := g.pick("", "", "", "", "", "$up.", "$up.", "$host.", "$doc.")
		if tables && g.chance(2) {
			root = g.pick("$t(k).", "$t(x).", "$t($up.k).", "$t(k|$up.x|x).", "$u(k).", "$u($t(x).k).", "$t(x).$u(k).", "$t($up.k)?.$u($up.x|k).")
		}
		end := g.pick("", "", "", "", "", ".$name", ".$text", ".$index")
		out = append(out, mustPaths(root+g.any()+end)...)
	}
	return out
}

// simple is a path of names only.
func (g generator) simple() string { return g.pick("x", "y", "k", "X", "a.x", "b.k", "a.b.x") }

// key is a path to a table's key.
func (g generator) key() string { return g.pick("k", "x", "a.x", "$index") }

// any is a path with all that there is.
func (g generator) any() string {
	return g.pick("x", "y", "k", "X", "a.x", "b.y", "c(x).k", "a(x=1|2).y", "b(y!=1).x", "a(0).x", "b(x=1)(0).y", "*.x", "a*.y", "(a)*.x",
		"(b.c)?.y", "a+.x", "c.*", "a", "b(a.x)", "e.d.x", "e(1)", "(a.b)+.x", "d(x=i-*).y", "v", "b(k=K1).x")
}

// way is a path to records, entries or rows.
func (g generator) way() string {
	return g.pick("a", "b", "c", "a.b", "b.c", "a(x=1)", "c(y)", "a(x).b", "b(k!=1).c", "(a)*.b", "a+", "(a.b)+", "a(x)+", "d(0)", "*.b", "(c)?.d",
		"e.e", "e(1).a", "a.b.c", "d*")
}

func mustPaths(texts ...string) []path.Path {
	var out []path.Path
	for _, text := range texts {
		p, err := path.Parse(text)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", text, err))
		}
		out = append(out, p)
	}
	return out
}
