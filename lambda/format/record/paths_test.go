package record_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// readAll gives, of each record and entry of the only block, the texts of the block's reads: what stands in the entries
// if it has types, else what stands in the records.
func readAll(t *testing.T, thePlan plan.Plan, format syntax.Format, doc string) ([]string, error) {
	t.Helper()
	program, err := plan.Compile(thePlan)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rec, err := range record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(doc), Format: format, TempDir: t.TempDir()}).Records() {
		if err != nil {
			return out, err
		}
		s := rec.Scope()
		block := &thePlan.Blocks[rec.Block]
		if len(block.Types) == 0 {
			out = append(out, joined(block.Reads, &s, rec.Value))
		}
		for found, err := range rec.Entries() {
			if err != nil {
				return out, err
			}
			out = append(out, joined(block.Types[found.Type].Reads, &s, found.Value))
		}
	}
	return out, nil
}

func joined(paths []path.Path, s *path.Scope, n *tree.Value) string {
	var texts []string
	for i := range paths {
		texts = append(texts, strings.Join(paths[i].Texts(s, n, nil), ","))
	}
	return strings.Clone(strings.Join(texts, "; ")) // a joint of one is that one, and not a copy
}

func sniffed(doc string) syntax.Format {
	if strings.HasPrefix(doc, "<") {
		return syntax.XML
	}
	return syntax.JSON
}

// TestPaths is what the language's table of paths says, each row with documents in which it matters.
func TestPaths(t *testing.T) {
	tests := []struct{ name, path, doc, want string }{
		{"field", "a.b", `{"a":{"b":"1"},"b":"2"}`, "1"},
		{"numbers keep their spelling", "a", `{"a":1.10}`, "1.10"},
		{"booleans", "a", `{"a":true}`, "true"},
		{"null and empty", "*", `{"a":null,"b":"","c":"  ","d":"x"}`, "x"},
		{"loose", "pluginID", `{"Plugin ID":"1"}`, "1"},
		{"exact before loose", "plugin_id", `{"PluginID":"1","plugin_id":"2"}`, "2"},
		{"exact before loose, the other way", "plugin_id", `{"plugin_id":"2","PluginID":"1"}`, "2"},
		{"an exact null is no field", "plugin_id", `{"plugin_id":null,"PluginID":"1"}`, "1"},
		{"lists", "a.b", `{"a":[{"b":"1"},[{"b":["2","3"]}]]}`, "1,2,3"},
		{"any field", "a.*.x", `{"a":{"p":{"x":"1"},"q":[{"x":"2"}]}}`, "1,2"},
		{"fitting field", "cmdb_ci*.n", `{"cmdb_ci":{"n":"1"},"cmdb_ci_server":{"n":"2"},"other":{"n":"3"}}`, "1,2"},
		{"n-th", "a(1)", `{"a":["x","y","z"]}`, "y"},
		{"n-th counts nulls", "a(1)", `{"a":[null,"y"]}`, "y"},
		{"n-th of elements", "a(1).b", `<r><a><b>1</b></a><a><b>2</b></a></r>`, "2"},
		{"n-th out of range", "a(7)", `{"a":["x"]}`, ""},
		{"has", "a(t=4|6).v", `{"a":[{"t":"4","v":"1"},{"t":"5","v":"2"},{"v":"3","t":6}]}`, "1,3"},
		{"has not", "a(t!=4).v", `{"a":[{"t":"4","v":"1"},{"t":"5","v":"2"},{"v":"3"}]}`, "2,3"},
		{"fits", "a(t=vuln*).v", `{"a":[{"t":"vulnerable","v":"1"},{"t":"not vuln","v":"2"}]}`, "1"},
		{"has the field", "a(t).v", `{"a":[{"t":{},"v":"1"},{"t":null,"v":"2"},{"v":"3"},{"t":[],"v":"4"}]}`, "1,4"},
		{"condition on a path", "a(s.t=open).v", `<r><a v="1"><s t="open"/></a><a v="2"><s t="shut"/></a></r>`, "1"},
		{"condition after the value", "a(t=1).v", `<r><a><v>x</v><t>1</t></a></r>`, "x"},
		{"condition on its text", "a($text=x).v", `<r><a v="1">x</a><a v="2">y</a></r>`, "1"},
		{"group none or more", "(g)*.r", `<r><r>1</r><g><r>2</r><g><r>3</r></g></g></r>`, "1,2,3"},
		{"group once or more", "(g)+.r", `<r><r>1</r><g><r>2</r></g></r>`, "2"},
		{"group or not", "(g)?.r", `{"r":"1","g":{"r":"2","g":{"r":"3"}}}`, "1,2"},
		{"field once or more", "c+.n", `{"c":[{"n":"1","c":[{"n":"2"}]},{"n":"3"}]}`, "1,2,3"},
		{"rows of a list", "$rows.a", `[{"a":"1"},{"a":"2"}]`, "1,2"},
		{"a lone object is its row", "$rows.a", `{"a":"1"}`, "1"},
		{"rows of lines", "$rows.a", "{\"a\":\"1\"}\n{\"a\":\"2\"}", "1,2"},
		{"elements are no rows", "$rows.a", `<r a="1"/>`, ""},
		{"document", "$doc.a.b", `{"a":{"b":"1"}}`, "1"},
		{"own text", "a.$text", `<r><a x="1"> t </a></r>`, "t"},
		{"element as text", "a", `<r><a x="1"> t </a></r>`, "t"},
		{"attribute and child", "a.x", `<r><a x="1"><x>2</x></a></r>`, "1,2"},
		{"prefix", "a.b", `<n:r xmlns:n="u"><n:a n:b="1"/></n:r>`, "1"},
		{"field name", "a.*.$name", `{"a":{"p":{},"q":"1"}}`, "p,q"},
		{"position", "a.$index", `{"a":["x","y"]}`, "0,1"},
		{"items of a list in a list", "a.1", `{"a":[["x","y"],["z"],["u",null],["v",["w","t"]]]}`, "y,w,t"},
		{"items of a list alone", "a.1", `{"a":["x","y"]}`, ""},
		{"a field called a number", "a.1", `{"a":[{"0":"x","1":"y"}]}`, "y"},
		{"lists in a list, whose items are not asked for", "a", `{"a":[["x","y"],["z"]]}`, "x,y,z"},
		{"JSON in a text", "a.b.c", `{"a":"{\"b\":[{\"c\":1},{\"c\":2}]}"}`, "1,2"},
		{"JSON in a text as a text", "a", `{"a":"{\"b\":1}"}`, `{"b":1}`},
		{"no JSON in a text", "a.b", `{"a":"{b:1}"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readAll(t, plan.Plan{Blocks: []plan.Block{{Reads: mustPaths(tt.path)}}}, sniffed(tt.doc), tt.doc)
			if diff := cmp.Diff([]string{tt.want}, got); err != nil || diff != "" {
				t.Errorf("%s in %s: %v\n%s", tt.path, tt.doc, err, diff)
			}
		})
	}
}

// TestConditionsOnTheDocument: also of a document that is read as a list of rows, since a block asks for rows.
func TestConditionsOnTheDocument(t *testing.T) {
	tests := []struct{ name, each, doc, want string }{
		{"the field is there", "$doc(e)", `{"k":"a","e":[{"i":"1"},{"i":"2"}]}`, "1 2"},
		{"behind what is read", "$doc(k)", `{"e":[{"i":"1"}],"k":"a"}`, "1"},
		{"it is not there", "$doc(x)", `{"k":"a","e":[{"i":"1"}]}`, ""},
		{"it fits", "$doc(e.i=2)", `{"k":"a","e":[{"i":"1"},{"i":"2"}]}`, "1 2"},
		{"it does not", "$doc(e.i=3)", `{"k":"a","e":[{"i":"1"},{"i":"2"}]}`, ""},
		{"two", "$doc(k!=b)(e)", `{"k":"a","e":[{"i":"1"}]}`, "1"},
		{"one of two is not fulfilled", "$doc(k!=a)(e)", `{"k":"a","e":[{"i":"1"}]}`, ""},
		{"in any line", "$doc(k=b)", "{\"k\":\"a\",\"e\":[{\"i\":\"1\"}]}\n{\"k\":\"b\",\"e\":[{\"i\":\"2\"}]}", "1 2"},
	}
	for _, tt := range tests {
		entries := []plan.Entries{{Each: mustPaths("e"), Reads: mustPaths("i")}}
		for _, other := range []string{"h", "$rows(no)"} {
			t.Run(tt.name+" beside "+other, func(t *testing.T) {
				if other == "h" && strings.Contains(tt.doc, "\n") {
					return // without rows the first line alone would be the document
				}
				got, err := readAll(t, plan.Plan{Blocks: []plan.Block{{Each: mustPaths(other), Types: entries}, {Each: mustPaths(tt.each), Types: entries}}}, syntax.JSON, tt.doc)
				if diff := cmp.Diff(tt.want, strings.Join(got, " ")); err != nil || diff != "" {
					t.Errorf("%s in %s: %v\n%s", tt.each, tt.doc, err, diff)
				}
			})
		}
	}
}

func TestRecordsAndEntries(t *testing.T) {
	entries := func(each []path.Path, reads ...string) []plan.Entries {
		return []plan.Entries{{Each: each, Reads: mustPaths(reads...)}}
	}
	tests := []struct {
		name, doc string
		plan      plan.Plan
		want      []string
	}{
		{
			"fields of the record after its entries", `{"h":[{"e":[{"i":1}],"n":"x"}]}`,
			plan.Plan{Blocks: []plan.Block{{Each: mustPaths("h"), Types: entries(mustPaths("e"), "i", "$host.n", "$up.n")}}},
			[]string{"1; x; x"},
		},
		{
			"fields above the record after it", `{"h":[{"i":1}],"n":"x"}`,
			plan.Plan{Blocks: []plan.Block{{Each: mustPaths("h"), Reads: mustPaths("i", "$up.n", "$doc.n")}}},
			[]string{"1; x; x"},
		},
		{
			"the nearest that has it", `<r p="0"><s p="1"><t><e/></t></s><s><t p=""><e/></t></s></r>`,
			plan.Plan{Blocks: []plan.Block{{Types: entries(mustPaths("s.t.e"), "$up.p")}}},
			[]string{"1", "0"},
		},
		{
			"table after its use, key without case", `<r><h><k>A</k></h><t><row id="a"><x>1</x></row><row id="A"><x>2</x></row></t></r>`,
			plan.Plan{Tables: []plan.Table{{Name: "t", Each: mustPaths("t.row"), Key: mustPaths("id")}}, Blocks: []plan.Block{{Each: mustPaths("h"), Reads: mustPaths("$t(k).x")}}},
			[]string{"1"},
		},
		{
			"inner entries leave first", `{"c":[{"n":"1","c":[{"n":"2"}]},{"n":"3"}]}`,
			plan.Plan{Blocks: []plan.Block{{Types: entries(mustPaths("c+"), "n")}}},
			[]string{"2", "1", "3"},
		},
		{
			"map of entries", `{"p":{"bash":{"v":1},"zsh":{"v":2}}}`,
			plan.Plan{Blocks: []plan.Block{{Types: entries(mustPaths("p.*"), "$name", "v")}}},
			[]string{"bash; 1", "zsh; 2"},
		},
		{"texts as entries", `{"p":["x","","y"]}`, plan.Plan{Blocks: []plan.Block{{Types: entries(mustPaths("p"), "$text", "$index")}}}, []string{"x; 0", "y; 2"}},
		{
			"lists as entries", `{"p":[["bash","5.2",null],["zsh"],{"0":"vim","1":"9"}],"n":"x"}`,
			plan.Plan{Blocks: []plan.Block{{Types: entries(mustPaths("p"), "0", "1", "2", "$up.n", "$index")}}},
			[]string{"bash; 5.2; ; x; 0", "zsh; ; ; x; 1", "vim; 9; ; x; 2"},
		},
		{"lists as records", `[["a","1"],["b","2"]]`, plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows"), Reads: mustPaths("0", "1")}}}, []string{"a; 1", "b; 2"}},
		{
			"lists as rows of a table", `{"t":[["a","1"],["b","2"]],"h":{"k":"b"}}`,
			plan.Plan{Tables: []plan.Table{{Name: "t", Each: mustPaths("t"), Key: mustPaths("0")}}, Blocks: []plan.Block{{Each: mustPaths("h"), Reads: mustPaths("$t(k).1")}}},
			[]string{"2"},
		},
		{
			"several machines", `{"r":[{"t":"ec2","i":"1"},{"t":"s3","i":"2"},{"t":"ec2","i":"3"}]}`,
			plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows"), Host: mustPaths("r(t=ec2)"), Reads: mustPaths("$host.i")}}},
			[]string{"1"},
		},
		{
			"unwrapped", `{"a":{"value":"v","display_value":"d"},"b":{"value":"w"}}`,
			plan.Plan{Unwrap: []string{"display_value", "value"}, Blocks: []plan.Block{{Reads: mustPaths("a", "b", "a.value")}}},
			[]string{"d; w; v"},
		},
		{
			"empty words", `{"a":"N/A","b":"x"}`,
			plan.Plan{Empty: func(s string) bool { return s == "N/A" }, Blocks: []plan.Block{{Reads: mustPaths("*", "a")}}},
			[]string{"x; "},
		},
		{"rows when no other place is there", `[{"i":1},{"i":2}]`, plan.Plan{Blocks: []plan.Block{{Each: mustPaths("d.f", "f", "$rows"), Reads: mustPaths("i")}}}, []string{"1", "2"}},
		{"another place than rows", `{"f":[{"i":1},{"i":2}],"i":3}`, plan.Plan{Blocks: []plan.Block{{Each: mustPaths("d.f", "f", "$rows"), Reads: mustPaths("i")}}}, []string{"1", "2"}},
		{
			"another place in each line", "{\"d\":{\"f\":[{\"i\":1}]}}\n{\"d\":{\"f\":[{\"i\":2}]}}",
			plan.Plan{Blocks: []plan.Block{{Each: mustPaths("d.f", "f", "$rows"), Reads: mustPaths("i")}}},
			[]string{"1", "2"},
		},
		{"an empty place is one", `{"f":[],"i":3}`, plan.Plan{Blocks: []plan.Block{{Each: mustPaths("f", "$rows"), Reads: mustPaths("i")}}}, nil},
		{"a text is no place", `{"f":"x","i":3}`, plan.Plan{Blocks: []plan.Block{{Each: mustPaths("f", "$rows"), Reads: mustPaths("i")}}}, []string{"3"}},
		{
			"rows of one kind each", `[{"p":1,"i":1},{"q":1,"i":2}]`,
			plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows(p)"), Reads: mustPaths("i")}, {Each: mustPaths("$rows(q)"), Reads: mustPaths("i")}}},
			[]string{"1", "2"},
		},
		{
			"a wrapper that is none", `<b><components><component><name>x</name></component></components></b>`,
			plan.Plan{Blocks: []plan.Block{{Types: entries(mustPaths("(components.component)+", "components(name)+"), "name")}}},
			[]string{"x"},
		},
		{"the whole of several values", "[{\"a\":1}]\n{\"a\":2}", plan.Plan{Blocks: []plan.Block{{Reads: mustPaths("a")}}}, []string{"1,2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readAll(t, tt.plan, sniffed(tt.doc), tt.doc)
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%s: %v\n%s", tt.doc, err, diff)
			}
		})
	}
}

func TestRowsOfCSV(t *testing.T) {
	thePlan := plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows"), Reads: mustPaths("Plugin ID", "detail.x", "$index")}}}
	got, err := readAll(t, thePlan, syntax.CSV, "plugin id,detail\n1,\"{\"\"x\"\":\"\"y\"\"}\"\n2,z\n")
	if diff := cmp.Diff([]string{"1; y; 0", "2; ; 1"}, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}
