package choose_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// bookOf makes a workbook of one sheet, of rows of cells between commas.
func bookOf(t testing.TB, name string, rows ...string) string {
	t.Helper()
	var sheet strings.Builder
	for _, row := range rows {
		sheet.WriteString(`<row><c t="str"><v>` + strings.ReplaceAll(row, ",", `</v></c><c t="str"><v>`) + "</v></c></row>")
	}
	return testfiles.Zip(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", `<workbook><sheets><sheet name="`+name+`" id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="t/worksheet" Target="s.xml"/></Relationships>`,
		"xl/s.xml", "<worksheet><sheetData>"+sheet.String()+"</sheetData></worksheet>")
}

func TestChooseKinds(t *testing.T) {
	files := map[string]string{}
	for name, detect := range map[string]string{
		"folders": "zip: [machines, flaws]", "folder": "zip: [flaws]", "lists": `zip: "*.list*"`, "sheet": "xlsx: [sheet Servers, Name]", "rows": "csv: [Name, Size]", "first": "xlsx: [Name, Colour]",
		"some": "csv: {all: [Rack], of: [Unit, Row, Depth], least: 2}", "shelf": "xlsx: {all: [sheet Shelves, Rack], of: [Unit, Board], least: 1}",
		"tags": "keyvalue: [Version, Name]", "tag": "keyvalue: [Version]", "stream": "json: [scan.tool=x, hit.id]", "anything": "",
	} {
		files[name+".yaml"] = "version: 1\nmapping: " + name + "\nsections: [Name]\n" + rightFill
		if detect != "" {
			files[name+".yaml"] += "detect: [{" + detect + "}]\n"
		} else {
			files[name+".yaml"] += "match: [{s3: {key: \"x/**\"}}]\n"
		}
	}
	set, err := load.Options{}.Load(write(t, files))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, declared, content, want string
		format                        syntax.Format
		row                           int
	}{
		{"the most members", "", testfiles.Zip(t, "machines/a.json", "{}", "Flaws/b.json", "{}"), "folders", syntax.Archive, 0},
		{"one of them", "", testfiles.Zip(t, "flaws.csv", "a", "x/b", ""), "folder", syntax.Archive, 0},
		{"documents of one kind", "", testfiles.Zip(t, "read.me", "x", "a/b/one.LISTS", "<a/>"), "lists", syntax.Documents, 0},
		{"none of the kind", "", testfiles.Zip(t, "read.me", "x", "list", "<a/>", "a.list.d/x", ""), "none of which a mapping knows", 0, 0},
		{"sheet", "", bookOf(t, "Servers", "a title", "another", "Name,Size", "a,1"), "sheet", syntax.Workbook, 2},
		{"rows of the first sheet", "", bookOf(t, "Page 1", "Name,Size", "a,1"), "rows", syntax.Workbook, 0},
		{"columns of the first sheet", "", bookOf(t, "Page 1", "x", "Name,Colour"), "first", syntax.Workbook, 1},
		{"some columns", "", "Depth;RACK;x;row\n1;2;3;4\n", "some", syntax.CSV, 0},
		{"some columns, after a title", "", "Racks\n\nRack,Unit,Row\n", "some", syntax.CSV, 1},
		{"too few columns", "", "Rack,Unit,x\n", "2 of 4 columns of some, and 3 are needed", 0, 0},
		{"none of those that must be there", "", "Unit,Row,Depth\n", "3 of 4 columns of some; none of: Rack", 0, 0},
		{"some columns of a workbook", "", bookOf(t, "Page 1", "x", "Rack,Unit,Row"), "some", syntax.Workbook, 1},
		{"some columns of a sheet", "", bookOf(t, "Shelves", "Board,Rack"), "shelf", syntax.Workbook, 0},
		{"the most keys", "", "Version: 1\nName: a\n", "tags", syntax.KeyValue, 0},
		{"one key", "", "# x\nversion: 1\n", "tag", syntax.KeyValue, 0},
		{"settings", "", "# x\n\nversion=1: 2\nname[]=a\nname[]=b\n", "tags", syntax.KeyValue, 0},
		{"values over several lines", "", "{\n  \"scan\": {\n    \"tool\": \"x\"\n  }\n}\n{\n  \"note\": 1\n}\n{\n  \"hit\": {\n    \"id\": 1\n  }\n}\n", "stream", syntax.JSON, 0},
		{"values of a list", "", "[{\"hit\":{\"id\":1}},{\"scan\":{\"tool\":\"x\"}}]", "stream", syntax.JSON, 0},
		{"declared", "tag", "Version: 1\nName: a\n", "tag", syntax.KeyValue, 0},
		{"declared, without detect", "anything", "Size: 1\n", "anything", syntax.KeyValue, 0},
		{"a workbook, without detect", "anything", bookOf(t, "x", "y"), "anything", syntax.Workbook, 0},
		{"no member", "", testfiles.Zip(t, "x/flaws.csv", "", "b", ""), "none of which a mapping knows", 0, 0},
		{"no header among the first rows", "", bookOf(t, "Servers", append(strings.Split(strings.Repeat("x ", 50), " ")[:50], "Name")...), "no sheet and header row", 0, 0},
		{"of another kind", "sheet", "Version: 1\n", "not a sheet report: it is text", 0, 0},
		{"a workbook without its list", "", testfiles.Zip(t, "[Content_Types].xml", "<Types/>", "xl/a", ""), "save it as .xlsx", 0, 0},
	} {
		choice, err := chosen(t, set, choose.Origin{Declared: tt.declared, Local: true}, []byte(tt.content))
		switch {
		case err != nil && !strings.Contains(err.Error(), tt.want):
			t.Errorf("%s: %v", tt.name, err)
		case err == nil && (choice.Mapping.Name != tt.want || choice.Format != tt.format || choice.Dialect.HeaderRow != tt.row):
			t.Errorf("%s: %s, %s, header row %d", tt.name, choice.Mapping.Name, choice.Format, choice.Dialect.HeaderRow)
		}
	}
}

// What is wrong with a sheet is an error of the document, and not that nobody knows it.
func TestBrokenSheetIsNotUnknown(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	content := testfiles.Zip(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", `<workbook><sheets><sheet name="a" id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="t/worksheet" Target="s.xml"/></Relationships>`, "xl/s.xml", "<worksheet><sheetData>")
	doc, err := document.Open(t.Context(), document.Inline("a", []byte(content), time.Time{}), document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = doc.Close() }()
	_, err = set.ChooseArchive(choose.Origin{Local: true}, doc.Archive())
	if syntax, ok := errors.AsType[*scan.SyntaxError](err); !ok || !errors.Is(err, scan.ErrCut) {
		t.Error(syntax, err)
	}
}

// chosen chooses a mapping for a document's text, or for the members of a zip file.
func chosen(t testing.TB, set *mapping.Set, o choose.Origin, content []byte) (mapping.Choice, error) {
	t.Helper()
	doc, err := document.Open(t.Context(), document.Inline("sample", content, time.Time{}), document.Limits{})
	if err != nil {
		return mapping.Choice{}, err
	}
	defer func() { _ = doc.Close() }()
	head, complete, err := doc.Head(1 << 20)
	if errors.Is(err, document.ErrManyMembers) {
		return set.ChooseArchive(o, doc.Archive())
	}
	if err != nil {
		return mapping.Choice{}, err
	}
	return set.Choose(o, head, complete)
}
