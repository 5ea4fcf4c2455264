package truth

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Records are counted by INVBRIDGE_RECORDS, in worlds from INVBRIDGE_SEED on: with that alone one world is replayed.
const (
	fewRecords    = 10_000
	leastNodes    = 10
	mostNodes     = 5000
	mostRecords   = 1500 // of one world
	mustMatch     = 0.99
	leastToKnow   = 0.4 // share of the records that have to be knowable, or the test says nothing
	mostShrinking = time.Minute
)

func number(name string, otherwise uint64) uint64 {
	n, err := strconv.ParseUint(os.Getenv(name), 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

// trusted are the records of sources whose mapping says `trust: [ip]`.
const trusted = "trust: ip"

// figures count records of one kind of group.
type figures struct {
	records, right, wrong, knowable, matched, undecidable, misled int
}

func (f *figures) add(o figures) {
	f.records += o.records
	f.right += o.right
	f.wrong += o.wrong
	f.knowable += o.knowable
	f.matched += o.matched
	f.undecidable += o.undecidable
	f.misled += o.misled
}

// totals are what all worlds gave.
type totals struct {
	mu     sync.Mutex
	worlds uint64 // that were drawn
	drawn  uint64 // their records, but for those of trusted addresses
	kinds  map[string]*figures
	failed map[string][]*failure
}

// failure is a record that landed where it must not, or did not land where it must.
type failure struct {
	seed   uint64
	kind   string // of the group
	what   string // wrong or missed
	nodes  int
	doc    int
	marker string
	said   string // what the import said of it
}

// TestTruth has documents of worlds whose truth is known imported, and looks on which node each record lands.
func TestTruth(t *testing.T) {
	sum := &totals{kinds: map[string]*figures{}, failed: map[string][]*failure{}}
	few := uint64(fewRecords)
	if os.Getenv("INVBRIDGE_SEED") != "" {
		few = 1 // the one world
	}
	first, target := number("INVBRIDGE_SEED", 1), number("INVBRIDGE_RECORDS", few)
	began := time.Now()
	t.Run("workers", func(t *testing.T) {
		for n := range runtime.GOMAXPROCS(0) {
			t.Run(strconv.Itoa(n), func(t *testing.T) {
				t.Parallel()
				for w := sum.draw(first, target); w != nil; w = sum.draw(first, target) {
					if err := w.imports(t); err != nil {
						t.Errorf("world %d: %v", w.seed, err)
						return
					}
					sum.take(t, w)
				}
			})
		}
	})
	sum.report(t, time.Since(began))
}

// draw gives the next world, until there are as many records as are wanted: the same worlds at each run.
func (sum *totals) draw(first, records uint64) *world {
	sum.mu.Lock()
	defer sum.mu.Unlock()
	if sum.drawn >= records {
		return nil
	}
	seed := first + sum.worlds
	w := newWorld(seed, size(seed))
	sum.worlds++
	for _, d := range w.docs {
		if d.source != trust { // counted apart
			sum.drawn += uint64(len(d.records))
		}
	}
	return w
}

// size is how many nodes a world has.
func size(seed uint64) int {
	fraction := float64(seed*0x9e3779b97f4a7c15>>40) / (1 << 24)
	return int(leastNodes * math.Pow(mostNodes/leastNodes, fraction*fraction))
}

// take counts what became of a world's records.
func (sum *totals) take(t *testing.T, w *world) {
	sum.mu.Lock()
	defer sum.mu.Unlock()
	for _, d := range w.docs {
		judged := w.judge(d)
		for _, r := range d.records {
			j := judged[r]
			if r.of.next == nil && !slices.Contains(j.candidates, r.of) {
				t.Errorf("world %d, record %s: its own machine could not have given it: the generator breaks its rules", w.seed, r.marker)
			}
			f := r.figures(j)
			special := r.group.kind
			switch {
			case d.source == trust:
				special = trusted
			case w.early != nil:
				special = "later"
			}
			in := []string{special, "all"}
			if d.source == trust { // counted apart
				in = in[:1]
			}
			for _, kind := range in {
				if sum.kinds[kind] == nil {
					sum.kinds[kind] = &figures{}
				}
				sum.kinds[kind].add(f)
			}
			sum.fail(w, d, r, f, special)
		}
	}
}

func (sum *totals) fail(w *world, d *doc, r *record, f figures, kind string) {
	var what string
	switch {
	case f.wrong > 0:
		what = "wrong"
	case f.knowable > f.matched:
		what = "missed"
	default:
		return
	}
	key := what + " " + kind + ", " + r.outcome
	sum.failed[key] = append(sum.failed[key], &failure{w.seed, kind, what, w.nodes, d.number, r.marker, r.outcome})
}

// figures says what became of a record.
func (r *record) figures(j judgement) figures {
	f := figures{records: 1}
	put := len(r.landed) > 0
	elsewhere := slices.ContainsFunc(r.landed, func(id string) bool { return !r.rightAt(id) })
	if len(j.lures) > 0 {
		f.undecidable = 1
	}
	switch {
	case elsewhere && every(r.landed, func(id string) bool { return r.rightAt(id) || j.lured(id) }):
		f.misled = 1
	case elsewhere:
		f.wrong = 1
	case put:
		f.right = 1
	}
	if j.knowable {
		f.knowable = 1
		if put && !elsewhere {
			f.matched = 1
		}
	}
	return f
}

func (sum *totals) report(t *testing.T, took time.Duration) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s %8s %8s %6s %9s %8s %8s %12s %7s\n", "kind", "records", "right", "WRONG", "knowable", "matched", "share", "undecidable", "misled")
	for _, kind := range slices.Sorted(keys(sum.kinds)) {
		f := sum.kinds[kind]
		fmt.Fprintf(&b, "%-10s %8d %8d %6d %9d %8d %7.2f%% %12d %7d\n", kind, f.records, f.right, f.wrong, f.knowable, f.matched,
			100*float64(f.matched)/float64(max(1, f.knowable)), f.undecidable, f.misled)
	}
	t.Logf("in %s:\n%s", took.Round(time.Millisecond), b.String())
	all := sum.kinds["all"]
	if all == nil {
		t.Fatal("nothing was read")
	}
	wrong := all.wrong
	if apart := sum.kinds[trusted]; apart != nil {
		wrong += apart.wrong
	}
	if wrong > 0 {
		t.Errorf("%d records are on a wrong node", wrong)
	}
	if float64(all.matched) < mustMatch*float64(all.knowable) {
		t.Errorf("%d of %d knowable records are matched", all.matched, all.knowable)
	}
	if float64(all.knowable) < leastToKnow*float64(all.records) {
		t.Errorf("%d of %d records are knowable: too few", all.knowable, all.records)
	}
	if wrong > 0 || float64(all.matched) < mustMatch*float64(all.knowable) {
		sum.examples(t)
	}
}

// examples makes one failure of each kind as small as it can be, and prints it.
func (sum *totals) examples(t *testing.T) {
	t.Helper()
	began := time.Now()
	for _, key := range slices.Sorted(keys(sum.failed)) {
		if time.Since(began) > mostShrinking {
			t.Logf("%s: %d records", key, len(sum.failed[key]))
			continue
		}
		list := sum.failed[key]
		slices.SortFunc(list, func(a, b *failure) int { return a.nodes - b.nodes })
		t.Logf("%s: %d records; one of them, shrunk:\n%s\n", key, len(list), list[0].shrink(t))
	}
}

// TestAWorldIsDrawnAgain draws worlds twice: a seed says all of them.
func TestAWorldIsDrawnAgain(t *testing.T) {
	for seed := range uint64(20) {
		var texts [2]string
		for i := range texts {
			w := newWorld(seed, 50)
			rows, err := json.Marshal([][]*row{w.rows, w.early})
			if err != nil {
				t.Fatal(err)
			}
			texts[i] = string(rows)
			for _, d := range w.docs {
				texts[i] += d.text()
			}
		}
		if texts[0] != texts[1] {
			t.Fatalf("world %d is another one when it is drawn again", seed)
		}
	}
}

// TestFailuresAreSeen lets knowable records land nowhere, and on another machine's node.
func TestFailuresAreSeen(t *testing.T) {
	seen := 0
	for seed := range uint64(20) {
		w := newWorld(seed, 50)
		for _, d := range w.docs {
			for r, j := range w.judge(d) {
				other := slices.IndexFunc(w.rows, func(x *row) bool { return !r.rightAt(x.InstanceId) && !j.lured(x.InstanceId) })
				if !j.knowable || other < 0 {
					continue
				}
				seen++
				if f := r.figures(j); f.knowable != 1 || f.matched != 0 || f.wrong != 0 {
					t.Fatalf("a record that landed nowhere: %+v", f)
				}
				r.landed = []string{w.rows[other].InstanceId}
				if f := r.figures(j); f.knowable != 1 || f.matched != 0 || f.wrong != 1 {
					t.Fatalf("a record that landed on another machine's node: %+v", f)
				}
			}
		}
	}
	if seen < 1000 {
		t.Errorf("%d records were knowable", seen)
	}
}
