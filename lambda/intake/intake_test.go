package intake

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

var now = time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)

// reader is an intake with a few nodes, whose temporary files go into a directory of the test.
func reader(t *testing.T, mappings ...string) (*Intake, string) {
	t.Helper()
	set, err := load.Options{}.Load(mappings...)
	if err != nil {
		t.Fatal(err)
	}
	var nodes []node.Node
	for i := range 5 {
		nodes = append(nodes, node.Node{ID: fmt.Sprintf("i-%017x", i+1), ComputerName: fmt.Sprintf("web-%d", i+1), IPAddress: fmt.Sprintf("10.0.0.%d", i+1)})
	}
	dir := t.TempDir()
	return &Intake{
		Mappings: set, Nodes: node.New(nodes), Partitions: 4, PartitionOf: func(id string) int { return int(id[len(id)-1]) % 4 },
		TempDir: dir, Now: func() time.Time { return now },
	}, dir
}

func local(body string) Document {
	return Document{Source: document.Inline("test", []byte(body), now.Add(-time.Hour)), Delivery: choose.Origin{Local: true}}
}

// readDocument reads a document and gives what is delivered, in a form that can be compared.
func readDocument(t *testing.T, in *Intake, d Document) (im *Import, statements []string) {
	t.Helper()
	im, err := in.Read(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	records := im.Decided.Records
	for _, p := range im.Partitions() {
		_, list, err := im.Open(p)
		if err != nil {
			t.Fatal(err)
		}
		for s, err := range list {
			if err != nil {
				t.Fatal(err)
			}
			records += len(s.Records)
			statements = append(statements, show(s))
		}
	}
	if records != im.Records {
		t.Errorf("%d records have an outcome or a statement, %d were read", records, im.Records)
	}
	if err := im.Close(); err != nil {
		t.Error(err)
	}
	slices.Sort(statements)
	return im, statements
}

func show(s *ledger.Statement) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s merge=%v at %s", s.Node, s.Source, s.Merge, s.Captured.Format(time.RFC3339))
	for _, t := range s.Types {
		fmt.Fprintf(&b, " %s×%d", t.Type, len(t.Rows))
	}
	for _, r := range s.Records {
		if r.Outcome != "" {
			fmt.Fprintf(&b, " %s", r.Outcome)
		}
	}
	return b.String()
}

// scanner is a user's mapping whose records are united by a key.
func scanner(t *testing.T) string {
	t.Helper()
	return folder(t, map[string]string{
		"types.yaml": "version: 1\ntypes:\n  Custom:Flaw:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    sort: [Id]\n    required: [Id]\n    attributes:\n      Id: {}\n",
		"m.yaml": "version: 1\nmapping: flaws\ndetect:\n  - json: [machine, flaw]\neach: $rows\nwhere: r.kind != \"note\"\nkey: machine\n" +
			"identify: {hostname: name, ip: ip}\ncapturedAt: at\nCustom:Flaw:\n  Id: flaw\n",
	})
}

// folder writes files into a folder of their own.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(dir+"/"+name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestMachinesAreUnitedByKey(t *testing.T) {
	lines := []string{
		`{"machine":"A","flaw":"1","name":"web-1","at":"2026-03-01T00:00:00Z"}`,
		`{"machine":"B","flaw":"1","ip":"10.0.0.2","name":"web-2.corp.example"}`,
		`{"machine":"A","flaw":"2","at":"2026-03-01T05:00:00Z"}`, // names nothing: the machine's other record does
		`{"machine":"A","flaw":"","name":"web-1"}`,
		`{"machine":"C","flaw":"3","name":"unknown"}`,
		`{"machine":"D","flaw":"4"}`,
		`{"machine":"B","flaw":"9","kind":"note"}`,
		`{"machine":"E","flaw":"5","name":"web-2.corp.example"}`, // another key, and the name of B
		`{"machine":"F","flaw":"6","name":"web-3"}`,              // two keys, one node, and nothing that says that they are one
		`{"machine":"G","flaw":"7","ip":"10.0.0.3"}`,
	}
	want := []string{
		"i-00000000000000001 flaws merge=false at 2026-03-02T06:00:00Z Custom:Flaw×2 rejected",
		"i-00000000000000002 flaws merge=false at 2026-03-02T06:00:00Z Custom:Flaw×2",
	}
	for _, budget := range []int{1, 0} {
		in, dir := reader(t, scanner(t))
		in.Budget = budget
		im, got := readDocument(t, in, local(strings.Join(lines, "\n")+"\n"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("budget %d: %s", budget, diff)
		}
		for outcome, n := range map[receipt.Outcome]int{receipt.Parked: 2, receipt.Rejected: 2, receipt.Skipped: 1} {
			if im.Decided.Counts.Of(outcome) != n {
				t.Errorf("budget %d: %d %s, want %d", budget, im.Decided.Counts.Of(outcome), outcome, n)
			}
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("budget %d: %d temporary files left", budget, len(left))
		}
	}
}

func TestOrderOfRecordsDoesNotMatter(t *testing.T) {
	var lines []string
	for i := range 60 {
		lines = append(lines, fmt.Sprintf(`{"machine":"m%d","flaw":"%d","name":"web-%d","at":"2026-03-01T00:00:%02dZ"}`, i%5, i, i%5+1, i))
	}
	in, _ := reader(t, scanner(t))
	_, want := readDocument(t, in, local(strings.Join(lines, "\n")))
	slices.Reverse(lines)
	in.Budget = 100
	_, got := readDocument(t, in, local(strings.Join(lines, "\n")))
	if diff := cmp.Diff(want, got); diff != "" || len(want) != 5 {
		t.Errorf("%d statements: %s", len(want), diff)
	}
}

func TestCaptureTime(t *testing.T) {
	const unload = `<unload unload_date="%s"><cmdb_ci_server><sys_id>1</sys_id><name>web-1</name></cmdb_ci_server></unload>`
	for _, c := range []struct{ name, said, want string }{
		{"the document's own", "2026-03-01 12:00:00", "2026-03-01T12:00:00Z"},
		{"none: when it was written", "", "2026-03-02T06:00:00Z"},
		{"in the future: now", "2030-01-01 00:00:00", "2026-03-02T07:00:00Z"},
	} {
		in, _ := reader(t)
		_, got := readDocument(t, in, local(fmt.Sprintf(unload, c.said)))
		if len(got) != 1 || !strings.Contains(got[0], "at "+c.want) {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

func TestDocumentsThatDeliverNothing(t *testing.T) {
	in, dir := reader(t)
	for name, d := range map[string]Document{
		"cut off":   local(`<NessusClientData_v2><Report><ReportHost name="web-1"><ReportItem pluginID="1"/></ReportHost>`),
		"of nobody": local(`{"bomFormat":"CycloneDX","components":[{"name":"a"}]}`),
		"unknown":   local("hello"),
	} {
		if im, err := in.Read(t.Context(), d); err == nil {
			t.Errorf("%s: %d records and no error", name, im.Records)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d temporary files left", len(left))
	}
	d := local(`{"bomFormat":"CycloneDX","components":[{"name":"a"}]}`)
	if _, err := in.Read(t.Context(), d); !errors.Is(err, ErrNoMachine) {
		t.Errorf("an SBOM of nobody: %v", err)
	}
	d.As = node.Subject{Hostname: []string{"web-3"}}
	if _, got := readDocument(t, in, d); len(got) != 1 || !strings.HasPrefix(got[0], "i-00000000000000003 cyclonedx") {
		t.Errorf("an SBOM of somebody: %v", got)
	}
}

func TestAnEmptyReportOfAMachineStatesThatThereIsNothing(t *testing.T) {
	for _, body := range []string{"null", "[]", `{"SchemaVersion":2,"ArtifactName":"x","ArtifactType":"vm"}`} {
		in, _ := reader(t)
		d := local(body)
		d.Delivery.Declared, d.As = "trivy", node.Subject{Hostname: []string{"web-1"}}
		im, got := readDocument(t, in, d)
		if len(got) != 1 || !strings.Contains(got[0], "Custom:Vulnerability×0") {
			t.Errorf("%s: %d records, %v", body, im.Records, got)
		}
	}
}

func TestIDIsOfDocumentAndMapping(t *testing.T) {
	in, _ := reader(t)
	csv := "sys_id,sys_class_name,name\n1,cmdb_ci_server,web-1\n"
	first, _ := readDocument(t, in, local(csv))
	again, _ := readDocument(t, in, local(csv))
	other, _ := readDocument(t, in, local(csv+"2,cmdb_ci_server,web-2\n"))
	if first.ID != again.ID || first.ID == other.ID || first.ID == "" {
		t.Errorf("IDs %q, %q, %q", first.ID, again.ID, other.ID)
	}
}

// TestNewestRecordCounts: where each record is all that its source knows, the newest of a document goes before the others.
func TestNewestRecordCounts(t *testing.T) {
	dir := t.TempDir()
	types := "version: 1\ntypes:\n  Custom:Flaw:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    attributes:\n      Id: {}\n"
	flaws := "version: 1\nmapping: flaws\ndetect:\n  - json: [machine, flaws]\neach: $rows\nupdate: newest\nsource: flaws/{scan}\n" +
		"identify: {hostname: machine}\ncapturedAt: at\nCustom:Flaw:\n  each: flaws\n  Id: id\n"
	for name, body := range map[string]string{"types.yaml": types, "m.yaml": flaws} {
		if err := os.WriteFile(dir+"/"+name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lines := []string{
		`{"machine":"web-1","scan":"a","at":"2026-03-01T02:00:00Z","flaws":[{"id":"1"},{"id":"2"}]}`,
		`{"machine":"web-1","scan":"a","at":"2026-03-01T03:00:00Z","flaws":[{"id":"1"}]}`,
		`{"machine":"web-1","scan":"a","at":"2026-03-01T01:00:00Z","flaws":[{"id":"1"},{"id":"2"},{"id":"3"}]}`,
		`{"machine":"web-1","scan":"a","at":"2026-03-01T03:00:00Z","flaws":[{"id":"4"}]}`, // at the same time: both count
		`{"machine":"web-1","scan":"b","at":"2026-03-01T02:00:00Z","flaws":[]}`,
	}
	want := []string{
		"i-00000000000000001 flaws/a merge=false at 2026-03-01T03:00:00Z Custom:Flaw×2 stale stale",
		"i-00000000000000001 flaws/b merge=false at 2026-03-01T02:00:00Z Custom:Flaw×0",
	}
	in, _ := reader(t, dir)
	_, got := readDocument(t, in, local(strings.Join(lines, "\n")))
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
