package intake

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// kind is a document whose machines and flaws stand in different members, sheets or sections.
type kind struct {
	name, mapping, document string
	mend                    func(file string) string
}

const joined = `version: 1
mapping: joined
detect: [%s]
match: [{s3: {key: "joined/**"}}]
sections: [Machine, Flaw]
records:
  - each: %s
    key: [id, Machine]
    identify: {hostname: name}
  - each: %s
    key: machine id
    Custom:Flaw: {Id: [code, Flaw]}
`

// sheet makes the XML of rows.
func sheet(rows ...string) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString("<row>")
		for cell := range strings.SplitSeq(row, ",") {
			fmt.Fprintf(&b, `<c t="str"><v>%s</v></c>`, cell)
		}
		b.WriteString("</row>")
	}
	return "<worksheet><sheetData>" + b.String() + "</sheetData></worksheet>"
}

func kinds(t *testing.T) []kind {
	t.Helper()
	mapping := func(detect, machines, flaws string) string { return fmt.Sprintf(joined, detect, machines, flaws) }
	return []kind{
		{
			"zip", mapping("zip: [flaws]", "machines.*", "flaws.*.list"),
			testfiles.Zip(t, "flaws/1.json", `{"list":[{"machine_id":"A","code":"1"},{"machine_id":"B","code":"2"}]}`, "machines/all.csv", "id;name\nA;web-1\nB;web-2\n",
				"flaws/2.json", `{"list":[{"machine_id":"A","code":"3"},{"machine_id":"A","code":""}]}`, "flaws/.hidden", "x"),
			func(file string) string {
				return strings.Replace(file, `"machine_id":"A"`, `"machine_id":"A","code":"9"`, 1)
			},
		},
		{
			"zip of one member", mapping("zip: [flaws]", "machines.*", "flaws.*.list"),
			testfiles.Zip(t, "flaws/1.json", `{"list":[{"machine_id":"A","name":"web-1","code":"1"},{"machine_id":"A"}]}`), nil,
		},
		{
			"workbook", mapping("xlsx: [sheet machines, Id, Name]", "machines", "flaws"),
			testfiles.Zip(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", `<workbook><sheets><sheet name="Flaws" id="a"/><sheet name="Machines" id="b"/></sheets></workbook>`,
				"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="t/worksheet" Target="f.xml"/><Relationship Id="b" Type="t/worksheet" Target="m.xml"/></Relationships>`,
				"xl/f.xml", sheet("Machine ID,Code", "A,1", "B,2", "A,3", "A,"), "xl/m.xml", sheet("written by somebody", "Id,Name", "A,web-1", "B,web-2")),
			func(file string) string {
				return strings.Replace(file, `"Machine ID":"A"`, `"Machine ID":"A","Code":"9"`, 1)
			},
		},
		{
			"key-value text", mapping("keyvalue: [Machine, Flaw]", "Machine", "Flaw"),
			"Machine: A\nName: web-1\n\nMachine: B\nName: web-2\nFlaw: 1\nMachine Id: A\nFlaw: <text>2</text>\nMachine Id: B\nFlaw: 3\nMachine Id: A\nFlaw:\nMachine Id: A\n",
			func(file string) string {
				return strings.Replace(file, `"Machine Id":"A"`, `"Machine Id":"A","Flaw":"9"`, 1)
			},
		},
	}
}

// joinedIn is an intake with the mapping of a kind.
func joinedIn(t *testing.T, k kind, budget int) (*Intake, *imports, string) {
	t.Helper()
	dir := scanner(t)
	if err := os.WriteFile(dir+"/joined.yaml", []byte(k.mapping), 0o600); err != nil {
		t.Fatal(err)
	}
	in, temp := reader(t, dir)
	state := &imports{receipts: map[string]receipt.Import{}, files: map[string][]byte{}}
	in.Imports, in.Budget = state, budget
	return in, state, temp
}

// TestKindsAreJoined: what different members, sheets or sections say about one machine is united, whatever the order.
func TestKindsAreJoined(t *testing.T) {
	for _, k := range kinds(t) {
		for _, budget := range []int{1, 0} {
			in, _, temp := joinedIn(t, k, budget)
			var bytes int64
			in.Progress = func(n int64) { bytes = n }
			im, got := readDocument(t, in, Document{Source: document.Inline("joined/a", []byte(k.document), now), Delivery: choose.Origin{Key: "joined/a"}})
			want := []string{
				"i-00000000000000001 joined merge=false at 2026-03-02T07:00:00Z Custom:Flaw×2 rejected",
				"i-00000000000000002 joined merge=false at 2026-03-02T07:00:00Z Custom:Flaw×1",
			}
			if k.mend == nil { // the only member names no machine
				want = nil
			}
			if diff := cmp.Diff(want, got); diff != "" || bytes == 0 {
				t.Errorf("%s, budget %d: %d records, %d bytes, %s", k.name, budget, im.Records, bytes, diff)
			}
			if left, _ := os.ReadDir(temp); len(left) > 0 {
				t.Errorf("%s, budget %d: %d temporary files left", k.name, budget, len(left))
			}
		}
	}
}

// TestRejectedRecordsOfKindsComeBack: they come back as lines of JSON, whatever they came in, and are taken when they are mended.
func TestRejectedRecordsOfKindsComeBack(t *testing.T) {
	for _, k := range kinds(t) {
		if k.mend == nil {
			continue
		}
		in, state, _ := joinedIn(t, k, 0)
		own, _, _ := state.take(t, in, Document{Source: document.Inline("joined/a", []byte(k.document), now), Delivery: choose.Origin{Key: "joined/a"}})
		file := string(state.files[own.RejectedFile])
		mended := k.mend(file)
		if !strings.HasSuffix(own.RejectedFile, ".ndjson") || mended == file {
			t.Errorf("%s: %s has\n%s", k.name, own.RejectedFile, file)
			continue
		}
		again, _, all := state.take(t, in, Document{
			Source: document.Inline("joined/b", []byte(mended), now), Delivery: choose.Origin{Key: "joined/rejected-" + own.Import + ".ndjson"},
		})
		if again.Into != own.Import || again.RejectedFile != "" || len(all) != 1 || !all[0].Merge || len(all[0].Types) != 1 || len(all[0].Types[0].Rows) != 1 {
			t.Errorf("%s: %+v of\n%s", k.name, all, mended)
		}
	}
}

// TestNotTheKind: what no mapping knows is said, with what it is.
func TestNotTheKind(t *testing.T) {
	all := kinds(t)
	for _, tt := range []struct{ name, mapping, document, want string }{
		{"zip", all[2].mapping, testfiles.Zip(t, "a.json", `{}`, "b.json", `{}`, "c.json", `{}`), "a zip file of 3 members, none of which a mapping knows"},
		{"zip of one member", all[2].mapping, testfiles.Zip(t, "a.json", `{"a":1}`), "a JSON document"},
		{"workbook", all[0].mapping, all[2].document, "a workbook, with no sheet and header row that a mapping knows"},
		{"key-value text", all[0].mapping, all[3].document, "text, with neither keys nor, in its first 50 rows, a header that a mapping knows"},
		{"encrypted workbook", all[2].mapping, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "save it as .xlsx, without a password"},
	} {
		in, _, _ := joinedIn(t, kind{mapping: tt.mapping}, 0)
		_, err := in.Read(t.Context(), local(tt.document))
		if err == nil || !errors.Is(err, choose.ErrUnknownFormat) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

// TestMendedWorkbookIsRefused: its few rows must not be taken for all that there are.
func TestMendedWorkbookIsRefused(t *testing.T) {
	k := kinds(t)[2]
	in, _, _ := joinedIn(t, k, 0)
	for _, name := range []string{"rejected-0123456789abcdef01234567.xlsx", "rejected-0123456789abcdef01234567-mended.zip"} {
		_, err := in.Read(t.Context(), Document{Source: document.Inline("joined/a", []byte(k.document), now), Delivery: choose.Origin{Key: "joined/" + name}})
		if !errors.Is(err, choose.ErrMended) || !strings.Contains(err.Error(), "save it as CSV or JSON lines") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
