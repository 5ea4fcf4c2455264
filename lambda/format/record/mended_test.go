package record_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/returned"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

func TestMendedDocuments(t *testing.T) {
	for _, c := range []struct{ name, each, body, want string }{
		{"the error is no field", "$rows", `{"error":"wrong","x":"1"}`, "1 -"},
		{"an error of the document's own is", "$rows", `{"$error":"wrong","x":"1","error":"e"}`, "1 e"},
		{"one inside is always", "a", `{"error":"wrong","a":{"x":"1","error":"e"}}`, "1 e"},
		{"an element's own text", "a", `{"error":"wrong","a":{"x":{"y":"2","$text":"1"}}}`, "1 -"},
		{"a name that is only like ours", "a", `{"error":"wrong","a":{"$$text":"1","x":"2"}}`, "2 -"},
		{"several lines, one of them sorted by name", "$rows", `{"error":"wrong","x":"1"}` + "\n" + `{"x":"2","error":"wrong"}`, "1 - 2 -"},
		{"made a list", "$rows", `[{"error":"wrong","x":"1"},{"error":"wrong","x":"2"}]`, "1 - 2 -"},
		{"what is marked alone", "a+", `{"error":"wrong","a":{"x":"1","a":{"$record":"0","x":"2","a":{"x":"3"}}}}`, "2 -"},
		{"a block that there is no more", "a", `{"error":"wrong","a":{"$record":"7","x":"2"}}`, ""},
	} {
		program, err := plan.Compile(plan.Plan{Blocks: []plan.Block{{Each: mustPaths(c.each), Reads: mustPaths("x", "error")}}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		r := record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(c.body), Format: syntax.JSON, Mended: &returned.Mended{}})
		for rec, err := range r.Records() {
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			s := rec.Scope()
			for _, p := range mustPaths("x", "error") {
				got = append(got, strings.Clone(append(p.Texts(&s, rec.Value, nil), "-")[0]))
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// FuzzMended reads strangers' mended files: whatever they are, reading ends, with records or an error.
func FuzzMended(f *testing.F) {
	for _, seed := range []string{
		`{"error":"wrong","a":{"$record":"0","x":"1","$text":"t"}}`, `{"$text":"{\"a\":1}"}`, `{"a":[null,{"$record":"9"}]}`,
		`{"$record":"0","$text":"1","$text":"2"}`, `[{"$record":"1"}]`, `{"$$text":1,"$record":{"a":1},"$text":[]}`, "error,x\nwrong,1\n",
	} {
		f.Add(seed)
	}
	program, err := plan.Compile(plan.Plan{Blocks: []plan.Block{
		{Each: mustPaths("a+", "$rows"), Reads: mustPaths("x", "$up.y"), Types: []plan.Entries{{Each: mustPaths("b"), Reads: mustPaths("k", "$doc.x")}}},
		{Reads: mustPaths("x")},
	}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		format := syntax.Sniff([]byte(body))
		r := record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(body), Format: format, Mended: &returned.Mended{Column: "error"}, Budget: 1, TempDir: t.TempDir()})
		for rec, err := range r.Records() {
			if err != nil {
				return
			}
			for _, err := range rec.Entries() {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
