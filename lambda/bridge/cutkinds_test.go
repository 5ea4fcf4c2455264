package bridge

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

const cutKindsMapping = `version: 1
mapping: kinds
detect: [{zip: [hosts]}, {xlsx: [sheet Machines, Name]}, {keyvalue: [Version, Name]}]
sections: [Name]
records:
  - each: [hosts.*, machines, Name]
    key: name
    identify: {hostname: name}
    Custom:Asset: {AssetId: name, Name: note}
`

// TestCutKinds: the same of archives, workbooks and key-value text, which no built-in mapping reads.
func TestCutKinds(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "m.yaml"), []byte(cutKindsMapping), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := newCutter(t, set, 1024)
	const rows = `<worksheet><sheetData><row><c t="s"><v>0</v></c></row><row><c t="str"><v>web-1</v></c></row></sheetData></worksheet>`
	for name, content := range map[string]string{
		"tags.keys":   "Version: 1\n# made by hand\n\nName: web-1\nNote: <text>one\ntwo: 2\n</text>\nTag: a\nTag: b\n\nName: web-2\nNote: <text>short</text>\n",
		"lines.keys":  "Version: 1\r\nName: web-1\r\nNote: one\r\n two\r\n .\r\n three\r\nName: web-2",
		"members.zip": testfiles.Zip(t, "hosts/a.csv", "Name,Note\nweb-1,a\n", "hosts/b.json", `[{"name":"web-2"}]`, "other/c.xml", "<a/>"),
		"book.xlsx": testfiles.Zip(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", `<workbook><sheets><sheet name="Machines" id="a"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="t/worksheet" Target="s.xml"/><Relationship Id="b" Type="t/sharedStrings" Target="t.xml"/></Relationships>`,
			"xl/s.xml", rows, "xl/t.xml", "<sst><si><t>Name</t></si></sst>"),
	} {
		c.document(name, []byte(content))
	}
	if left, err := os.ReadDir(c.intake.TempDir); err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left (%v)", len(left), err)
	}
	t.Log(c.tally)
}
