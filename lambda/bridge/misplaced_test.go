package bridge

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// TestAStateWithMisplacedRows takes up a state that a build before the matching by evidence has written: a short name of another domain, a
// recycled address and a default bridge put rows on wrong nodes. They are listed, and go when it is said.
func TestAStateWithMisplacedRows(t *testing.T) {
	r := newRig(t, nil)
	r.now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	r.config.Nodes = seed(t, r.box, "testdata/misplaced/nodes.csv")
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/misplaced/state")); err != nil {
		t.Fatal(err)
	}
	r.config.Ledger = reopened(t, dir, func() time.Time { return r.now })
	want := []Misplaced{
		{Source: "servicenow", Node: "i-0abcdef0123456701", Rows: 1},
		{Source: "nessus", Node: "i-0abcdef0123456702", Rows: 1},
		{Source: "glpi", Node: "mi-0abcdef0123456703", Rows: 1},
	}
	bySource := cmp.Transformer("bySource", func(list []Misplaced) map[string]Misplaced {
		m := map[string]Misplaced{}
		for _, p := range list {
			m[p.Source+" "+p.Node] = p
		}
		return m
	})
	swept, err := r.bridge().Sweep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, swept.Misplaced, bySource); diff != "" {
		t.Error(diff)
	}
	if _, err := r.bridge().RemoveSource(t.Context(), "nessus", "i-0abcdef0123456702"); err != nil {
		t.Fatal(err)
	}
	left, err := r.bridge().Misplaced(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Misplaced{want[0], want[2]}, left, bySource); diff != "" {
		t.Error(diff)
	}
	if item, _ := r.box.Inventory("i-0abcdef0123456702", "Custom:Vulnerability"); len(item.Entries) != 0 {
		t.Errorf("the node holds %v", item.Entries)
	}
}

// seed adds the nodes of a file to a sandbox, and reads them as a directory.
func seed(t *testing.T, box *sandbox.Sandbox, name string) *node.Directory {
	t.Helper()
	f, err := os.Open(filepath.Clean(name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	d, err := node.ParseFile(f)
	if err != nil {
		t.Fatal(err)
	}
	for n := range d.Nodes() {
		if err := box.AddNode(sandbox.ManagedNode{InstanceID: n.ID, ComputerName: n.ComputerName, IPAddress: n.IPAddress}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// reopened opens a state in a directory as if at the sandbox for which it was made.
func reopened(t *testing.T, dir string, now func() time.Time) *ledger.Ledger {
	t.Helper()
	return openedAgain(t, ledger.Dir(dir), now)
}

func openedAgain(t *testing.T, store ledger.Store, now func() time.Time) *ledger.Ledger {
	t.Helper()
	data, _, err := store.Get(t.Context(), "installation.json")
	if err != nil {
		t.Fatal(err)
	}
	var made struct{ Endpoint, Start string }
	if err := json.Unmarshal(data, &made); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), store, ledger.Options{Now: now, Endpoint: made.Endpoint, Start: made.Start})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestAMachineThatLeadsElsewhere: a source whose documents clear what they do not name takes its rows away from a node to which a machine
// does not lead any more, though the document names it.
func TestAMachineThatLeadsElsewhere(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(under("estate/a.csv", "Host,Tag,Value\nweb-1,a,1\nweb-2,b,2\n", 0))
	if err := r.box.UpdateNode(nodeID(1), func(n *sandbox.ManagedNode) { n.ComputerName = "spare-1" }); err != nil {
		t.Fatal(err)
	}
	r.arrive("web-1", nodeID(9))
	r.later(time.Minute)
	got := r.put(under("estate/b.csv", "Host,Tag,Value\nweb-1,a,1\nweb-2,b,2\n", time.Minute))
	equalText(t, "outcomes", got.Counts, map[receipt.Outcome]int{receipt.Put: 1, receipt.Unchanged: 1})
	if r.names(9) != "a" || r.names(1) != "" {
		t.Errorf("the new node holds %q, the old one %q", r.names(9), r.names(1))
	}
}

// TestTheSweepKnowsTheDocument: a machine that was parked beside another of its document is not put on that one's node, nor on one of
// another domain, when these come.
func TestTheSweepKnowsTheDocument(t *testing.T) {
	r := newQuickRig(t, shelf{})
	const gateway = "02:00:00:00:0c:01"
	if err := r.box.AddNode(sandbox.ManagedNode{InstanceID: nodeID(7), ComputerName: "build-6", IPAddress: "10.0.0.7"}); err != nil {
		t.Fatal(err)
	}
	r.put(twoNames(0, "build-6,"+gateway+",a", "auth-4,"+gateway+",b", "mail-5.corp.example,,c"))
	for id, n := range map[string]sandbox.ManagedNode{
		nodeID(8): {ComputerName: "gateway-1", MACAddresses: []string{gateway}}, nodeID(9): {ComputerName: "mail-5.prod.example"},
	} {
		n.InstanceID = id
		if err := r.box.AddNode(n); err != nil {
			t.Fatal(err)
		}
	}
	r.later(time.Hour)
	if s := r.sweep(); s.Parked != 2 || s.Found != 0 {
		t.Errorf("%+v", s)
	}
	if r.names(7) != "a" || r.names(8)+r.names(9) != "" {
		t.Errorf("the nodes hold %q, %q, %q", r.names(7), r.names(8), r.names(9))
	}
}
