package read

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read/missed"
)

// thingsChoice is how a document is read with a mapping of `things`.
func thingsChoice(t *testing.T, lines, document string) mapping.Choice {
	t.Helper()
	dir := write(t, map[string]string{"t.yaml": thingTypes, "m.yaml": "version: 1\nmapping: things\ndetect:\n  - json: [things]\n  - xml: [things]\n" + lines})
	set, err := load.Options{Builtin: fstest.MapFS{}}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	choice, err := set.Choose(choose.Origin{Local: true}, []byte(document), true)
	if err != nil {
		t.Fatal(err)
	}
	return choice
}

// ending reads a document with a mapping of `things`, of each record one entry only where skip is true, and returns the reading at its
// end.
func ending(t *testing.T, lines, document string, skip bool, each func(*Record)) *Reading {
	t.Helper()
	in := Input{Reader: strings.NewReader(document), TempDir: t.TempDir(), Trace: &missed.Trace{}}
	reading := Document(t.Context(), in, thingsChoice(t, lines, document), Facts{Name: "page-2.json"})
	for record, err := range reading.Records() {
		if err != nil {
			t.Fatal(err)
		}
		each(record)
		for _, err := range record.Entries() {
			if err != nil {
				t.Fatal(err)
			}
			if skip {
				break
			}
		}
	}
	return reading
}

func TestParts(t *testing.T) {
	const (
		fill = "each: things\nCustom:Thing: {Id: id}\n"
		two  = `"things":[{"id":"a"},{"id":"b"}]`
		all  = "the whole"
		part = "a part"
	)
	for _, test := range []struct{ name, lines, document, want string }{
		{"no word", fill, `{"total":3,` + two + `}`, all},
		{"fewer than in all", "whole: int(r.total) <= int($records)\n" + fill, `{"total":3,` + two + `}`, part},
		{"the number stands behind", "whole: int(r.total) <= $records\n" + fill, `{` + two + `,"total":3}`, part},
		{"as many", "whole: int(r.total) <= $records\n" + fill, `{"total":2,` + two + `}`, all},
		{"no number", "whole: int(r.total) <= $records\n" + fill, `{` + two + `}`, all},
		{"no number at all", "whole: int(r.total) <= $records\n" + fill, `{"total":"many",` + two + `}`, all},
		{"skipped records count", "whole: int(r.total) <= $records\nwhere: r.id == \"a\"\n" + fill, `{"total":2,` + two + `}`, all},
		{
			"records about two machines count once", "whole: int(r.total) <= $records\nhost: hosts\nkey: name\neach: things\nCustom:Thing: {Id: {value: a}}\n",
			`{"total":2,"things":[{"hosts":[{"name":"a"},{"name":"b"}]}]}`, part,
		},
		{"no records", "whole: int(r.total) <= $records\n" + fill, `{"total":1,"things":[]}`, part},
		{"a next page", "whole: r[\"@odata.nextLink\"] == \"\"\n" + fill, `{"@odata.nextLink":"x",` + two + `}`, part},
		{"no next page", "whole: r[\"@odata.nextLink\"] == \"\"\n" + fill, `{"@odata.nextLink":null,` + two + `}`, all},
		{"has", "whole: '!has(\"next\")'\n" + fill, `{"next":{},` + two + `}`, part},
		{"the last of several pages behind each other", "whole: int(r.total) <= $records\n" + fill, `{"total":3,` + two + `}{"total":3,"things":[{"id":"c"}]}`, all},
		{"$doc is the same", "whole: $doc.more != \"true\"\n" + fill, `{"more":true,` + two + `}`, part},
		{"the file's name", "whole: '!($file.name startsWith \"page-\")'\n" + fill, `{` + two + `}`, part},

		{"the document is the record: its entries count", "whole: int(r.total) <= $records\nCustom:Thing: {each: things, Id: id}\n", `{"total":3,` + two + `}`, part},
		{"and there are as many", "whole: int(r.total) <= $records\nCustom:Thing: {each: things, Id: id}\n", `{"total":2,` + two + `}`, all},
		{"also those that where refuses", "whole: int(r.total) <= $records\nCustom:Thing: {each: things, Id: id, where: r.id == \"a\"}\n", `{"total":2,` + two + `}`, all},
		{"also where the record is refused", "whole: int(r.total) <= $records\nwhere: r.on == \"x\"\nCustom:Thing: {each: things, Id: id}\n", `{"total":2,` + two + `}`, all},

		{"pages", "whole: {page: page, pages: pages}\n" + fill, `{"page":2,"pages":5,` + two + `}`, "page 2 of 5"},
		{"pages counted from 0", "whole: {page: {expr: 'int(r.page) + 1'}, pages: pages}\n" + fill, `{"page":0,"pages":5,` + two + `}`, "page 1 of 5"},
		{"one page", "whole: {page: page, pages: pages}\n" + fill, `{"page":1,"pages":1,` + two + `}`, all},
		{"no page", "whole: {page: page, pages: pages}\n" + fill, `{"page":1,"pages":0,` + two + `}`, all},
		{"not said", "whole: {page: page, pages: pages}\n" + fill, `{` + two + `}`, all},
		{"not which", "whole: {page: page, pages: pages}\n" + fill, `{"pages":3,` + two + `}`, part},
		{"a page that is none of them", "whole: {page: page, pages: pages}\n" + fill, `{"page":4,"pages":3,` + two + `}`, part},
		{"page 0", "whole: {page: page, pages: pages}\n" + fill, `{"page":0,"pages":3,` + two + `}`, part},
		{"no number of pages", "whole: {page: page, pages: pages}\n" + fill, `{"page":1,"pages":"many",` + two + `}`, all},
		{"all pages behind each other", "whole: {page: page, pages: pages}\n" + fill, `{"page":2,"pages":2,` + two + `}{"page":1,"pages":2,"things":[]}`, all},
		{"not all pages behind each other", "whole: {page: page, pages: pages}\n" + fill, `{"page":2,"pages":3,` + two + `}{"page":1,"pages":3,"things":[]}`, part},
		{"refused, and the only page", "whole: {expr: r.timed_out != \"true\", page: page, pages: pages}\n" + fill, `{"timed_out":true,"page":1,"pages":1,` + two + `}`, part},
		{"refused, and a page", "whole: {expr: int(r.total) <= $records, page: page, pages: pages}\n" + fill, `{"total":9,"page":1,"pages":3,` + two + `}`, "page 1 of 3"},
		{"XML", "whole: {page: page, pages: pages}\neach: thing\nCustom:Thing: {Id: id}\n", `<things page="2" pages="3"><thing id="a"/></things>`, "page 2 of 3"},
	} {
		for _, skip := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%t", test.name, skip), func(t *testing.T) {
				reading := ending(t, test.lines, test.document, skip, func(*Record) {})
				got := all
				if p := reading.Part(); p != nil && p.Pages > 0 {
					got = fmt.Sprintf("page %d of %d", p.Page, p.Pages)
				} else if p != nil {
					got = part
				}
				if got != test.want {
					t.Errorf("got %s, want %s", got, test.want)
				}
			})
		}
	}
}

// scopesOf are what records looked at, a line for each type that a record states.
func scopesOf(t *testing.T, lines, document string) []string {
	t.Helper()
	type stated struct {
		scope any
		late  int
		more  string
	}
	var all []stated
	reading := ending(t, lines, document, false, func(r *Record) {
		more := ""
		if r.Partial {
			more = " partial"
		}
		if len(r.Scopes) != len(r.LateScopes) || len(r.Scopes) > 0 && len(r.Scopes) != len(r.States) {
			t.Errorf("%d scopes of %d types", len(r.Scopes), len(r.States))
		}
		if len(r.Scopes) == 0 {
			all = append(all, stated{more: more})
			return
		}
		for i, s := range r.Scopes {
			one := stated{late: r.LateScopes[i], more: more}
			if s != nil {
				one.scope = fmt.Sprint(s.Clauses)
			}
			all = append(all, one)
		}
	})
	var written []string
	for _, s := range all {
		if s.late > 0 {
			if late := reading.LateScopes()[s.late-1]; late != nil {
				s.scope = "late " + fmt.Sprint(late.Clauses)
			} else {
				s.more += " late"
			}
		}
		if s.scope == nil {
			s.scope = "all"
		}
		written = append(written, fmt.Sprint(s.scope)+s.more)
	}
	return written
}

func TestScopes(t *testing.T) {
	const (
		up   = `{"things":[{"id":"a","up":true,"lower":["TCP"],"ports":"1-3,5,1-3"},{"id":"b","up":false}]}`
		scan = `"scan":[{"proto":"UDP","ports":"53"},{"proto":"TCP","ports":"1-1024"},{"proto":"tcp","ports":"1-1024"}]`
	)
	many := ""
	for i := range 10_001 {
		many += fmt.Sprint(i, ",")
	}
	fill := func(scope string) string {
		return "each: things\nCustom:Thing:\n  Id: id\n  scope: " + scope + "\n"
	}
	for _, test := range []struct {
		name, lines, document string
		want                  []string
	}{
		{"none", "each: things\nCustom:Thing: {Id: id}\n", up, []string{"all", "all"}},
		{"a condition", fill(`r.up == "true"`), up, []string{"all", "[]"}},
		{"bounds of the record", fill(`{Lower: lower, Plain: {path: ports, split: ','}}`), up, []string{"[[{Lower [tcp]} {Plain [1-3 5]}]]", "all"}},
		{"both", fill(`{where: r.up == "true", Lower: lower}`), up, []string{"[[{Lower [tcp]}]]", "[]"}},
		{
			"each of the record", fill(`{each: scans, Lower: p}`), `{"things":[{"id":"a","scans":[{"p":"b"},{"p":"a"},{"p":"B"}]},{"id":"b","scans":[]},{"id":"c","scans":[{"p":"a"},{}]}]}`,
			[]string{"[[{Lower [a]}] [{Lower [b]}]]", "[]", "all"},
		},
		{"each of several", fill(`{each: [more, scans], Lower: p}`), `{"things":[{"id":"a","scans":[{"p":"b"}]}]}`, []string{"[[{Lower [b]}]]"}},
		{
			"each of the document", fill(`{each: $doc.scan, Lower: proto, Plain: ports}`), `{"things":[{"id":"a"},{"id":"b"}],` + scan + `}`,
			[]string{"late [[{Lower [tcp]} {Plain [1-1024]}] [{Lower [udp]} {Plain [53]}]]", "late [[{Lower [tcp]} {Plain [1-1024]}] [{Lower [udp]} {Plain [53]}]]"},
		},
		{"none in the document", fill(`{each: $doc.scan, Lower: proto}`), `{"things":[{"id":"a"}]}`, []string{"late []"}},
		{"unbound in the document", fill(`{each: $doc.scan, Lower: none}`), `{"things":[{"id":"a"}],` + scan + `}`, []string{"all late"}},
		{"bounds of the document", fill(`{Lower: $doc.scan.proto}`), `{"things":[{"id":"a"}],` + scan + `}`, []string{"late [[{Lower [tcp udp]}]]"}},
		{
			"a condition on the record, clauses of the document", fill(`{where: r.up == "true", each: $doc.scan, Lower: proto}`), `{"things":[{"id":"a","up":"true"},{"id":"b"}],` + scan + `}`,
			[]string{"late [[{Lower [tcp]}] [{Lower [udp]}]]", "[]"},
		},
		{"a condition on the document", fill(`$doc.done == "true"`), `{"things":[{"id":"a"}],"done":false}`, []string{"late []"}},
		{"a condition on the document that holds", fill(`$doc.done == "true"`), `{"things":[{"id":"a"}],"done":true}`, []string{"all late"}},
		{"a condition on both", fill(`$doc.done == "true" and r.up == "true"`), `{"things":[{"id":"a","up":true},{"id":"b"}],"done":true}`, []string{"all", "[]"}},
		{"clauses of both", fill(`{each: scans, Lower: [p, $doc.p]}`), `{"things":[{"id":"a","scans":[{"p":"x"},{"q":""}]}],"p":"y"}`, []string{"[[{Lower [x]}] [{Lower [y]}]]"}},
		{"a condition on the document, clauses of the record", fill(`{where: $doc.done == "true", Lower: lower}`), `{"things":[{"id":"a","lower":"x"}],"done":"false"}`, []string{"late []"}},
		{
			"and it holds", fill(`{where: $doc.done == "true", Lower: lower}`), `{"things":[{"id":"a","lower":"x"},{"id":"b","lower":"y"},{"id":"c"}],"done":"true"}`,
			[]string{"late [[{Lower [x]}]]", "late [[{Lower [y]}]]", "all late"},
		},
		{"a condition on the document, each of the record", fill(`{where: $doc.done == "true", each: scans, Lower: p}`), `{"things":[{"id":"a","scans":[{"p":"x"}]}],"done":"true"}`, []string{"[[{Lower [x]}]]"}},
		{
			"values of the record beside those of the document", fill(`{Lower: $doc.p, Plain: {all: [$doc.ports, {path: local, map: {"true": "0", "*": ""}}]}}`), `{"things":[{"id":"a","local":true},{"id":"b","local":false},{"id":"c","local":true}],"p":"tcp","ports":"1-9"}`,
			[]string{"late [[{Lower [tcp]} {Plain [0 1-9]}]]", "late [[{Lower [tcp]} {Plain [1-9]}]]", "late [[{Lower [tcp]} {Plain [0 1-9]}]]"},
		},
		{
			"the machine beside each of the document", fill(`{each: $doc.scan, Lower: proto, Plain: [none, $host.id]}`), `{"things":[{"id":"a"},{"id":"b"}],"scan":[{"proto":"tcp"},{"proto":"udp"}]}`,
			[]string{"late [[{Lower [tcp]} {Plain [a]}] [{Lower [udp]} {Plain [a]}]]", "late [[{Lower [tcp]} {Plain [b]}] [{Lower [udp]} {Plain [b]}]]"},
		},
		{"an expression on both", fill(`{Plain: {expr: 'r.id + "-" + $doc.p'}}`), `{"things":[{"id":"1"},{"id":"2"}],"p":"9"}`, []string{"[[{Plain [1-9]}]]", "[[{Plain [2-9]}]]"}},
		{"rows of a table", "tables:\n  profiles: {each: profiles, key: id}\n" + fill(`{Lower: $profiles(profile).rules}`), `{"things":[{"id":"a","profile":"P"},{"id":"b","profile":"Q"}],"profiles":[{"id":"p","rules":["r2","r1"]}]}`, []string{"[[{Lower [r1 r2]}]]", "all"}},
		{"each row of a table", "tables:\n  profiles: {each: profiles, key: id}\n" + fill(`{each: $profiles(profile).rules, Lower: rule}`), `{"things":[{"id":"a","profile":"P"},{"id":"b","profile":"Q"}],"profiles":[{"id":"p","rules":[{"rule":"r1"}]}]}`, []string{"[[{Lower [r1]}]]", "[]"}},
		{
			"enclosing objects", "each: racks.things\nCustom:Thing:\n  Id: id\n  scope: {each: $up.scan, Lower: p}\n", `{"things":0,"racks":[{"things":[{"id":"a"}],"scan":{"p":"x"}},{"things":[{"id":"b"}],"scan":{"p":"y"}}]}`,
			[]string{"[[{Lower [x]}]]", "[[{Lower [y]}]]"},
		},
		{"an expression in a clause", fill(`{each: scans, Plain: {expr: 'r.from + "-" + r.to'}}`), `{"things":[{"id":"a","scans":[{"from":1,"to":9}]}]}`, []string{"[[{Plain [1-9]}]]"}},
		{"values that are cut", fill(`{Short: s}`), `{"things":[{"id":"a","s":"abcdefgh"}]}`, []string{"[[{Short [abcde]}]]"}},
		{"the type's words", fill(`{Word: w}`), `{"things":[{"id":"a","w":["a","B"]}]}`, []string{"[[{Word [ALPHA BETA]}]]"}},
		{"too many values", fill(`{Plain: {path: p, split: ','}}`), `{"things":[{"id":"a","p":"` + many + `"}]}`, []string{"[]"}},
		{"of a block", "scope: r.up == \"true\"\neach: things\nCustom:Thing: {Id: id}\n", up, []string{"all", "all partial"}},
		{"of a block, on what is not said", "scope: r.complete == \"true\"\neach: things\nCustom:Thing: {Id: id}\n", up, []string{"all partial", "all partial"}},
		{"of a merge", "update: merge\n" + fill(`r.up == "true"`), up, []string{"all", "all"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if d := cmp.Diff(test.want, scopesOf(t, test.lines, test.document)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestEqualScopesAreOne: records that looked at the same share what they looked at.
func TestEqualScopesAreOne(t *testing.T) {
	seen := make(map[any]bool)
	ending(t, "each: things\nCustom:Thing:\n  Id: id\n  scope: {Lower: p}\n", `{"things":[{"id":"a","p":["x","y"]},{"id":"b","p":["y","x"]},{"id":"c","p":"z"}]}`, false, func(r *Record) {
		seen[r.Scopes[0]] = true
	})
	if len(seen) != 2 {
		t.Errorf("%d scopes of two", len(seen))
	}
}

// TestScopesOfTheDocumentHoldNothingBack: records come before the document's end though it is asked what it looked at, and where that stands
// last.
func TestScopesOfTheDocumentHoldNothingBack(t *testing.T) {
	for name, test := range map[string]struct {
		lines string
		waits bool
	}{
		"nothing":              {"", false},
		"whole":                {"whole: int(r.total) <= $records\n", false},
		"a scope's clauses":    {"  scope: {where: r.up == \"\", each: $doc.scan, Lower: p}\n", false},
		"a scope's condition":  {"  scope: $doc.done == \"true\"\n", false},
		"clauses of both":      {"  scope: {where: r.up == \"\", Lower: $doc.scan.p, Plain: [$doc.none, id]}\n", false},
		"a condition on both":  {"  scope: $doc.done == \"true\" and r.up == \"\"\n", true},
		"a block's, on a word": {"scope: $doc.done == \"true\"\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			lines := "each: things\nCustom:Thing:\n  Id: id\n"
			if strings.HasPrefix(test.lines, " ") {
				lines += test.lines
			} else {
				lines = test.lines + lines
			}
			early := false
			choice := thingsChoice(t, lines, `{"things":[]}`)
			document := &endless{head: `{"things":[`, item: `{"id":"a"},`, items: 20_000, tail: `{"id":"z"}],"scan":{"p":"x"},"done":"true","total":1}`}
			reading := Document(t.Context(), Input{Reader: document, TempDir: t.TempDir()}, choice, Facts{})
			for _, err := range reading.Records() {
				if err != nil {
					t.Fatal(err)
				}
				early = early || !document.done
			}
			if early == test.waits {
				t.Errorf("records came before the document's end: %t", early)
			}
		})
	}
}

// endless is a document with many items.
type endless struct {
	head, item, tail string
	items            int
	rest             string
	done             bool
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" && !e.done {
		e.rest = e.head
		e.head = ""
		if e.rest == "" {
			n := min(e.items, 100)
			e.items -= n
			e.rest = strings.Repeat(e.item, n)
		}
		if e.rest == "" {
			e.rest, e.done = e.tail, true
		}
	}
	if e.rest == "" {
		return 0, io.EOF
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// TestTraceOfParts: what `whole` and `scope` never find in a document is reported.
func TestTraceOfParts(t *testing.T) {
	const lines = `whole: {expr: r.next == "", page: page, pages: pages}
each: things
Custom:Thing:
  Id: id
  scope: {each: $doc.scan, Lower: p, Plain: q}
`
	for _, test := range []struct {
		document string
		want     []string
	}{
		{`{"things":[{"id":"a"}]}`, []string{"6:whole", "6:whole page", "6:whole pages", "10:scope each"}},
		{`{"things":[{"id":"a"}],"next":"x","page":1,"pages":3,"scan":[{"p":"x"}]}`, []string{"10:scope Plain"}},
		{`{"things":[{"id":"a"}],"next":"x","page":1,"pages":3,"scan":[{"p":"x"},{"q":"x"}]}`, nil},
	} {
		trace := &missed.Trace{}
		choice := thingsChoice(t, lines, test.document)
		for r, err := range Document(t.Context(), Input{Reader: strings.NewReader(test.document), Trace: trace}, choice, Facts{}).Records() {
			if err != nil {
				t.Fatal(err)
			}
			for range r.Entries() {
			}
		}
		var got []string
		for _, f := range trace.Findings(choice.Mapping) {
			if f.Kind == missed.Unfilled {
				got = append(got, fmt.Sprintf("%d:%s", f.At.Line, f.Word))
			}
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s: %s", test.document, d)
		}
	}
}

// TestNotesOfPartsHaveTheirPlace: what goes wrong with `whole` and `scope` is reported where it is written.
func TestNotesOfPartsHaveTheirPlace(t *testing.T) {
	const lines = "whole: int(r.total) > 0\neach: things\nCustom:Thing:\n  Id: id\n  scope:\n    where: int(r.id) > 0\n"
	const document = `{"total":"many","things":[{"id":"a"}]}`
	choice, trace := thingsChoice(t, lines, document), &missed.Trace{}
	for _, err := range Document(t.Context(), Input{Reader: strings.NewReader(document), Trace: trace}, choice, Facts{}).Records() {
		if err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, f := range trace.Findings(choice.Mapping) {
		if f.Kind == missed.Noted {
			got = append(got, fmt.Sprintf("%d:%d %s", f.At.Line, f.At.Column, f.Word))
		}
	}
	if d := cmp.Diff([]string{"6:8 whole", "11:5 scope"}, got); d != "" {
		t.Error(d)
	}
}

// TestLateScopesAreBounded: a scope for each record is not remembered for a whole document.
func TestLateScopesAreBounded(t *testing.T) {
	var things []string
	for i := range maxLateScopes + 5 {
		things = append(things, fmt.Sprintf(`{"id":"%d"}`, i))
	}
	unseen := 0
	reading := ending(t, "each: things\nCustom:Thing:\n  Id: id\n  scope: {Lower: $doc.p, Plain: id}\n", `{"things":[`+strings.Join(things, ",")+`],"p":"x"}`, false, func(r *Record) {
		if r.LateScopes[0] == 0 && r.Scopes[0] != nil && len(r.Scopes[0].Clauses) == 0 {
			unseen++
		}
	})
	if _, total := reading.Notes(); unseen != 5 || total != 5 || len(reading.LateScopes()) != maxLateScopes {
		t.Errorf("%d records looked at nothing, %d notes, %d late scopes", unseen, total, len(reading.LateScopes()))
	}
}
