package bridge

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

var version2Mappings = sync.OnceValues(func() (*mapping.Set, error) { return load.Options{}.Load("testdata/version2/mappings") })

// version2Rig is a rig for the documents of testdata/version2/state.
func version2Rig(t *testing.T) *rig {
	t.Helper()
	set, err := version2Mappings()
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, fleet(4))
	r.config.Mappings = set
	seed(t, r.box, "testdata/before/nodes.csv")
	return r
}

// beforeVersion3 are the documents of which testdata/version2/state was made, by the last build that wrote version 2 of the ledger: snapshots of
// two sources, rows that were set and removed by key, two of three pages, a part of a list, and scans that looked at a part.
func beforeVersion3(t *testing.T) []intake.Document {
	t.Helper()
	docs := []intake.Document{
		tagged("f", 0, "web-1,a,1", "web-1,b,2", "web-2,a,1", "web-3,a,1"), listed("l", 0, "web-1,mine", "web-2,other", "web-2,b", "web-9,waits"),
		tagEvents("e", 0, "web-1 x 1 .", "web-1 y 1 .", "web-2 x 1 ."), tagEvents("e2", time.Minute, "web-1 x - ...", "web-2 z 2 ..."),
		weaknesses(0, 1, "a", "gone"), weaknesses(0, 3, "a", "b"), weaknesses(1, 3, "c", "d"),
		holes(3, 0, "web-1,1,,", "web-1,2,,", "web-3,3,,"), holes(9, time.Minute, "web-1,4,CVE-1,", "web-1,1,,7"),
	}
	return append(docs, documentsBefore(t, start)...)
}

// sinceVersion3 are documents that go on where those left off.
func sinceVersion3(t *testing.T) []intake.Document {
	t.Helper()
	docs := []intake.Document{
		weaknesses(2, 3, "e"), tagEvents("e3", 2*time.Minute, "web-1 x 5 ..", "web-1 y 7 ....", "web-2 q 1 ."), holes(2, 2*time.Minute, "web-1,9,,", "web-3,5,,"),
		tagged("f", 3*time.Minute, "web-1,a,1", "web-2,a,5"), listed("l", time.Minute, "web-1,mine", "web-2,b"),
	}
	return append(docs, documentsBefore(t, start.Add(time.Minute))...)
}

// holdsAfter takes documents in, sweeps, and returns what the service holds then.
func (r *rig) holdsAfter(documents []intake.Document) map[string][]map[string]string {
	r.t.Helper()
	for _, d := range documents {
		if _, err := r.bridge().Import(r.t.Context(), d, Options{Force: true}); err != nil { // the sandbox is another than that of the state
			r.t.Fatal(err)
		}
	}
	if _, err := r.bridge().Sweep(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	return r.all()
}

// all is all that the service holds, by node and type.
func (r *rig) all() map[string][]map[string]string {
	all := map[string][]map[string]string{}
	nodes := append([]string{beforeNode, "i-0abcdef0123456702"}, nodeID(1), nodeID(2), nodeID(3), nodeID(4))
	for _, typ := range r.config.Mappings.Types() {
		for _, id := range nodes {
			if entries := r.entries(id, typ.Name()); len(entries) > 0 {
				all[id+" "+typ.Name()] = entries
			}
		}
	}
	return all
}

// TestAStateOfVersion2 goes on with a state that the last build before packs has made: what the nodes hold then is what they hold where all was
// taken in by this one. The state moves over: nothing of it is left out of packs.
func TestAStateOfVersion2(t *testing.T) {
	fresh := version2Rig(t)
	fresh.holdsAfter(beforeVersion3(t))
	want := fresh.holdsAfter(sinceVersion3(t))

	moved := version2Rig(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/version2/state")); err != nil {
		t.Fatal(err)
	}
	moved.config.Ledger = reopened(t, dir, func() time.Time { return moved.now })
	got := moved.holdsAfter(sinceVersion3(t))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	keys, err := moved.config.Ledger.Parked(t.Context(), "list")
	if err != nil || len(keys) != 1 {
		t.Fatalf("%v, %v", keys, err)
	}
	if _, _, err := moved.config.Ledger.ReadParked(t.Context(), keys[0]); err != nil {
		t.Error(err)
	}
	for _, folder := range []string{"rows", "scopes"} {
		if err := os.RemoveAll(filepath.Join(dir, folder)); err != nil {
			t.Fatal(err)
		}
	}
	again := moved.holdsAfter(documentsBefore(t, start.Add(2*time.Minute)))
	if diff := cmp.Diff(want, again); diff != "" {
		t.Error("not all of it is in packs:", diff)
	}
}

// onShelf reads a state's directory into memory.
func onShelf(t *testing.T, dir string) shelf {
	t.Helper()
	s := shelf{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, path)
		s[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestAStateOfVersion2AtAnyStep kills the first import on a state of version 2 at each step. What the service holds in the end is the same.
func TestAStateOfVersion2AtAnyStep(t *testing.T) {
	stored := onShelf(t, "testdata/version2/state")
	play := func(a *axe) (*rig, int) {
		store := maps.Clone(stored)
		r := newQuickRig(t, shelf{})
		now := func() time.Time { return r.now }
		d := tagged("f", 3*time.Minute, "web-1,a,1", "web-2,a,5")
		at := a.at
		a.at = 0 // the state exists already: opening it changes nothing
		r.config.Ledger = openedAgain(t, axedStore{store, a}, now)
		a.at, a.calls = at, 0
		_, err := r.bridge().Import(t.Context(), d, Options{})
		if a.at == 0 && err != nil {
			t.Fatal(err)
		}
		steps := a.calls
		r.now = r.now.Add(time.Hour)
		r.config.Ledger = openedAgain(t, store, now)
		r.put(d)
		return r, steps
	}
	calm, steps := play(&axe{})
	want := calm.all()
	if len(want) == 0 {
		t.Fatal("nothing was put")
	}
	for at := 1; at <= steps; at++ {
		for _, after := range []bool{false, true} {
			r, _ := play(&axe{at: at, after: after})
			if diff := cmp.Diff(want, r.all()); diff != "" {
				t.Fatalf("killed at call %d of %d (after: %t): %s", at, steps, after, diff)
			}
		}
	}
	t.Logf("%d steps", steps)
}
