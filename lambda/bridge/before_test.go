package bridge

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

const beforeNode = "i-0abcdef0123456701"

// documentsBefore are the documents of which testdata/before/state was made, by a build whose types had other keys and attributes.
func documentsBefore(t *testing.T, written time.Time) []intake.Document {
	t.Helper()
	names, err := filepath.Glob("testdata/before/documents/*")
	if err != nil || len(names) == 0 {
		t.Fatal("no documents", err)
	}
	var documents []intake.Document
	for _, name := range names {
		content, err := os.ReadFile(filepath.Clean(name))
		if err != nil {
			t.Fatal(err)
		}
		d := intake.Document{Source: document.Inline(filepath.Base(name), content, written), Delivery: choose.Origin{Local: true}}
		if filepath.Base(name) == "sbom.cdx.json" {
			d.As = node.Subject{NodeID: []string{beforeNode}}
		}
		documents = append(documents, d)
	}
	return documents
}

// holding takes documents in, on top of a state, and returns the items that the node holds then, by type.
func (r *rig) holding(documents []intake.Document) map[string]heldItem {
	r.t.Helper()
	for _, d := range documents {
		got, err := r.bridge().Import(r.t.Context(), d, Options{Force: true}) // the sandbox is another than that of the state
		if err != nil {
			r.t.Fatal(err)
		}
		if got.Counts.Sum() != got.Records {
			r.t.Errorf("the outcomes sum up to %d of %d records", got.Counts.Sum(), got.Records)
		}
	}
	held := map[string]heldItem{}
	for _, typ := range r.config.Mappings.Types() {
		item, there := r.box.Inventory(beforeNode, typ.Name())
		if !there {
			continue
		}
		h := heldItem{Version: item.SchemaVersion, Rows: map[string]int{}}
		for _, e := range item.Entries {
			row := ""
			for _, name := range typ.Inventory.Attributes {
				row += name + "=" + e[name] + " "
			}
			h.Rows[row]++
		}
		held[typ.Name()] = h
	}
	return held
}

// heldItem is an item as the service has it.
type heldItem struct {
	Version string
	Rows    map[string]int // how often each row stands there
}

// TestAStateOfTypesWithOtherKeys takes up a state of a build in which two components of one name and version were one, and an audit's checks
// were weaknesses. The same documents make of it what they make of nothing: no row is lost, left behind or there twice.
func TestAStateOfTypesWithOtherKeys(t *testing.T) {
	written := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	started := func() *rig {
		r := newRig(t, nil)
		r.now = written.Add(time.Hour)
		r.config.Nodes = seed(t, r.box, "testdata/before/nodes.csv")
		return r
	}
	fresh := started()
	want := fresh.holding(documentsBefore(t, written))

	moved := started()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/before/state")); err != nil {
		t.Fatal(err)
	}
	moved.config.Ledger = reopened(t, dir, func() time.Time { return moved.now })
	if rows := rowsBefore(t, moved.config.Ledger); rows < 17 {
		t.Fatalf("the state of before has %d rows", rows)
	}
	got := moved.holding(documentsBefore(t, written))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"Custom:Vulnerability", "Custom:SoftwareComponent", "Custom:ConfigurationCheck"} {
		if got[name].Version != "1.1" {
			t.Errorf("%s has the schema version %q", name, got[name].Version)
		}
	}
	for name, item := range got {
		for row, n := range item.Rows {
			if n != 1 {
				t.Errorf("%s: %d times %s", name, n, row)
			}
		}
	}
	if six := len(got["Custom:SoftwareComponent"].Rows); six != 8 {
		t.Errorf("%d components, not 3 of the SBOM, 3 of the agent and 2 of the queries", six)
	}
}

// TestAnEventAfterAStateOfBefore: rows that were set one by one before are found by the events that remove them.
func TestAnEventAfterAStateOfBefore(t *testing.T) {
	r := newRig(t, nil)
	r.now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	r.config.Nodes = seed(t, r.box, "testdata/before/nodes.csv")
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/before/state")); err != nil {
		t.Fatal(err)
	}
	r.config.Ledger = reopened(t, dir, func() time.Time { return r.now })
	event := `{"name":"pack_house_deb_packages","hostIdentifier":"web-01.example.test","unixTime":1767700000,"columns":{"name":"wget","version":"1.24"},"action":"removed"}` + "\n"
	closed := `{"findingArn":"arn:aws:inspector2:us-east-1:111122223333:finding/1","awsAccountId":"111122223333","type":"PACKAGE_VULNERABILITY","status":"CLOSED","severity":"HIGH",` +
		`"updatedAt":"2026-01-06T08:00:00Z","resources":[{"type":"AWS_EC2_INSTANCE","id":"` + beforeNode + `","region":"us-east-1"}]}`
	held := r.holding([]intake.Document{
		{Source: document.Inline("removed.log", []byte(event), r.now), Delivery: choose.Origin{Local: true}},
		{Source: document.Inline("closed.json", []byte(closed), r.now), Delivery: choose.Origin{Local: true}},
	})
	names := func(typ, attribute string) []string {
		item, _ := r.box.Inventory(beforeNode, typ)
		var all []string
		for _, e := range item.Entries {
			all = append(all, e[attribute])
		}
		slices.Sort(all)
		return all
	}
	if got := names("Custom:SoftwareComponent", "Name"); slices.Contains(got, "wget") || !slices.Contains(got, "curl") || len(got) != 7 {
		t.Errorf("the node holds %v", got)
	}
	if got := names("Custom:Vulnerability", "Id"); len(got) != 3 {
		t.Errorf("the node holds %v", got)
	}
	if v := held["Custom:SoftwareComponent"].Version; v != "1.1" {
		t.Errorf("the schema version is %q", v)
	}
}

// rowsBefore counts the rows that a ledger's heads name.
func rowsBefore(t *testing.T, l *ledger.Ledger) int {
	t.Helper()
	summaries, err := l.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, s := range summaries {
		rows += s.Rows
	}
	return rows
}
