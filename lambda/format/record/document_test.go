package record_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// widePlan reads a bit of everything, late and at once.
func widePlan() plan.Plan {
	return plan.Plan{
		Unwrap: []string{"v"},
		Tables: []plan.Table{{Name: "t", Each: mustPaths("d.e", "e"), Key: mustPaths("k", "x")}},
		Blocks: []plan.Block{
			{Each: mustPaths("$rows"), Reads: mustPaths("a.x", "(b)*.x", "*.$name"), Types: []plan.Entries{{Each: mustPaths("c+"), Reads: mustPaths("x", "$up.y", "$host.k")}}},
			{Each: mustPaths("a(x)", "b"), Reads: mustPaths("$t(k).x", "$doc.k"), Types: []plan.Entries{{Each: mustPaths("a(x=1).b"), Reads: mustPaths("$index", "$up.x")}}},
			{Types: []plan.Entries{{Each: mustPaths("*.b", "(a)+.c"), Reads: mustPaths("x", "*", "$up.k")}}, CapturedAt: mustPaths("$doc.y")},
			{Each: mustPaths("$rows"), HostReads: mustPaths("f.1"), Types: []plan.Entries{{Each: mustPaths("f", "a.c"), Reads: mustPaths("0", "1.x", "$up.k", "$index")}}},
		},
	}
}

// FuzzDocument reads a stranger's bytes, in memory and through the spool: both say the same.
func FuzzDocument(f *testing.F) {
	for _, doc := range []string{`{"a":[{"x":1,"a":{"x":"1","b":[{}]}}],"e":{"k":"1"}}`, `<r><a x="1"><b/></a>t</r>`, "{\"b\":{\"c\":{\"c\":{}}}}\n[1,null]", `[[]]`, `"{\"a\":{}}"`, `{"f":[["p",{"x":1}],[null,[2]],[]],"a":{"c":[[[3]],[4,"{}"]]},"k":5}`} {
		f.Add([]byte(doc))
	}
	thePlan := widePlan()
	program, err := plan.Compile(thePlan)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		format := syntax.JSON
		if strings.HasPrefix(string(doc), "<") {
			format = syntax.XML
		}
		read := func(budget int) ([]string, error) {
			return engineRecords(&thePlan, record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(string(doc)), Format: format, Budget: budget, TempDir: t.TempDir()}))
		}
		want, wantErr := read(0)
		got, err := read(1)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("in memory: %v; through the spool: %v", wantErr, err)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestSamples counts entries in real documents by plans like those of mappings, in memory and through the spool.
func TestSamples(t *testing.T) {
	entries := func(each ...string) []plan.Entries {
		return []plan.Entries{{Each: mustPaths(each...), Reads: mustPaths("name", "*.$name", "$up.x")}}
	}
	cyclonedx := plan.Plan{Blocks: []plan.Block{{CapturedAt: mustPaths("$doc.metadata.timestamp"), Types: entries("(components.component)+", "components(name)+")}}}
	tests := []struct {
		file    string
		format  syntax.Format
		plan    plan.Plan
		records int
		entries int
	}{
		{"nessus/weekly.nessus", syntax.XML, nessusPlan(), 6, 25},
		{"encodings/weekly.nessus.gz", syntax.XML, nessusPlan(), 6, 25},
		{"cyclonedx-prefixed.xml", syntax.XML, cyclonedx, 1, 2},
		{"cyclonedx/mi-0ef784d64c5a97717/line-control.cdx.json", syntax.JSON, cyclonedx, 1, 23},
		{"nessus_v2/derived_7hosts.nessus.gz", syntax.XML, nessusPlan(), 7, 296},
		{"cyclonedx_xml/dropwizard.xml", syntax.XML, cyclonedx, 1, 167},
		{"cyclonedx_json/laravel-1.4.json", syntax.JSON, cyclonedx, 1, 62},
	}
	for _, tt := range tests {
		path, there := testfiles.SamplePath(t, tt.file)
		if !there {
			continue
		}
		t.Run(tt.file, func(t *testing.T) {
			for _, budget := range []int{0, 1} {
				records, entries := countSample(t, path, tt.format, tt.plan, budget)
				if records != tt.records || entries != tt.entries {
					t.Errorf("budget %d: %d records, %d entries; want %d, %d", budget, records, entries, tt.records, tt.entries)
				}
			}
		})
	}
}

func countSample(t *testing.T, file string, format syntax.Format, thePlan plan.Plan, budget int) (records, entries int) {
	t.Helper()
	var in io.Reader = bytes.NewReader(testfiles.Read(t, file))
	var err error
	if strings.HasSuffix(file, ".gz") {
		if in, err = gzip.NewReader(in); err != nil {
			t.Fatal(err)
		}
	}
	program, err := plan.Compile(thePlan)
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range record.Read(t.Context(), program, record.Input{Reader: in, Format: format, Budget: budget, TempDir: t.TempDir()}).Records() {
		if err != nil {
			t.Fatal(err)
		}
		records++
		for _, err := range rec.Entries() {
			if err != nil {
				t.Fatal(err)
			}
			entries++
		}
	}
	return records, entries
}
