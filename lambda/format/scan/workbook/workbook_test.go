package workbook

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// parts is a workbook by the names of its parts.
type parts map[string]string

func (p parts) Members() []string { return slices.Sorted(maps.Keys(p)) }

func (p parts) Open(i int) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(p[p.Members()[i]])), nil
}

// with returns the parts, some of them replaced; "" takes one away.
func (p parts) with(others ...string) parts {
	p = maps.Clone(p)
	for i := 0; i < len(others); i += 2 {
		if p[others[i]] = others[i+1]; others[i+1] == "" {
			delete(p, others[i])
		}
	}
	return p
}

const (
	sheetPart   = "xl/worksheets/sheet1.xml"
	sharedPart  = "xl/sharedStrings.xml"
	stylesPart  = "xl/styles.xml"
	bookPart    = "xl/workbook.xml"
	bookRels    = "xl/_rels/workbook.xml.rels"
	twoSheets   = `<sheets><sheet name="Page 1" sheetId="1" r:id="rId1"/><sheet name="Second &amp; last" sheetId="2" state="hidden" r:id="rId2"/></sheets>`
	workbookXML = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">`
)

// plain is a workbook of two sheets, the first of which has these rows.
func plain(rows string) parts {
	return parts{
		contentTypes: `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		bookPart:     workbookXML + twoSheets + `</workbook>`,
		bookRels: `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://x/worksheet" ` +
			`Target="/xl/worksheets/SHEET2.xml"/><Relationship Id="rId3" Type="http://x/styles" Target="styles.xml"/><Relationship Id="rId4" Type="http://x/sharedStrings" ` +
			`Target="sharedStrings.xml"/><Relationship Id="rId5" Type="http://x/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>`,
		sheetPart:                  `<worksheet><dimension ref="A1:Z9"/><sheetData>` + rows + `</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`,
		"xl/worksheets/sheet2.xml": `<worksheet><sheetData><row><c t="str"><v>second</v></c></row></sheetData></worksheet>`,
		sharedPart: `<sst count="9"><si><t>zero</t></si><si><t xml:space="preserve"> one  </t></si><si><r><rPr><b/></rPr><t xml:space="preserve">two </t></r><r><t>three</t></r>` +
			`<rPh sb="0" eb="1"><t>spoken</t></rPh><phoneticPr fontId="1"/></si><si/><si><t>a_x000D__x005F_b_x00zz_c_</t></si></sst>`,
		stylesPart: `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy/mm/dd\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="[h]:mm"/>` +
			`<numFmt numFmtId="166" formatCode="[$-409]mmm\-yy;@"/><numFmt numFmtId="167" formatCode="&quot;days&quot; 0.00E+00"/><numFmt numFmtId="168" formatCode="000000;-000000"/></numFmts>` +
			`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/>` +
			`<xf numFmtId="167"/><xf numFmtId="20"/><xf numFmtId="168"/></cellXfs></styleSheet>`,
	}
}

// show writes the rows of a sheet: their numbers, and their cells by column.
func show(p scan.Archive, sheet int, o Options) (text string, err error) {
	b, err := Open(p, o)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if sheet >= len(b.Sheets) {
		return "", errors.New("no such sheet")
	}
	var out strings.Builder
	err = b.Rows(sheet, func(r *Row) error {
		fmt.Fprintf(&out, "%d:", r.Number)
		for _, c := range r.Cells {
			text, err := r.Text(c)
			if err != nil {
				return err
			}
			fmt.Fprintf(&out, " %s=%s", scan.ColumnName(c.Column), text)
		}
		out.WriteString("\n")
		return nil
	})
	return out.String(), err
}

func TestRows(t *testing.T) {
	tests := []struct{ name, rows, want string }{
		{"shared strings", `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>4</v></c></row>`, "1: A=zero B=one C=two three D=a\r_b_x00zz_c_\n"},
		{"an empty shared string", `<row r="1"><c r="A1" t="s"><v>3</v></c></row>`, "1: A=\n"},
		{"texts in cells", `<row r="1"><c r="A1" t="inlineStr"><is><t>one</t></is></c><c r="B1" t="inlineStr"><is><r><rPr/><t xml:space="preserve">a </t></r><r><t>b</t></r></is></c></row>`, "1: A=one B=a b\n"},
		{"formulas", `<row r="1"><c r="A1" t="str"><f>B1&amp;"x"</f><v>made</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1"><f>1/0</f></c></row>`, "1: A=made B=2\n"},
		{"booleans and errors", `<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c><c r="C1" t="e"><v>#N/A</v></c></row><row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>`, "1: A=true B=false\n"},
		{"numbers as they are spelled", `<row r="1"><c r="A1"><v>1.10</v></c><c r="B1" t="n"><v>1E+3</v></c><c r="C1" s="5"><v>45000</v></c><c r="D1" s="99"><v>7</v></c></row>`, "1: A=1.10 B=1E+3 C=45000 D=7\n"},
		{
			"zeros in front", `<row r="1"><c r="A1" s="7"><v>12345</v></c><c r="B1" s="7"><v>1234567</v></c><c r="C1" s="7"><v>0</v></c><c r="D1" s="7"><v>-5</v></c><c r="E1" s="7"><v>1.5</v></c><c r="F1" s="7" t="str"><v>7</v></c></row>`,
			"1: A=012345 B=1234567 C=000000 D=-5 E=1.5 F=7\n",
		},
		{
			"dates", `<row r="1"><c r="A1" s="1"><v>45000</v></c><c r="B1" s="2"><v>45000.524259259</v></c><c r="C1" s="4"><v>45000</v></c><c r="D1" s="6"><v>0.5</v></c><c r="E1" s="2"><v>45000</v></c></row>`,
			"1: A=2023-03-15 B=2023-03-15T12:34:56 C=2023-03-15 D=12:00:00 E=2023-03-15\n",
		},
		{"no dates", `<row r="1"><c r="A1" s="1"><v>-1</v></c><c r="B1" s="1"><v>9999999</v></c><c r="C1" s="3"><v>1.5</v></c><c r="D1" s="1" t="str"><v>text</v></c></row>`, "1: A=-1 B=9999999 C=1.5 D=text\n"},
		{"dates that are spelled", `<row r="1"><c r="A1" t="d" s="1"><v>2023-03-15T12:34:56Z</v></c></row>`, "1: A=2023-03-15T12:34:56Z\n"},
		{"gaps", `<row r="3"><c r="B3"><v>1</v></c><c r="AA3"><v>2</v></c></row><row r="4"/><row r="5"><c r="A5" s="1"/><c r="B5" t="str"><v> </v></c></row><row r="10"><c r="XFD10"><v>3</v></c></row>`, "3: B=1 AA=2\n10: XFD=3\n"},
		{
			"cells that are written in other ways", `<row r="1"><c r="A1" s="1" t="n"><v>45000</v></c><c r="B1" t="str" s="1"><v>x</v></c><c r="C1" x="1"><v>2</v></c><c r="D1"><v></v></c><c r="E1"><v/></c>` +
				`<c r="F1" t="str"><v>a b</v></c><c r="G1"><v>1</v ></c> <c r="H1"><v>2</v></c><c r='I1'><v>3</v></c><c r="J1" s="x"><v>4</v></c></row>`, "1: A=2023-03-15 B=x C=2 F=a b G=1 H=2 I=3 J=4\n",
		},
		{
			"texts in the cell", `<row r="1"><c r="A1" t="inlineStr"><is><t>a b</t></is></c><c r="B1" s="1" t="inlineStr"><is><t>ü _x0041_</t></is></c><c t="inlineStr"><is><t> c </t></is></c>` +
				`<c r="D1"><is><t>5</t></is></c><c r="E1" t="inlineStr"><is><t>e</t><r><t>f</t></r></is></c><c t="str"><v>g, h; i_</v></c></row>`, "1: A=a b B=ü A C=c D=5 E=ef F=g, h; i_\n",
		},
		{"without places", `<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row>`, "1: A=1 C=2\n2: A=3\n"},
		{"prefixes", `<x:row xmlns:x="u" r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>`, "1: A=1\n"},
		{"nothing", ``, ""},
	}
	for _, tt := range tests {
		p := plain(tt.rows)
		for _, p := range []parts{p, p.with(sheetPart, loosely(p[sheetPart]), sharedPart, loosely(p[sharedPart]))} {
			for _, budget := range []int{0, 1} {
				got, err := show(p, 0, Options{Budget: budget, TempDir: t.TempDir()})
				if err != nil || got != tt.want {
					t.Errorf("%s: %v, got\n%swant\n%s", tt.name, err, got, tt.want)
				}
			}
		}
	}
}

func TestSheets(t *testing.T) {
	strict := workbookXML + `<workbookPr date1904="1"/>` + twoSheets + `</workbook>`
	strict = strings.NewReplacer("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
		"http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships").Replace(strict)
	p := plain(`<row><c s="1"><v>0</v></c><c s="1"><v>43538</v></c></row>`).with(bookPart, strict)
	b, err := Open(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(b.Sheets, b.First()); got != "[{Page 1 false 5} {Second & last true 6}] 0" {
		t.Error(got)
	}
	if got, err := show(p, 0, Options{}); got != "1: A=1904-01-01 B=2023-03-15\n" || err != nil {
		t.Error(got, err)
	}
	if got, err := show(p, 1, Options{}); got != "1: A=second\n" || err != nil {
		t.Error(got, err)
	}
}

func TestHead(t *testing.T) {
	b, err := Open(plain(`<row><c t="s"><v>2</v></c></row><row/><row><c r="C3" t="s"><v>0</v></c><c r="A3"><v>5</v></c></row><row><c><v>6</v></c></row>`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.Head(0, 2)
	if got := fmt.Sprintf("%q", rows); err != nil || got != `[["two three"] ["5" "" "zero"]]` || b.strings != nil {
		t.Error(got, err, b.strings)
	}
}

func TestIs(t *testing.T) {
	for members, want := range map[string]bool{"[Content_Types].xml xl/workbook.xml": true, "[Content_Types].xml word/document.xml": false, "xl/workbook.xml": false} {
		if got := Is(strings.Fields(members)); got != want {
			t.Errorf("%s: %v", members, got)
		}
	}
}

func manyRelations() string {
	var b strings.Builder
	for i := range 10_001 {
		fmt.Fprintf(&b, `<Relationship Id="r%d"/>`, i)
	}
	return b.String()
}

// The first rows are looked at as far as they are small.
func TestHeadIsBounded(t *testing.T) {
	long := strings.Repeat("x", 1<<19)
	rows := strings.Repeat("<row><c t='str'><v>"+long+"</v></c><c t='s'><v>0</v></c></row>", 20)
	b, err := Open(plain(rows).with(sharedPart, "<sst><si><t>"+long+"</t></si></sst>"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := b.Head(0, 50); err != nil || len(got) != 7 {
		t.Error(len(got), err)
	}
}

func TestErrors(t *testing.T) {
	cell := func(attrs, inner string) string { return `<row r="7"><c r="C7" ` + attrs + `>` + inner + `</c></row>` }
	ok := plain(cell("", "<v>1</v>"))
	tests := []struct {
		name  string
		parts parts
		want  string
		is    error
	}{
		{"no such string", plain(cell(`t="s"`, "<v>5</v>")), `sheet "Page 1", row 7, column C: a cell refers to a shared string that is not there`, nil},
		{"no number of a string", plain(cell(`t="s"`, "<v>x</v>")), `sheet "Page 1", row 7, column C: `, nil},
		{"no strings", plain(cell(`t="s"`, "<v>0</v>")).with(sharedPart, ""), `sheet "Page 1", row 7, column C: `, nil},
		{"rows backwards", plain(cell("", "<v>1</v>") + cell("", "<v>1</v>")), `sheet "Page 1", row 8`, nil},
		{"a column too far", plain(`<row r="1"><c r="XFE1"><v>1</v></c></row>`), `sheet "Page 1", row 1, column A: a cell without a column`, nil},
		{"a long cell", plain(cell(`t="str"`, "<v>"+strings.Repeat("x", 101)+"</v>")), `longer than 100 bytes`, scan.ErrLimit},
		{"a long shared string", ok.with(sheetPart, plain(cell(`t="s"`, "<v>0</v>"))[sheetPart], sharedPart, "<sst><si><r><t>"+strings.Repeat("x", 60)+"</t></r><r><t>"+strings.Repeat("x", 60)+"</t></r></si></sst>"), `member "xl/sharedStrings.xml"`, scan.ErrLimit},
		{"cut", ok.with(sheetPart, ok[sheetPart][:len(ok[sheetPart])/2]), `sheet "Page 1" behind row 0, member "xl/worksheets/sheet1.xml", line 1`, scan.ErrCut},
		{"entities", ok.with(sheetPart, `<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>`), "declares", nil},
		{"deep", ok.with(sheetPart, strings.Repeat("<a>", 600)), "nested", scan.ErrLimit},
		{"a deep small part", ok.with(bookPart, strings.Repeat("<a>", 600)), `member "xl/workbook.xml"`, scan.ErrLimit},
		{"many relationships", ok.with(bookRels, "<r>"+strings.Repeat("<Relationship Id='1'/><Relationship Id='2'/>", 5)+manyRelations()+"</r>"), "more than 10000 relationships", scan.ErrLimit},
		{"no XML", ok.with(bookPart, "x"), `member "xl/workbook.xml"`, nil},
		{"no list of sheets", ok.with(bookPart, ""), "save it as .xlsx", nil},
		{"no relationships", ok.with(bookRels, ""), "relationships", nil},
		{"no styles", ok.with(sheetPart, plain(cell(`s="1"`, "<v>1</v>"))[sheetPart], stylesPart, "<"), `member "xl/styles.xml"`, scan.ErrCut},
	}
	for _, tt := range tests {
		_, err := show(tt.parts, 0, Options{Limits: scan.Limits{Text: 100}})
		syntax, _ := errors.AsType[*scan.SyntaxError](err)
		if syntax == nil || !strings.Contains(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}
