package bridge

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/rollback"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/past"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// undone is a bad document that is rolled back, and what it should have stated: what was there before.
type undone struct {
	name   string
	before []intake.Document
	bad    intake.Document
	good   intake.Document
}

func undoneStories() []undone {
	full := tagged("f", 0, "web-1,a,1", "web-1,b,2", "web-2,a,1", "web-3,a,1")
	return []undone{
		{
			"snapshot",
			[]intake.Document{full},
			tagged("bad", time.Minute, "web-1,a,9", "web-2,z,1", "web-3,a,1"),
			tagged("bad", time.Minute, "web-1,a,1", "web-1,b,2", "web-2,a,1", "web-3,a,1"),
		},
		{
			"merge",
			[]intake.Document{tagEvents("e", 0, "web-1 a 1 .", "web-1 b 1 .", "web-2 a 1 .", "web-3 q 1 .")},
			tagEvents("bad", time.Minute, "web-1 a - ..", "web-1 b 9 ..", "web-2 a 2 ..", "web-3 q 1 .."),
			tagEvents("bad", time.Minute, "web-1 a 1 ..", "web-1 b 1 ..", "web-2 a 1 ..", "web-3 q 1 .."),
		},
		{
			"merge that adds",
			[]intake.Document{tagEvents("e", 0, "web-1 a 1 .")},
			tagEvents("bad", time.Minute, "web-1 c 9 .."),
			tagEvents("bad", time.Minute, "web-1 c - .."),
		},
		{
			"clear",
			[]intake.Document{tagged("e", 0, "web-1,a,1", "web-2,b,1"), listed("l0", 0, "web-2,c")},
			tagged("bad", time.Minute, "web-1,a,1"),
			tagged("bad", time.Minute, "web-1,a,1", "web-2,b,1"),
		},
	}
}

// later are imports between the bad one and its rollback.
func later() map[string][]intake.Document {
	return map[string][]intake.Document{
		"nothing":                nil,
		"another source":         {listed("l", 2*time.Minute, "web-1,a", "web-2,y", "web-4,z")},
		"the source, of another": {tagged("g", 2*time.Minute, "web-4,n,1"), tagEvents("e3", 2*time.Minute, "web-4 n 1 ...")},
	}
}

// next are imports after the rollback, some of which are older than the bad one.
func next() []intake.Document {
	return []intake.Document{
		tagged("old", 30*time.Second, "web-1,old,1", "web-2,old,1"),
		tagEvents("olde", 30*time.Second, "web-1 old 1 .", "web-1 b 7 ."),
		listed("l2", 3*time.Minute, "web-1,a"),
		tagged("new", 4*time.Minute, "web-1,n,1", "web-3,a,5"),
		tagEvents("newe", 4*time.Minute, "web-1 c 5 ....", "web-2 a - ...."),
		tagged("newest", 5*time.Minute, "web-1,a,1", "web-2,b,1"),
	}
}

func (r *rig) rollBack(id string, o rollback.Options) receipt.Receipt {
	r.t.Helper()
	got, _, err := r.bridge().Rollback(r.t.Context(), id, o)
	if err != nil {
		r.t.Fatal(err)
	}
	return got
}

// plansRollback returns what a plan of a rollback says that it would do.
func (r *rig) plansRollback(id string) []differ.Node {
	r.t.Helper()
	c := r.config
	c.Plan = true
	foreseen, _ := r.rollsBack(c, id)
	return foreseen
}

// rollsBack returns what a rollback does to nodes, without what the service says of it.
func (r *rig) rollsBack(c Config, id string) (nodes []differ.Node, _ receipt.Receipt) {
	r.t.Helper()
	b := New(c)
	b.Observe = func(n differ.Node) {
		for i := range n.Items {
			n.Items[i].Outcome, n.Items[i].Rows = "", nil
		}
		if n.Changes() {
			nodes = append(nodes, n)
		}
	}
	got, _, err := b.Rollback(r.t.Context(), id, rollback.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	if c.Plan && got.Counts.Of(receipt.Failed) > 0 {
		r.t.Errorf("a plan in which records fail: %+v", got)
	}
	slices.SortFunc(nodes, func(a, b differ.Node) int { return strings.Compare(a.Node, b.Node) })
	return nodes, got
}

// alike compares two installations: what the service holds, and what the heads say, but for the nanosecond by which a rollback is newer.
func (r *rig) alike(what string, want *rig) {
	r.t.Helper()
	if diff := cmp.Diff(want.inventory("Custom:Tag"), r.inventory("Custom:Tag"), cmpopts.EquateEmpty()); diff != "" {
		r.t.Fatalf("%s: inventory: %s", what, diff)
	}
	options := []cmp.Option{
		cmpopts.IgnoreFields(ledger.Accepted{}, "At", "Captured"), cmpopts.IgnoreFields(ledger.Day{}, "Bytes"), cmpopts.EquateEmpty(),
		cmpopts.IgnoreFields(ledger.Source{}, "Import", "Received"), cmpopts.IgnoreFields(ledger.Share{}, "Rows", "Stated"),
		cmpopts.EquateApproxTime(time.Microsecond), cmpopts.IgnoreFields(ledger.Share{}, "Forget"),
	}
	if diff := cmp.Diff(want.heads(), r.heads(), options...); diff != "" {
		r.t.Fatalf("%s: heads: %s", what, diff)
	}
}

func (r *rig) heads() map[string]*ledger.NodeState {
	r.t.Helper()
	heads := map[string]*ledger.NodeState{}
	for p := range r.config.Ledger.Partitions() {
		h, err := r.config.Ledger.Load(r.t.Context(), p)
		if err != nil {
			r.t.Fatal(err)
		}
		for id, n := range h.Nodes {
			heads[id] = n
		}
	}
	return heads
}

// TestARollback: after it everything is as if the bad document had stated what was there before, and so is what comes next.
func TestARollback(t *testing.T) {
	for _, s := range undoneStories() {
		for between, docs := range later() {
			if s.name == "clear" && strings.HasPrefix(between, "the source") {
				continue // what a later document clears depends on how many nodes the source has then
			}
			t.Run(s.name+", "+between, func(t *testing.T) {
				t.Parallel()
				got, want := newQuickRig(t, shelf{}), newQuickRig(t, shelf{})
				for _, d := range s.before {
					got.put(d)
					want.put(d)
				}
				bad := got.put(s.bad)
				want.put(s.good)
				for _, d := range docs {
					got.put(d)
					want.put(d)
				}
				foreseen := got.plansRollback(bad.Import)
				done, r := got.rollsBack(got.config, bad.Import)
				if diff := cmp.Diff(foreseen, done); diff != "" {
					t.Errorf("the plan of the rollback (-want) and what it did (+got): %s", diff)
				}
				if r.Import != "undo-"+bad.Import || !r.Complete || r.Counts.Sum() != r.Records {
					t.Errorf("%+v", r)
				}
				got.alike("after the rollback", want)
				if !strings.HasPrefix(between, "the source") { // an older document would unmark what a later one does not name
					if n := got.put(s.bad).Counts.Of(receipt.Put); n > 0 {
						t.Errorf("%d records of the bad document count again", n)
					}
					want.put(s.good)
					got.alike("after the bad document came again", want)
				}
				for i, d := range next() {
					got.put(d)
					want.put(d)
					got.alike(fmt.Sprintf("after document %d that came next", i), want)
				}
			})
		}
	}
}

// TestARollbackIsOfTheMappingThatStated: which one that was is known from the heads, whatever is written into the receipt.
func TestARollbackIsOfTheMappingThatStated(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,good,1", "web-2,good,1"))
	r.put(listed("l", 0, "web-1,mine"))
	bad := r.put(tagged("g", time.Minute, "web-1,bad,1", "web-2,bad,1"))
	key := "receipts/" + bad.Import + "/intake.json"
	forged, _, err := r.store.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.Put(t.Context(), key, bytes.ReplaceAll(forged, []byte(`"mapping":"estate"`), []byte(`"mapping":"list"`)), ledger.Any); err != nil {
		t.Fatal(err)
	}
	if got := r.read(bad.Import); got.Mapping != "list" {
		t.Fatalf("the receipt is not forged: %q", got.Mapping)
	}
	r.rollBack(bad.Import, rollback.Options{})
	if held := []string{r.names(1), r.names(2)}; !slices.Equal(held, []string{"good mine", "good"}) {
		t.Errorf("the nodes hold %q", held)
	}
}

// TestARollbackIsRolledBack: what the bad document stated is there again.
func TestARollbackIsRolledBack(t *testing.T) {
	for _, s := range undoneStories() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := newQuickRig(t, shelf{})
			for _, d := range s.before {
				r.put(d)
			}
			bad := r.put(s.bad)
			want := r.inventory("Custom:Tag")
			undo := r.rollBack(bad.Import, rollback.Options{})
			if cmp.Equal(want, r.inventory("Custom:Tag"), cmpopts.EquateEmpty()) {
				t.Error("the rollback changed nothing")
			}
			r.rollBack(undo.Import, rollback.Options{})
			if diff := cmp.Diff(want, r.inventory("Custom:Tag"), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestARollbackIsKilledAtEveryStep: repeated, it ends as if nothing had happened; abandoned, a sweep ends what had begun.
func TestARollbackIsKilledAtEveryStep(t *testing.T) {
	var total atomic.Int64
	t.Cleanup(func() { t.Logf("%d kills", total.Load()) })
	for _, s := range undoneStories() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			play := func(a *axe) (*rig, string) {
				r := newQuickRig(t, shelf{})
				for _, d := range s.before {
					r.put(d)
				}
				id := r.put(s.bad).Import
				for _, d := range later()["another source"] {
					r.put(d)
				}
				_, _, err := r.underTheAxe(a).Rollback(t.Context(), id, rollback.Options{})
				if a.at == 0 && err != nil {
					t.Fatal(err)
				}
				return r, id
			}
			calm := &axe{}
			want, id := play(calm)
			for at := 1; at <= calm.calls; at++ {
				for _, after := range []bool{false, true} {
					what := fmt.Sprintf("killed at call %d of %d (after: %v)", at, calm.calls, after)
					r, _ := play(&axe{at: at, after: after})
					r.sweep()
					performed{rig: r}.consistent(what)
					got, _, err := r.bridge().Rollback(t.Context(), id, rollback.Options{})
					if err != nil {
						t.Fatalf("%s: %v", what, err)
					}
					if !got.Complete {
						t.Fatalf("%s: the receipt is not complete", what)
					}
					r.sweep()
					r.alike(what, want)
					total.Add(1)
				}
			}
		})
	}
}

// TestLaterImportsStand: a node of which a later import of the source speaks keeps what that one states, and rows beside which it has set some go back
// only where that is asked for.
func TestLaterImportsStand(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1", "web-2,a,1", "web-3,a,1"))
	bad := r.put(tagged("f", time.Minute, "web-1,a,9", "web-2,a,9", "web-3,a,9"))
	good := r.put(tagged("f", 2*time.Minute, "web-1,a,5"))
	got := r.rollBack(bad.Import, rollback.Options{})
	if r.tags(1) != "a=5" || r.tags(2) != "a=1" || r.tags(3) != "a=1" {
		t.Error(r.tags(1), r.tags(2), r.tags(3))
	}
	if !strings.Contains(fmt.Sprint(got.Notes), "has replaced what the import stated, which stays: "+good.Import) {
		t.Error(got.Notes)
	}

	r = newQuickRig(t, shelf{})
	r.put(tagEvents("e", 0, "web-1 a 1 .", "web-2 a 1 ."))
	bad = r.put(tagEvents("e", time.Minute, "web-1 a 9 ..", "web-1 b 9 ..", "web-2 a 9 .."))
	r.put(tagEvents("e", 2*time.Minute, "web-1 c 5 ..."))
	_, _, err := r.bridge().Rollback(t.Context(), bad.Import, rollback.Options{})
	if refused, ok := errors.AsType[*rollback.MergedError](err); !ok || len(refused.Nodes) != 1 || r.tags(2) != "a=9" {
		t.Fatal(err, r.tags(2))
	}
	r.rollBack(bad.Import, rollback.Options{Merged: true})
	if r.tags(1) != "a=1 c=5" || r.tags(2) != "a=1" {
		t.Error(r.tags(1), r.tags(2))
	}
}

// TestARollbackOfSomeNodes leaves the others.
func TestARollbackOfSomeNodes(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1", "web-2,a,1"))
	bad := r.put(tagged("f", time.Minute, "web-1,a,9", "web-2,a,9"))
	r.rollBack(bad.Import, rollback.Options{Nodes: []string{nodeID(2)}})
	if r.tags(1) != "a=9" || r.tags(2) != "a=1" {
		t.Error(r.tags(1), r.tags(2))
	}
	r.rollBack(bad.Import, rollback.Options{})
	if r.tags(1) != "a=1" || r.tags(2) != "a=1" {
		t.Error(r.tags(1), r.tags(2))
	}
}

// tags are what the service holds of a node.
func (r *rig) tags(n int) string {
	var list []string
	for _, e := range r.entries(nodeID(n), "Custom:Tag") {
		list = append(list, e["Name"]+"="+e["Value"])
	}
	return strings.Join(list, " ")
}

// TestWhatCannotBeRolledBack says why, and changes nothing.
func TestWhatCannotBeRolledBack(t *testing.T) {
	r := newQuickRig(t, shelf{})
	first := r.put(tagged("f", 0, "web-1,a,1"))
	second := r.put(tagged("f", time.Minute, "web-1,a,2"))
	same := r.put(tagged("g", 2*time.Minute, "web-1,a,2"))
	last := r.put(tagged("f", 3*time.Minute, "web-1,a,3"))
	refused := func(id, want string) {
		t.Helper()
		before := r.heads()
		_, _, err := r.bridge().Rollback(t.Context(), id, rollback.Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", id, err, want)
		}
		if diff := cmp.Diff(before, r.heads()); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
	refused("0000000000000000000000ff", "no such import: this state has none")
	refused("00", "no such import")
	refused(second.Import, "a later import of its source has replaced what it stated: "+last.Import)
	refused(same.Import, "changed nothing")

	r.rollBack(last.Import, rollback.Options{})
	if r.tags(1) != "a=2" {
		t.Error(r.tags(1))
	}
	r.now = r.now.Add(31 * 24 * time.Hour)
	refused(first.Import, "is too old to be rolled back: what stood before is kept for 29 days")
}

// TestImportsWhoseIDsBeginAlike: none is taken for another.
func TestImportsWhoseIDsBeginAlike(t *testing.T) {
	r := newQuickRig(t, shelf{})
	id := r.put(tagged("f", 0, "web-1,a,1")).Import
	if _, _, err := r.store.Get(t.Context(), "receipts/"+id+"/intake.json"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.Put(t.Context(), "receipts/"+id[:8]+"0000000000000000/intake.json", []byte(`{}`), ledger.Any); err != nil {
		t.Fatal(err)
	}
	_, _, err := r.bridge().Rollback(t.Context(), id[:8], rollback.Options{})
	if several, ok := errors.AsType[*receipt.SeveralError](err); !ok || len(several.IDs) != 2 {
		t.Error(err)
	}
}

// TestAnImportWithoutAReceipt was killed, and is known by the history alone.
func TestAnImportWithoutAReceipt(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1"))
	bad := r.put(tagged("f", time.Minute, "web-1,a,9")).Import
	for key := range r.store.(shelf) {
		if strings.Contains(key, bad) {
			delete(r.store.(shelf), key)
		}
	}
	got := r.rollBack(bad[:6], rollback.Options{})
	if r.tags(1) != "a=1" || got.Mapping != "estate" {
		t.Error(r.tags(1), got)
	}
}

// TestADamagedHistory stops nobody but who asks for it.
func TestADamagedHistory(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1"))
	bad := r.put(tagged("f", time.Minute, "web-1,a,9"))
	p := r.config.Ledger.Partition(nodeID(1))
	h, err := r.config.Ledger.Load(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	h.History[len(h.History)-1].Block, err = r.config.Ledger.WritePast(t.Context(), h, []byte("damaged"))
	if err == nil {
		err = r.config.Ledger.Save(t.Context(), h)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.bridge().Rollback(t.Context(), bad.Import, rollback.Options{}); err == nil || !strings.Contains(err.Error(), "what stood before cannot be read, and nothing was rolled back") {
		t.Error(err)
	}
	r.put(tagged("f", 2*time.Minute, "web-1,a,5"))
	if r.tags(1) != "a=5" {
		t.Error(r.tags(1))
	}
}

// TestWhatABadImportHasParked waits no longer when it is rolled back, and what was parked before waits again.
func TestWhatABadImportHasParked(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1", "late-1,a,1"))
	bad := r.put(tagged("f", time.Minute, "web-1,a,9", "late-1,a,9", "nobody,a,9"))
	got := r.rollBack(bad.Import, rollback.Options{})
	if !slices.ContainsFunc(got.Notes, func(n receipt.Note) bool {
		return n.Text == "records that the import has parked wait no longer" && n.Count == 2
	}) {
		t.Errorf("%+v", got.Notes)
	}
	keys, err := r.config.Ledger.Parked(t.Context(), "")
	if err != nil || len(keys) != 1 || keys[0].Import == bad.Import {
		t.Errorf("%+v, %v", keys, err)
	}
	r.arrive("late-1", nodeID(5))
	r.sweep()
	if r.tags(1) != "a=1" || r.tags(5) != "a=1" {
		t.Errorf("web-1: %s; late-1: %s", r.tags(1), r.tags(5))
	}
	all := r.put(tagged("g", 2*time.Minute, "nobody-2,a,9"))
	if _, _, err := r.bridge().Rollback(t.Context(), all.Import, rollback.Options{}); err != nil {
		t.Error(err)
	}
	if keys, err = r.config.Ledger.Parked(t.Context(), ""); err != nil || slices.ContainsFunc(keys, func(k ledger.ParkedKey) bool { return k.Import == all.Import }) {
		t.Errorf("%+v, %v", keys, err)
	}
}

// TestTheHistoryIsBounded: of each mapping so many imports, whatever others there are.
func TestTheHistoryIsBounded(t *testing.T) {
	r := newQuickRig(t, shelf{})
	listedOnce := r.put(listed("l", 0, "web-1,z"))
	for i := range past.PerMapping + 3 {
		r.put(tagged("f", time.Duration(i+1)*time.Minute, fmt.Sprintf("web-1,a,%d", i)))
	}
	h, err := r.config.Ledger.Load(t.Context(), r.config.Ledger.Partition(nodeID(1)))
	if err != nil {
		t.Fatal(err)
	}
	if len(h.History) != past.PerMapping+1 || h.History[0].Import != listedOnce.Import {
		t.Errorf("%+v", h.History)
	}
	r.rollBack(listedOnce.Import, rollback.Options{})
	if got := r.tags(1); strings.Contains(got, "list") {
		t.Error(got)
	}
}

// TestWhatStoodBeforeIsStillThere though the sweep has looked for what no head names, for as long as it can be rolled back.
func TestWhatStoodBeforeIsStillThere(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1", "web-2,b,1"))
	bad := r.put(tagged("f", time.Minute, "web-1,a,9", "web-2,b,9"))
	for day := range 28 {
		r.now = r.now.Add(24 * time.Hour)
		r.put(listed("l", time.Duration(day)*time.Hour, "web-1,z", fmt.Sprintf("web-2,z%d", day)))
		r.sweep()
	}
	r.rollBack(bad.Import, rollback.Options{})
	if r.tags(1) != "a=1 z=list" || !strings.HasPrefix(r.tags(2), "b=1 ") {
		t.Error(r.tags(1), r.tags(2))
	}
}

// TestARollbackIsPlanned: the plan makes as many calls as the rollback does, and changes nothing.
func TestARollbackIsPlanned(t *testing.T) {
	for _, s := range undoneStories() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := newQuickRig(t, shelf{})
			for _, d := range s.before {
				r.put(d)
			}
			id := r.put(s.bad).Import
			stored, calls := maps.Clone(r.store.(shelf)), r.calls()
			b, shown := r.bridge(), 0
			b.Plan, b.Observe = true, func(n differ.Node) {
				for _, i := range n.Items {
					shown += len(i.Rows)
				}
			}
			plan, _, err := b.Rollback(t.Context(), id, rollback.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(stored, r.store.(shelf)); diff != "" || r.calls() != calls {
				t.Errorf("%d calls, and the state: %s", r.calls()-calls, diff)
			}
			got := r.rollBack(id, rollback.Options{})
			if plan.Calls != got.Calls || plan.Counts != got.Counts || shown == 0 || plan.Calls != r.calls()-calls {
				t.Errorf("planned %d calls (%v) and %d rows, made %d (%v)", plan.Calls, plan.Counts, shown, got.Calls, got.Counts)
			}
		})
	}
}

// TestAnOlderDocumentAfterARollback: the good document put again is older than the rollback, and the receipt says so of the records that this is true of.
func TestAnOlderDocumentAfterARollback(t *testing.T) {
	r := newQuickRig(t, shelf{})
	good := undoneStories()[0].before[0]
	r.put(good)
	r.rollBack(r.put(undoneStories()[0].bad).Import, rollback.Options{})
	got := r.put(good)
	if !slices.ContainsFunc(got.Notes, func(n receipt.Note) bool { return n.Text == undo.NoteOlder && n.Count == 3 }) {
		t.Errorf("%+v %v", got.Notes, got.Counts)
	}
}

// TestARolledBackDocumentThatComesAgain is stale as a whole, also of machines that had no node, or were not reached, when it was rolled back: until
// now what it had parked waited again, and was put to nodes that came later.
func TestARolledBackDocumentThatComesAgain(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(undoneStories()[0].before[0])
	bad := tagged("f", 2*time.Minute, "web-1,bad,9", "web-77,bad,9", "web-78,,9")
	first := r.put(bad)
	if first.Counts.Of(receipt.Parked) == 0 {
		t.Fatal(first.Counts)
	}
	undone := r.rollBack(first.Import, rollback.Options{})
	want := r.inventory("Custom:Tag")
	if err := r.box.AddNode(sandbox.ManagedNode{InstanceID: nodeID(77), ComputerName: "web-77", PingStatus: "Online", ResourceType: "EC2Instance", PlatformType: "Linux"}); err != nil {
		t.Fatal(err)
	}
	r.now = r.now.Add(time.Minute)
	again := r.put(bad)
	if !again.Complete || again.Counts.Of(receipt.Stale) != again.Records-first.Counts.Of(receipt.Rejected) || again.Import != first.Import || again.DetailsTotal != len(again.Details) {
		t.Errorf("%+v", again)
	}
	if _, err := r.bridge().SweepParked(t.Context()); err != nil {
		t.Fatal(err)
	}
	waiting, err := r.bridge().Waiting(t.Context())
	if err != nil || slices.ContainsFunc(waiting, func(w Waiting) bool { return w.Kind == "parked" }) {
		t.Error(waiting, err)
	}
	if diff := cmp.Diff(want, r.inventory("Custom:Tag"), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	r.rollBack(undone.Import, rollback.Options{}) // and then it counts
	r.now = r.now.Add(time.Minute)
	if got := r.put(bad); got.Counts.Of(receipt.Put) != 1 {
		t.Error(got.Counts)
	} // Rolled back once more, what it parks does not wait: the rollback of the first rollback is older than the last one.
	r.now = r.now.Add(time.Minute)
	r.rollBack(first.Import, rollback.Options{})
	r.now = r.now.Add(time.Minute)
	if got := r.put(bad); got.Counts.Of(receipt.Stale) != got.Records-first.Counts.Of(receipt.Rejected) {
		t.Error(got.Counts)
	}
}
