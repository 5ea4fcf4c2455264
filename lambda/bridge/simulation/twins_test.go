package simulation

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// TestTwins: a history whose accounts fail for a while ends as its twin does, in which they never do. Nothing else goes wrong in either, and no document
// proves that nodes are absent: one that is read while an account cannot be listed proves less.
func TestTwins(t *testing.T) {
	set, err := load.Options{}.Load("testdata/mappings")
	if err != nil {
		t.Fatal(err)
	}
	pairs, waited := 0, 0
	for seed := uint64(1); seed <= 600; seed++ {
		p := newPlan(seed)
		p.crash, p.storeFaults, p.lateFaults, p.slow, p.skewed = 0, 0, 0, 0, 0
		p.events = slices.DeleteFunc(p.events, func(e event) bool { return e.kind == faultEvent || e.kind == headEvent || e.kind == nodeEvent })
		fails := func(e event) bool { return e.kind == targetEvent }
		provesLess := func(e event) bool { return e.doc != nil && e.doc.source == register }
		p.namesNodes()
		if !slices.ContainsFunc(p.events, fails) || slices.ContainsFunc(p.events, provesLess) {
			continue
		}
		twin := *p
		twin.events = slices.DeleteFunc(slices.Clone(p.events), fails)
		got, w := p.ends(t, set)
		want, _ := twin.ends(t, set)
		pairs, waited = pairs+1, waited+w.happened[waitedForIt]
		if diff := cmp.Diff(want, got); diff != "" || len(w.failures) > 0 {
			t.Fatalf("history %d ends otherwise than its twin: %s\n%v\n%s", seed, diff, w.failures, p)
		}
	}
	t.Logf("%d pairs, in which %d records waited", pairs, waited)
	if pairs < 10 || waited == 0 {
		t.Errorf("%d pairs, in which %d records waited: that shows nothing", pairs, waited)
	}
}

// namesNodes makes documents name machines by more than an address: what waits is not looked for by that alone.
func (p *plan) namesNodes() {
	fleet := newFleet(p.nodes)
	for _, d := range p.docs() {
		for i := range d.records {
			if r := &d.records[i]; r.by == "ip" && r.node != nobody {
				r.by, r.name = "node", fleet[r.node].id
			}
		}
	}
}

// ends runs a history until nothing is open, and returns what each node holds then.
func (p *plan) ends(t *testing.T, set *mapping.Set) (all []map[string][]string, w *world) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(begin))
		var err error
		if w, err = newWorld(p, set, nil); err != nil {
			t.Fatal(err)
		}
		w.chaos()
		one := w.starts(rand.New(rand.NewPCG(p.seed, 2)))
		w.sweepsUp(one)
		w.receipts(one)
		for _, d := range p.docs() {
			if h := w.imports[d]; h == nil || h.id == "" {
				w.failf("%s #%d was not handled", d.source, d.number)
			}
		}
		for n := range w.fleet {
			held := w.holds(n) // an item that was emptied, or never put, is the same
			maps.DeleteFunc(held, func(_ string, rows []string) bool { return len(rows) == 0 })
			all = append(all, held)
		}
	})
	return all, w
}
