package record_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// TestAsides: rows of a table that are no records come as such, also where records wait, in memory or in the spool.
func TestAsides(t *testing.T) {
	const in = "Name,Size,Name,Id\napp-01,1,x,7\nTotal,1,,\nName,Size,Name,Id\napp-02,2,y,8\n"
	const sums = "it has sums of the rows before it"
	for _, late := range []bool{false, true} {
		thePlan := plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows"), Reads: mustPaths("Name", "Size")}}}
		if late {
			thePlan.Blocks[0].Reads = mustPaths("Name", "Size", "$rows.Size")
		}
		program, err := plan.Compile(thePlan)
		if err != nil {
			t.Fatal(err)
		}
		for _, budget := range []int{0, 1} {
			reading := record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(in), Format: syntax.CSV, Budget: budget, TempDir: t.TempDir()})
			var got []string
			for rec, err := range reading.Records() {
				if err != nil {
					t.Fatal(err)
				}
				scope := rec.Scope()
				names := mustPaths("Name")[0].Texts(&scope, rec.Value, nil)
				got = append(got, rec.Aside+strings.Clone(strings.Join(names, "|")))
			}
			if diff := cmp.Diff([]string{"app-01", sums, "app-02"}, got); diff != "" {
				t.Errorf("late %v, budget %d: %s", late, budget, diff)
			}
			if diff := cmp.Diff([]string{`several columns are called "Name": the first one counts; what is in another one is read as "Name 2"`}, reading.Remarks()); diff != "" {
				t.Error(diff)
			}
		}
	}
}

// TestWorkbookAsides does the same in sheets.
func TestWorkbookAsides(t *testing.T) {
	thePlan := plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows"), Reads: mustPaths("Name")}}}
	program, err := plan.Compile(thePlan)
	if err != nil {
		t.Fatal(err)
	}
	sheet := tab{"Servers", [][]string{
		{"Name", "IP", "Tag", "IP"},
		{"app-01", "10.0.0.1", "A1", "x"},
		{"Total", "", "1"},
		{"IP", "Name", "Tag", "IP"},
		{"10.0.0.2", "app-02", "A2"},
		{},
		{"Licences"},
		{},
		{"Software", "Vendor"},
		{"Office", "X"},
		{"app-03", "Y"},
		{"Name", "IP", "Tag"},
		{"app-04", "10.0.0.4"},
	}}
	reading := record.Read(t.Context(), program, record.Input{Archive: made(sheet), Format: syntax.Workbook, TempDir: t.TempDir()})
	var names []string
	var lines []int
	for rec, err := range reading.Records() {
		if err != nil {
			t.Fatal(err)
		}
		if rec.Aside != "" {
			lines = append(lines, rec.Place.Line)
			continue
		}
		scope := rec.Scope()
		for _, name := range mustPaths("Name")[0].Texts(&scope, rec.Value, nil) {
			names = append(names, strings.Clone(name))
		}
	}
	if diff := cmp.Diff([]string{"app-01", "app-02", "app-04"}, names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{3, 7, 9, 10, 11}, lines); diff != "" {
		t.Error(diff)
	}
}

// TestUnescape resolves entities of HTML once, in what is read, not in what comes back.
func TestUnescape(t *testing.T) {
	const in = `{"a":"R&amp;D &lt;North&gt; &#039;x&#39; &quot;y&quot;","b":"&amp;amp; AT&T &copy=1 &nosuch; & &;","c":"{\"a\":\"&amp;\"}"}`
	thePlan := plan.Plan{Unescape: true, Blocks: []plan.Block{{Each: mustPaths("$rows"), Reads: mustPaths("a", "b", "c.a")}}}
	program, err := plan.Compile(thePlan)
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(in), Format: syntax.JSON}).Records() {
		if err != nil {
			t.Fatal(err)
		}
		scope := rec.Scope()
		var got []string
		for _, p := range mustPaths("a", "b", "c.a") {
			got = p.Texts(&scope, rec.Value, got)
		}
		if diff := cmp.Diff([]string{`R&D <North> 'x' "y"`, "&amp; AT&T &copy=1 &nosuch; & &;", "&"}, got); diff != "" {
			t.Error(diff)
		}
	}
	compareBack(t, &plan.Plan{Blocks: thePlan.Blocks}, record.Input{Reader: strings.NewReader(in), Format: syntax.JSON})
	whole, err := plan.CompileWhole(thePlan)
	if err != nil || whole.Plan.Unescape {
		t.Error("what comes back is changed", err)
	}
}
