package forged

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// rounds is how many deliveries are forged; INVBRIDGE_FORGED: another number.
func rounds(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("INVBRIDGE_FORGED"))
	if err != nil {
		n = 1000
	}
	if testing.Short() {
		n = min(n, 300)
	}
	t.Logf("%d forged deliveries", n)
	return n
}

// TestATakenOverIntakeChangesNothingElse writes every field of staged deliveries and of all else that intake's role may write in the state, as a
// taken-over intake could, and tries to write the rest. Nothing changes outside the rights of the mapping that is named: no row of another source, no other type, no node that it may
// not write for, no number of another family, no list of pages, nothing that is parked; and no more nodes are cleared than it may clear.
func TestATakenOverIntakeChangesNothingElse(t *testing.T) {
	w := newWorld(t)
	honest := w.begin()
	base := maps.Clone(w.shelf)
	w.base = base
	f := &forger{t: t, written: map[string]bool{}, all: map[string]bool{}}
	applied, changed, n := 0, 0, rounds(t)
	for i := range n {
		f.Rand = rand.New(rand.NewPCG(uint64(i), 16))
		w.open(maps.Clone(base))
		g := w.forge(f, honest)
		w.write(f, g)
		before, heads := w.view(g.staged.Header.Mapping), w.heads()
		if w.deliver(f, g) {
			applied++
		}
		if diff := cmp.Diff(before, w.view(g.staged.Header.Mapping)); diff != "" {
			t.Fatalf("round %d: %s\n%s", i, diff, g.describe())
		}
		if err := w.checkCleared(); err != nil {
			t.Fatalf("round %d: %v\n%s", i, err, g.describe())
		}
		if err := w.checkPuts(g.staged.Header.Mapping); err != nil {
			t.Fatalf("round %d: %v\n%s", i, err, g.describe())
		}
		if w.heads() != heads {
			changed++
		}
	}
	t.Logf("%d were applied, %d changed something of their own", applied, changed)
	if applied < n/10 || changed < n/10 {
		t.Errorf("of %d deliveries %d were applied and %d changed something: too few to show anything", n, applied, changed)
	}
	for _, idle := range w.intake.Idle() {
		if strings.HasPrefix(idle, "s3:PutObject ") {
			t.Errorf("%s was never written, and intake may", idle)
		}
	}
	for _, kind := range []string{"heads/", "packs/", "types.json", "installation.json", "/absence.json", "/0000.json"} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(w.refused)), func(key string) bool { return strings.Contains(key, kind) }) {
			t.Errorf("nobody tried to write %s", kind)
		}
	}
	for field := range f.all {
		if field != "" && !f.written[field] {
			t.Errorf("the field %s was never written", field)
		}
	}
}

// forge makes one of the honest deliveries another one, with its receipt, and writes what else intake may: what is parked, and the
// identifiers that a document names.
func (w *world) forge(f *forger, honest []*delivery) *forged {
	w.t.Helper()
	for {
		d := deep(pick(f, honest))
		if f.IntN(2) == 0 {
			d.Header.Import = importID(100)
		}
		g := &forged{staged: d}
		f.forge(g.staged)
		f.together(g.staged)
		g.receipt = receiptOf(g.staged)
		if f.IntN(2) == 0 {
			f.forge(&g.receipt)
		}
		if key, err := w.stage(g.staged); err == nil { // what cannot be written cannot be read
			g.key = key
			return g
		}
	}
}

// write writes into the state what intake may write there.
func (w *world) write(f *forger, g *forged) {
	w.t.Helper()
	h := g.staged.Header
	w.putReceipt(h.Import, g.receipt)
	if f.IntN(3) == 0 {
		p := deep(g.staged)
		for i := range p.Statements {
			p.Statements[i].Node = ""
		}
		if f.IntN(2) == 0 {
			f.forge(p)
			p.Header.Mapping = h.Mapping // nor may it change what another one may
		}
		_ = w.ledger.WriteParked(w.t.Context(), f.text(), p.Header, f.IntN(2) == 0, p.list()) // what cannot be written cannot be read
	}
	w.others(f, h)
}

// deliver hands what is forged to the role delivery, and lets it sweep. It reports whether the delivery was applied.
func (w *world) deliver(f *forger, g *forged) bool {
	w.t.Helper()
	got := w.handle(event(g.key))
	if f.IntN(2) == 0 {
		w.now = now.Add(time.Duration(f.IntN(3)) * 5 * time.Hour)
		w.handle(`{"sweep":{}}`)
		w.now = now
	}
	return got.Error == ""
}

// checkPuts checks that only types were put that the mapping fills.
func (w *world) checkPuts(name string) error {
	m, ok := w.mappings.Head(name)
	for _, in := range w.puts {
		for _, item := range in.Items {
			fills := ok && slices.ContainsFunc(w.shapesOf(m.Name), func(s string) bool { return s == *item.TypeName })
			if !fills || len(m.Allow.Nodes) > 0 && !slices.Contains(m.Allow.Nodes, *in.InstanceId) {
				return fmt.Errorf("%s was put to %s for the mapping %q", *item.TypeName, *in.InstanceId, name)
			}
		}
	}
	return nil
}

func (w *world) shapesOf(name string) []string {
	m, _ := w.mappings.Head(name)
	var list []string
	for _, t := range m.Types() {
		list = append(list, t.Name())
	}
	return list
}

// TestADeliveryComesFromTheStateAlone: whatever a message names, nothing is read but what is staged in the state.
func TestADeliveryComesFromTheStateAlone(t *testing.T) {
	w := newWorld(t)
	d := w.honest()[0]
	key, err := w.stage(d)
	if err != nil {
		t.Fatal(err)
	}
	body := w.shelf[key]
	for _, c := range []struct{ bucket, key string }{
		{"uploads", key},
		{"state", "rejected/" + d.Header.Import + "/0"},
		{"state", "staging/" + d.Header.Import + "/1"},
		{"state", "staging/" + importID(77) + "/0"},
		{"state", "staging/../" + key},
		{"state", "staging/" + d.Header.Import + "/../" + d.Header.Import + "/0"},
		{"state", "parked/wide/" + d.Header.Import + "/0000-1"},
		{"state", "other/" + key},
		{"state", "/" + key},
		{"state", key + "0"},
		{"state", "staging//0"},
		{"state", "staging/latest/0"},
		{"state", strings.ToUpper(key)},
		{"State", key},
		{"state", "staging/" + d.Header.Import + "/00"},
		{"state", "staging/" + d.Header.Import + "/-0"},
	} {
		w.shelf[c.key] = body
		got := w.handle(strings.Replace(event(c.key), `"state"`, `"`+c.bucket+`"`, 1))
		if got.Class != "reject" || !strings.Contains(got.Error, "not believed") || len(w.puts) > 0 {
			t.Errorf("%s, %s: %+v", c.bucket, c.key, got)
		}
	}
	if got := w.handle(event(key)); got.Error != "" {
		t.Errorf("the delivery itself: %s", got.Error)
	}
}

// TestTheFutureWinsNothing: what was received in the future, by its own account, does not stand against what is stated later.
func TestTheFutureWinsNothing(t *testing.T) {
	w := newWorld(t)
	w.begin()
	d := w.honest()[0]
	d.Header.Import, d.Header.Received = importID(50), now.Add(10000*time.Hour)
	key, err := w.stage(d)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.handle(event(key)); got.Class != "reject" || !strings.Contains(got.Error, "in the future") {
		t.Errorf("%+v", got)
	}
	w.park("wide/a", importID(51), &delivery{Header: d.Header, Statements: parked("wide/a", importID(51)).Statements})
	w.handle(`{"sweep":{}}`)
	if keys, err := w.ledger.Parked(t.Context(), "wide/a"); err != nil || len(keys) != 3 {
		t.Errorf("%v, %v are parked", keys, err)
	}
}

// head is that of a node's partition.
func (w *world) head(node string) *ledger.Head {
	w.t.Helper()
	h, err := w.ledger.Load(w.t.Context(), w.ledger.Partition(node))
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

// TestANodeThatAMappingMayNotWriteForIsNotAbsent: its source stated it before the rules of the mapping were narrowed.
func TestANodeThatAMappingMayNotWriteForIsNotAbsent(t *testing.T) {
	w := newWorld(t)
	honest := w.begin()
	for _, n := range []int{1, 5} { // 1 is one that it may write for
		h := w.head(id(n))
		h.Nodes[id(n)].Sources["narrow"] = &ledger.Source{Import: importID(3), Mapping: "narrow", Captured: now.Add(-90 * time.Hour), Subject: []string{"hostname=web"}}
		if err := w.ledger.Save(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		d := &delivery{Header: honest[0].Header}
		d.Header.Import, d.Header.Mapping, d.Header.Partition = importID(60+n), "narrow", h.Partition
		d.Header.Absence = &ledger.Absence{Stamp: ledger.Stamp{Captured: now, Written: now}, Sources: []string{"narrow"}}
		w.names(d.Header.Import)
		key, err := w.stage(d)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.handle(event(key)); got.Error != "" {
			t.Fatal(got.Error)
		}
		if missing := w.head(id(n)).Nodes[id(n)].Sources["narrow"].Missing != nil; missing != (n == 1) {
			t.Errorf("node %d is absent: %v", n, missing)
		}
	}
}

// TestWhatIsParkedIsOfItsKey: a parked statement of another source is not delivered, and one with a number of another family ties none.
func TestWhatIsParkedIsOfItsKey(t *testing.T) {
	w := newWorld(t)
	w.begin()
	d := parked("wide/a", importID(70))
	d.Statements[0].Subject = []string{"hostname=web-9", "number:keep=7"}
	foreign := deep(d.Statements[0])
	foreign.Source, foreign.Subject = "wide/list", []string{"hostname=web-8"}
	d.Statements = append(d.Statements, foreign)
	w.park("wide/a", importID(70), d)
	if got := w.handle(`{"sweep":{}}`); got.Error != "" {
		t.Fatal(got.Error)
	}
	found, other := w.head(id(9)).Nodes[id(9)], w.head(id(8)).Nodes[id(8)]
	if found.Sources["wide/a"] == nil || found.Numbers["keep"] != nil {
		t.Errorf("of the node that was found: %+v", found)
	}
	if other.Sources["wide/list"] != nil {
		t.Error("a statement of another source was delivered")
	}
}

// TestAParkingOfTheFutureReplacesNothing: what waits of a source is not older than all that ever comes.
func TestAParkingOfTheFutureReplacesNothing(t *testing.T) {
	w := newWorld(t)
	w.begin()
	future := now.Add(90000 * time.Hour)
	p := &ledger.Parking{Stamp: ledger.Stamp{Captured: future, Written: future}, Import: importID(90)}
	if err := w.ledger.SetParking(t.Context(), "wide/a", p); err != nil {
		t.Fatal(err)
	}
	w.now = now.Add(48 * time.Hour)
	if got := w.handle(`{"sweep":{}}`); got.Error != "" {
		t.Fatal(got.Error)
	}
	if keys, err := w.ledger.Parked(t.Context(), "wide/a"); err != nil || len(keys) != 2 {
		t.Errorf("%v, %v are parked", keys, err)
	}
}

// TestReceiptsClearNothing: how many nodes are absent is counted in the heads, and how many may be cleared says the mapping, whatever receipts
// say that intake may write.
func TestReceiptsClearNothing(t *testing.T) {
	for source, missing := range map[string]int{"wide/a": 8, "keep/x": 1} {
		w := newWorld(t)
		w.begin()
		left := missing
		for p := range partitions {
			h, err := w.ledger.Load(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range h.Nodes {
				if known := n.Sources[source]; known != nil && left > 0 {
					known.Missing = &ledger.Missing{Stamp: ledger.Stamp{Captured: now}, Import: importID(91), Since: now}
					left--
				}
			}
			if err := w.ledger.Save(t.Context(), h); err != nil {
				t.Fatal(err)
			}
		}
		in := receipt.Import{Part: receipt.Part{Import: importID(91), Partition: receipt.Intake}, Mapping: "wide", Read: 1, Partitions: []int{0}}
		in.Clears = &receipt.Clears{Sources: []string{source}, MaxCleared: 1}
		w.putReceipt(importID(91), in)
		part := receipt.Part{Import: importID(91), Absent: []receipt.Absent{{Source: source, Nodes: 1000, Absent: 1}}}
		part.Record(receipt.Detail{Number: 1, Outcome: receipt.Put})
		if err := receipt.NewBook(w.shelf).PutPart(t.Context(), part); err != nil {
			t.Fatal(err)
		}
		got := w.handle(`{"sweep":{}}`)
		if got.Error != "" || got.Swept == nil || !slices.Equal(got.Swept.Undecided, []string{importID(91)}) {
			t.Errorf("%s: %+v", source, got)
		}
		if cleared, _ := w.cleared(); len(cleared) > 0 {
			t.Errorf("%v were cleared", cleared)
		}
	}
}
