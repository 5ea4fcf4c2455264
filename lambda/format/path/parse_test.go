package path_test

import (
	"errors"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
)

func TestParseRoots(t *testing.T) {
	for text, want := range map[string]string{
		"a.b": path.RootHere, "$name": path.RootHere, "(a.b)*.c": path.RootHere, "$rows": path.RootRows, "$rows(plugin)": path.RootRows, "$rows.detail": path.RootRows,
		"$doc": path.RootDoc, "$doc.x(y=1)": path.RootDoc, "$host.x": path.RootHost, "$up.x": path.RootUp, "$up.$name": path.RootUp, "$file.name": path.RootFile,
		"$file.key.app": path.RootFile, "$glossary(QID).TITLE": path.RootTable, "$rules($up.a.b)": path.RootTable,
	} {
		p, err := path.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if p.Root != want || p.String() != text {
			t.Errorf("%s: root %q, text %q; want root %q", text, p.Root, p, want)
		}
	}
}

func parsed(text string) path.Path {
	p, err := path.Parse(text)
	if err != nil {
		panic(err)
	}
	return p
}

func TestParseParts(t *testing.T) {
	table := parsed("$glossary(QID).TITLE")
	if table.Table != "glossary" || len(table.Keys) != 1 || table.Keys[0].String() != "QID" || table.In != nil {
		t.Errorf("table %q, keys %v, in %v", table.Table, table.Keys, table.In)
	}
	inside := parsed("$components(rule.toolComponent.index)?.$rules(ruleIndex|$up.rule(a=x|y).index|$index).a.$index")
	if inside.Table != "rules" || len(inside.Keys) != 3 || inside.Keys[1].String() != "$up.rule(a=x|y).index" || inside.End != path.Index || len(inside.Steps) != 1 {
		t.Errorf("table %q, keys %v, steps %d", inside.Table, inside.Keys, len(inside.Steps))
	}
	if in := inside.In; in == nil || in.Table != "components" || !inside.InAny || in.String() != "$components(rule.toolComponent.index)" {
		t.Errorf("in %v", in)
	}
	if three := parsed("$a(x).$b(y).$c(z)"); three.Table != "c" || three.InAny || three.In.Table != "b" || three.In.In.Table != "a" || three.In.In.In != nil {
		t.Errorf("%v in %v", three, three.In)
	}
	if file := parsed("$file.key.app"); file.File != "key.app" || !file.Fact() {
		t.Errorf("file %q", file.File)
	}
	if p := parsed("a.$index"); !p.Fact() {
		t.Error("$index is a fact")
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		text   string
		offset int
	}{
		{"", 0},
		{"a..b", 2},
		{".a", 0},
		{"a.", 2},
		{"a[0]", 1},
		{`a"b`, 1},
		{"a(", 1},
		{"a()", 1},
		{"a(x", 1},
		{"a(x=)", 4},
		{"a)", 1},
		{"(a", 2},
		{"$", 1},
		{"$nothing", 0},
		{"$nothing.x", 0},
		{"$a(x|)", 5},
		{"$a(x)?", 6},
		{"$a(x)?.b", 7},
		{"$a(x).$up.b", 6},
		{"$a(x).$rows", 6},
		{"a|b", 1},
		{"$up", 3},
		{"$file", 5},
		{"$file.size", 6},
		{"$name.x", 6},
		{"a.$doc", 2},
		{"((a)*)*", 0},
		{"a(x=1)b", 6},
		{"$rows(0)", 8},
		{"a#b", 1},
		{"a@b", 1},
		{"a(x$y=1)b", 8},
		{"($name)*", 0},
		{"a($host.x=1)", 2},
		{"a(b.$name.c=1)", 10},
	}
	for _, tt := range tests {
		_, err := path.Parse(tt.text)
		var wrong *path.Error
		if !errors.As(err, &wrong) {
			t.Errorf("%q: error %v, want a *path.Error", tt.text, err)
			continue
		}
		if wrong.Offset != tt.offset {
			t.Errorf("%q: offset %d (%s), want %d", tt.text, wrong.Offset, wrong.Msg, tt.offset)
		}
	}
}

func FuzzParsePath(f *testing.F) {
	for _, text := range []string{"a.b", "a(x=1|2)+.c", "(a.(b)?)*.c", "$t($up.k).x.$name", "$rows(x!=y)", "a(0)(b.c=d*)", "$file.key.x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := path.Parse(text)
		if err != nil {
			var wrong *path.Error
			if !errors.As(err, &wrong) || wrong.Offset < 0 || wrong.Offset > len(text) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if p.String() != text {
			t.Fatalf("%q became %q", text, p)
		}
		if _, err := plan.Compile(plan.Plan{Blocks: []plan.Block{{Reads: []path.Path{p}}}}); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
