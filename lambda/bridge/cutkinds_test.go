package bridge

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zip"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
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
	for name, content := range map[string][]byte{
		"tags.keys":   []byte("Version: 1\n# made by hand\n\nName: web-1\nNote: <text>one\ntwo: 2\n</text>\nTag: a\nTag: b\n\nName: web-2\nNote: <text>short</text>\n"),
		"lines.keys":  []byte("Version: 1\r\nName: web-1\r\nNote: one\r\n two\r\n .\r\n three\r\nName: web-2"),
		"members.zip": membersOf(t, "hosts/a.csv", "Name,Note\nweb-1,a\n", "hosts/b.json", `[{"name":"web-2"}]`, "other/c.xml", "<a/>"),
		"book.xlsx": membersOf(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", `<workbook><sheets><sheet name="Machines" id="a"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="t/worksheet" Target="s.xml"/><Relationship Id="b" Type="t/sharedStrings" Target="t.xml"/></Relationships>`,
			"xl/s.xml", rows, "xl/t.xml", "<sst><si><t>Name</t></si></sst>"),
	} {
		c.document(name, content)
	}
	if left, err := os.ReadDir(c.intake.TempDir); err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left (%v)", len(left), err)
	}
	t.Logf("%d documents, %d cuts, of which %d cannot be told from whole documents", c.files, c.cuts, c.excepted)
}

// membersOf makes a zip file of names and contents in turn.
func membersOf(t *testing.T, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		member, err := w.Create(members[i])
		if err == nil {
			_, err = member.Write([]byte(members[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
