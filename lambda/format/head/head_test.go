package head_test

import (
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

func TestHeadHas(t *testing.T) {
	tests := []struct {
		doc, path, value string
		want             bool
	}{
		{`{"bomFormat":"CycloneDX","components":[`, "bomFormat", "CycloneDX", true},
		{`{"bomFormat":"CycloneDX","components":[`, "bomFormat", "SPDX|Cyc*", true},
		{`{"bomFormat":"CycloneDX","components":[`, "bomFormat", "SPDX", false},
		{`{"bomFormat":"CycloneDX","components":[`, "components", "", true},
		{`{"result":[{"sys_id":"1`, "result.sys_id", "", false},
		{`{"result":[{"sys_id":"1"`, "result.sys_id", "", true},
		{`[{"a":1},{"b":{"c":2}}]`, "b.c", "", true},
		{`[{"a":1},{"b":{"c":2}}]`, "b.d", "", false},
		{`{"hosts":[]}`, "hosts", "", true},
		{`{"hosts":null}`, "hosts", "", false},
		{`<?xml version="1.0"?><n:bom xmlns:n="u"><components/><metadata><timesta`, "components", "", true},
		{`<bom><components><component><name>x`, "components.component", "", true},
		{`<bom><a t="1"/><a t="2"/></bom>`, "a(t=2)", "", true},
		{`<bom><a t="1"/><a t="2"/></bom>`, "a(t=3)", "", false},
		{`{"a":1}}}`, "a", "", true},
	}
	for _, tt := range tests {
		p := paths(tt.path)
		if got := head.Read([]byte(tt.doc), false, func(syntax.Format) *plan.Program { return plan.Conditions(p) }).Has(p[0], tt.value); got != tt.want {
			t.Errorf("%s: %s=%s: %v, want %v", tt.doc, tt.path, tt.value, got, tt.want)
		}
	}
}

func TestHeadRoot(t *testing.T) {
	for doc, want := range map[string]string{`<?xml version="1.0"?><n:bom xmlns:n="u"><a`: "bom", `<r/>`: "r", `{"a":1}`: "", ``: "", "a,b\n": ""} {
		if got := head.Read([]byte(doc), false, nil).Root(); got != want {
			t.Errorf("%s: root %q, want %q", doc, got, want)
		}
	}
}

func TestHeadHeader(t *testing.T) {
	tests := []struct {
		name, doc string
		columns   []string
		want      scan.Dialect
		found     bool
	}{
		{"comma", "Plugin ID,Risk,Host\n1,x,y\n", []string{"Plugin ID", "host"}, scan.Dialect{Delimiter: ',', HeaderRow: 0}, true},
		{"semicolon and loose", "plugin_id;RISK;Host\n", []string{"Plugin ID", "Risk"}, scan.Dialect{Delimiter: ';', HeaderRow: 0}, true},
		{"preamble", "Report, of today\nall hosts\nIP\tQID\tTitle\n1\t2\t3\n", []string{"IP", "QID"}, scan.Dialect{Delimiter: '\t', HeaderRow: 2}, true},
		{"the delimiter that makes more of it", "a,b|Host|c\n", []string{"Host"}, scan.Dialect{Delimiter: '|', HeaderRow: 0}, true},
		{"not there", "a,b\n", []string{"c"}, scan.Dialect{}, false},
		{"XML", "<a/>", []string{"a"}, scan.Dialect{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, found := head.Read([]byte(tt.doc), true, nil).Header(new(head.NewColumns(tt.columns, nil, 0)))
			if got != tt.want || found != tt.found {
				t.Errorf("%+v %v, want %+v %v", got, found, tt.want, tt.found)
			}
		})
	}
}

func TestHeadEmptyReport(t *testing.T) {
	each := [][]path.Path{paths("detail.findings", "findings", "$rows"), paths("result")}
	for doc, want := range map[string]bool{
		"null": true, "[\n]": true, `{"result":[]}`: true, `{"findings":[],"total":0}`: true, `{"result":[{"a":1}]}`: false,
		`{}`: false, `{"other":[]}`: false, `{"detail":{"findings":[]}}`: true, `{"findings":null}`: true, `{ "Findings" : null }`: true, `{"findings":null,"error":"denied"}`: false,
		`{"detail":null}`: false, `{"detail":{"findings":null}}`: false, `{"other":null}`: false, `{"fin\"dings":null}`: false, `<a/>`: false, "": false,
		`{"findings":[{}],"result":[]}`: false, `{"result":"ok"}`: false, `{"result":{}}`: false,
	} {
		if got := head.Read([]byte(doc), true, nil).EmptyReport(each); got != want {
			t.Errorf("%s: %v, want %v", doc, got, want)
		}
		if head.Read([]byte(doc), false, nil).EmptyReport(each) {
			t.Errorf("%s: an incomplete head is no report", doc)
		}
	}
}

func FuzzHead(f *testing.F) {
	f.Add([]byte(`{"a":[{"x":1}]`))
	f.Add([]byte(`<a><b x="1"/>`))
	f.Add([]byte("a;b\n1;2"))
	f.Fuzz(func(_ *testing.T, doc []byte) {
		all := paths("a.b", "*.x", "a(x=1)", "(a)+.b", "$rows.a")
		h := head.Read(doc, true, func(syntax.Format) *plan.Program { return plan.Conditions(all) })
		for _, p := range all {
			h.Has(p, "")
			h.Has(p, "1*|2")
		}
		h.Header(new(head.NewColumns([]string{"a"}, []string{"b", "c"}, 1)))
		h.EmptyReport([][]path.Path{all[:1]})
	})
}

// paths parses paths that are right.
func paths(texts ...string) []path.Path {
	var out []path.Path
	for _, text := range texts {
		p, err := path.Parse(text)
		if err != nil {
			panic(err)
		}
		out = append(out, p)
	}
	return out
}
