package format

import (
	"errors"
	"testing"
)

func TestParsePathRoots(t *testing.T) {
	for text, want := range map[string]string{
		"a.b": RootHere, "$name": RootHere, "(a.b)*.c": RootHere, "$rows": RootRows, "$rows(plugin)": RootRows, "$rows.detail": RootRows,
		"$doc": RootDoc, "$doc.x(y=1)": RootDoc, "$host.x": RootHost, "$up.x": RootUp, "$up.$name": RootUp, "$file.name": RootFile,
		"$file.key.app": RootFile, "$glossary(QID).TITLE": RootTable, "$rules($up.a.b)": RootTable,
	} {
		p, err := ParsePath(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if p.Root() != want || p.String() != text {
			t.Errorf("%s: root %q, text %q; want root %q", text, p.Root(), p, want)
		}
	}
}

func TestParsePathParts(t *testing.T) {
	table := mustPaths("$glossary(QID).TITLE")[0]
	if key := table.Key(); table.Table() != "glossary" || key == nil || key.String() != "QID" {
		t.Errorf("table %q, key %v", table.Table(), key)
	}
	if file := mustPaths("$file.key.app")[0]; file.File() != "key.app" || !file.Fact() {
		t.Errorf("file %q", file.File())
	}
	if p := mustPaths("a.$index")[0]; !p.Fact() {
		t.Error("$index is a fact")
	}
}

func TestParsePathErrors(t *testing.T) {
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
		_, err := ParsePath(tt.text)
		var wrong *PathError
		if !errors.As(err, &wrong) {
			t.Errorf("%q: error %v, want a *PathError", tt.text, err)
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
		p, err := ParsePath(text)
		if err != nil {
			var wrong *PathError
			if !errors.As(err, &wrong) || wrong.Offset < 0 || wrong.Offset > len(text) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if p.String() != text {
			t.Fatalf("%q became %q", text, p)
		}
		if _, err := Compile(Plan{Blocks: []Block{{Reads: []Path{p}}}}); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
