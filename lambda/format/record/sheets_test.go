package record_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// tab is a sheet of a made workbook: its name and its rows.
type tab struct {
	name string
	rows [][]string
}

func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace(text)
}

// made makes a workbook whose texts stand in the cells.
func made(tabs ...tab) shelf {
	var list, rels strings.Builder
	var s shelf
	for i, t := range tabs {
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="r%d"/>`, escaped(t.name), i+1, i)
		fmt.Fprintf(&rels, `<Relationship Id="r%d" Type="x/worksheet" Target="worksheets/%d.xml"/>`, i, i)
		var rows strings.Builder
		for _, row := range t.rows {
			rows.WriteString("<row>")
			for _, cell := range row {
				fmt.Fprintf(&rows, `<c t="inlineStr"><is><t>%s</t></is></c>`, escaped(cell))
			}
			rows.WriteString("</row>")
		}
		s = append(s, fmt.Sprintf("xl/worksheets/%d.xml", i), "<worksheet><sheetData>"+rows.String()+"</sheetData></worksheet>")
	}
	return append(s, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<workbook><sheets>"+list.String()+"</sheets></workbook>",
		"xl/_rels/workbook.xml.rels", "<Relationships>"+rels.String()+"</Relationships>")
}

func twoTabs(others ...tab) shelf {
	return made(append([]tab{
		{"Info", [][]string{{"made by somebody"}, {"VM", "Power State", "", "Tags"}, {"a", "on", "x", `{"k":"1"}`}, {}, {"b", "off"}}},
		{"Disk & more", [][]string{{"VM", "GB"}, {"a", "10"}, {"b", "20"}, {"b", "30"}}},
	}, others...)...)
}

// broken is a sheet in the middle of which is what XML does not allow.
func broken() tab { return tab{"broken", [][]string{{"VM"}, {"\x01"}}} }

func TestWorkbookRecords(t *testing.T) {
	dialect := scan.Dialect{Sheet: "Info", HeaderRow: 1}
	tests := []struct {
		name string
		plan plan.Plan
		want string
	}{
		{"by name", plan.Plan{Blocks: []plan.Block{{Each: mustPaths("info"), Reads: mustPaths("VM", "powerstate", "Tags.k", "$name")}}}, `0 0 ["a"] ["on"] ["1"] ["Info"], 0 0 ["b"] ["off"] [] ["Info"]`},
		{"first sheet", plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows"), Reads: mustPaths("VM", "$name", "$index")}}}, `0 0 ["a"] [] ["0"], 0 0 ["b"] [] ["1"]`},
		{"whichever", plan.Plan{Blocks: []plan.Block{{Each: mustPaths("vInfo", "$rows"), Reads: mustPaths("VM")}}}, `0 1 ["a"], 0 1 ["b"]`},
		{"the name before the rows", plan.Plan{Blocks: []plan.Block{{Each: mustPaths("Info", "$rows"), Reads: mustPaths("VM")}}}, `0 0 ["a"], 0 0 ["b"]`},
		{"two blocks", plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows"), Reads: mustPaths("VM")}, {Each: mustPaths("diskmore"), Reads: mustPaths("GB")}}}, `0 0 ["a"], 0 0 ["b"], 1 0 ["10"], 1 0 ["20"], 1 0 ["30"]`},
		{"a condition", plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows(VM=b)"), Reads: mustPaths("VM")}, {Each: mustPaths("Info(VM=a)"), Reads: mustPaths("VM")}}}, `0 0 ["b"], 1 0 ["a"]`},
		{"inside rows", plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows.Tags(k)"), Reads: mustPaths("k", "$up.VM")}}}, `0 0 ["1"] ["a"]`},
		{"a table", plan.Plan{Tables: []plan.Table{{Name: "disk", Each: mustPaths("diskmore"), Key: mustPaths("VM")}}, Blocks: []plan.Block{{Each: mustPaths("$rows"), Reads: mustPaths("VM", "$disk(VM).GB")}}}, `0 0 ["a"] ["10"], 0 0 ["b"] ["20"]`},
		{"the rows as a table", plan.Plan{Tables: []plan.Table{{Name: "info", Each: mustPaths("$rows"), Key: mustPaths("VM")}}, Blocks: []plan.Block{{Each: mustPaths("diskmore"), Reads: mustPaths("$info(VM).powerstate")}}}, `0 0 ["off"], 0 0 ["off"], 0 0 ["on"]`},
		{"of the document", plan.Plan{Blocks: []plan.Block{{Each: mustPaths("diskmore(GB=30)"), Reads: mustPaths("$doc.Info.VM", "$rows.VM")}}}, `0 0 ["a" "b"] ["a" "b"]`},
		{"the whole", plan.Plan{Blocks: []plan.Block{{Types: []plan.Entries{{Each: mustPaths("diskmore"), Reads: mustPaths("GB")}}}}}, `0 0 entry ["10"] entry ["20"] entry ["30"]`},
	}
	for _, tt := range tests {
		program, err := plan.Compile(tt.plan)
		if err != nil {
			t.Fatal(err)
		}
		for _, budget := range []int{0, 1} {
			in := record.Input{Archive: twoTabs(), Format: syntax.Workbook, Dialect: dialect, Budget: budget, TempDir: t.TempDir()}
			got, err := engineRecords(&tt.plan, record.Read(t.Context(), program, in))
			if text := brief(got); err != nil || text != tt.want {
				t.Errorf("%s: %v, got %s, want %s", tt.name, err, text, tt.want)
			}
			if tt.plan.Tables == nil && !strings.Contains(describe(&tt.plan), "$doc") && !strings.Contains(describe(&tt.plan), "$index") {
				compareBack(t, &tt.plan, in)
			}
		}
	}
}

// TestWorkbookKnownByALaterSheet: the rows of the first sheet are no records where the sheet by which the workbook was recognised has them.
func TestWorkbookKnownByALaterSheet(t *testing.T) {
	s := made(tab{"Cover", [][]string{{"VM"}, {"x"}}}, tab{"Info", [][]string{{"VM"}, {"a"}}})
	for each, want := range map[string]string{"Info $rows": `0 0 ["a"]`, "Other $rows": `0 1 ["x"]`, "$rows": `0 0 ["x"]`} {
		thePlan := plan.Plan{Blocks: []plan.Block{{Each: mustPaths(strings.Fields(each)...), Reads: mustPaths("VM")}}}
		program, err := plan.Compile(thePlan)
		if err != nil {
			t.Fatal(err)
		}
		in := record.Input{Archive: s, Format: syntax.Workbook, Dialect: scan.Dialect{Sheet: "Info"}, TempDir: t.TempDir()}
		got, err := engineRecords(&thePlan, record.Read(t.Context(), program, in))
		if text := brief(got); err != nil || text != want {
			t.Error(each, text, err)
		}
	}
}

// The shared strings are read while the sheet is open.
func TestWorkbookThatSharesStrings(t *testing.T) {
	s := made(tab{"Info", [][]string{{"VM"}, {"a"}}})
	s[1] = `<worksheet><sheetData><row><c t="s"><v>1</v></c></row><row><c t="s"><v>0</v></c></row></sheetData></worksheet>`
	for i := range s {
		s[i] = strings.Replace(s[i], "<Relationships>", `<Relationships><Relationship Id="s" Type="x/sharedStrings" Target="shared.xml"/>`, 1)
	}
	s = append(s, "xl/shared.xml", "<sst><si><t>a</t></si><si><t>VM</t></si></sst>")
	thePlan := plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows"), Reads: mustPaths("VM")}}}
	program, err := plan.Compile(thePlan)
	if err != nil {
		t.Fatal(err)
	}
	in := record.Input{Archive: s, Format: syntax.Workbook, TempDir: t.TempDir()}
	got, err := engineRecords(&thePlan, record.Read(t.Context(), program, in))
	if text := brief(got); err != nil || text != `0 0 ["a"]` {
		t.Error(text, err)
	}
}

// brief leaves out what most tests do not ask.
func brief(records []string) string {
	text := strings.Join(records, ", ")
	for _, word := range []string{"block ", "\n  reads", "\n  captured", "\n  host", "\n type 0 true", " true", " false"} {
		text = strings.ReplaceAll(text, word, "")
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(text, " ,", ",")), " ")
}

func TestWorkbookErrors(t *testing.T) {
	read := func(s shelf, l scan.Limits, each string) error {
		program, err := plan.Compile(plan.Plan{Blocks: []plan.Block{{Each: mustPaths(each), Reads: mustPaths("VM", "GB")}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range record.Read(t.Context(), program, record.Input{Archive: s, Format: syntax.Workbook, Limits: l, TempDir: t.TempDir()}).Records() {
			if err != nil {
				return err
			}
		}
		return nil
	}
	for _, tt := range []struct {
		each, want string
		limits     scan.Limits
	}{
		{"broken", `sheet "broken" behind row 1, member "xl/worksheets/2.xml", line 1, column `, scan.Limits{}},
		{"diskmore", `sheet "Disk & more", row 4: more than 2 rows`, scan.Limits{Records: 2}},
		{"diskmore", "", scan.Limits{Records: 3}},
		{"info", `sheet "Info", row 1, column A: a column's name is longer than 15 bytes`, scan.Limits{Name: 15}},
	} {
		if err := read(twoTabs(broken()), tt.limits, tt.each); (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.each, err, tt.want)
		}
	}
}

func TestHeadSheet(t *testing.T) {
	archive, err := head.ReadArchive(twoTabs(broken()))
	if err != nil || archive.Format() != syntax.Workbook {
		t.Fatal(err, archive.Format())
	}
	for _, tt := range []struct {
		names, columns string
		want           scan.Dialect
		ok             bool
	}{
		{"info", "vm|power-state", scan.Dialect{Sheet: "Info", HeaderRow: 1}, true},
		{"", "VM", scan.Dialect{Sheet: "Info", HeaderRow: 1}, true},
		{"diskmore", "GB", scan.Dialect{Sheet: "Disk & more"}, true},
		{"", "GB", scan.Dialect{}, false},
		{"Info", "VM|GB", scan.Dialect{}, false},
		{"none", "VM", scan.Dialect{}, false},
	} {
		got, ok := archive.Sheet(strings.Fields(tt.names), new(head.NewColumns(strings.Split(tt.columns, "|"), nil, 0)))
		if got != tt.want || ok != tt.ok {
			t.Errorf("%s %s: %v, %v", tt.names, tt.columns, got, ok)
		}
	}
	if archive.Err() != nil {
		t.Error(archive.Err())
	}
	if _, ok := archive.Sheet([]string{"broken"}, new(head.NewColumns([]string{"VM", "GB"}, nil, 0))); ok || archive.Err() == nil {
		t.Error("a broken sheet is not seen")
	}
}

// sheet makes rows of a sheet, and the JSON text of the same rows.
func (g generator) sheet(name string) (tab, string) {
	header := []string{"x", "y", "k", "X", "a", "b", "e"}
	rows, same := [][]string{header}, []string(nil)
	for range g.IntN(4) {
		var row, fields []string
		for _, column := range header {
			text := g.text()
			if column < "f" && g.chance(2) {
				text = g.json(2, false)
			}
			if text == "null" {
				text = ""
			}
			row = append(row, text)
			if text = strings.TrimSpace(text); text != "" {
				fields = append(fields, strconv.Quote(column)+":"+strconv.Quote(text))
			}
		}
		if len(fields) > 0 {
			rows, same = append(rows, row), append(same, "{"+strings.Join(fields, ",")+"}")
		}
	}
	return tab{name, rows}, strconv.Quote(name) + ":[" + strings.Join(same, ",") + "]"
}

// A workbook is read like an object of lists, and its records come back alike.
func TestWorkbookIsAnObject(t *testing.T) {
	seeds := uint64(2000)
	if testing.Short() {
		seeds = 200
	}
	dir := t.TempDir()
	for seed := range seeds {
		g := generator{rand.New(rand.NewPCG(seed, 3))}
		thePlan := g.plan()
		first, firstJSON := g.sheet("a")
		second, secondJSON := g.sheet("b")
		archive, doc := made(first, second), "{"+firstJSON+","+secondJSON+"}"
		program, err := plan.Compile(thePlan)
		if err != nil || strings.Contains(describe(&thePlan), "$rows") {
			continue
		}
		want, wantErr := engineRecords(&thePlan, record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(doc), Format: syntax.JSON, TempDir: dir}))
		for _, budget := range []int{0, 1} {
			got, err := engineRecords(&thePlan, record.Read(t.Context(), program, record.Input{Archive: archive, Format: syntax.Workbook, Budget: budget, TempDir: dir}))
			if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (wantErr == nil) {
				t.Fatalf("seed %d: %v, %v, %s\n%s\n%s", seed, wantErr, err, diff, doc, describe(&thePlan))
			}
		}
		if comesBack(&thePlan, doc) {
			compareBack(t, &thePlan, record.Input{Archive: archive, Format: syntax.Workbook, TempDir: dir})
		}
	}
}
