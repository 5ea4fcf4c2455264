package inventory

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBestIsAllThatCounts composes what one source states, once of all entries and once of the best with what is known of the others: the
// item, its roll-up, how many were truncated and displaced, and the records of truncated rows are the same.
func TestBestIsAllThatCounts(t *testing.T) {
	over := 0
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 5))
		ty := flawType(random)
		var given []Given
		for i := range random.IntN(120) {
			rank := random.IntN(3)
			given = append(given, Given{
				Entry:  Entry{fmt.Sprint(random.IntN(60)), fmt.Sprint(rank), []string{"high", "low", "none"}[rank], "s", fmt.Sprint(random.IntN(3)), fmt.Sprint(random.IntN(2))},
				Record: int32(i / 7), // records come in their order
			})
		}
		whole, wholeRecords, arranged := composed(ty, given, Beyond{})
		best := ty.Best()
		byHash := map[uint64][]Given{}
		for _, g := range given {
			h := best.Hash(g.Entry) % 40 // several keys stand together
			byHash[h] = append(byHash[h], g)
		}
		for _, of := range byHash {
			best.Add(of)
		}
		held := best.Held()
		got, gotRecords, gotArranged := composed(ty, held, best.Beyond)
		if diff := cmp.Diff(whole.Rows, got.Rows) + cmp.Diff(whole.Rollup, got.Rollup); diff != "" {
			t.Fatal(seed, diff)
		}
		if whole.Truncated != got.Truncated || whole.Bytes != got.Bytes {
			t.Fatal(seed, whole.Truncated, got.Truncated, whole.Bytes, got.Bytes)
		}
		if diff := cmp.Diff(wholeRecords, gotRecords, cmp.AllowUnexported(outcomes{})); diff != "" {
			t.Fatal(seed, diff)
		}
		if want, got := len(arranged.Rows), len(gotArranged.Rows)+best.Beyond.Rows; want != got {
			t.Fatal(seed, want, got)
		}
		if limit := heldItems * ty.maxEntries(); len(gotArranged.Rows) > limit || best.Beyond.Rows > 0 && len(gotArranged.Rows) < limit {
			t.Fatal(seed, len(gotArranged.Rows), limit)
		}
		if best.Beyond.Rows > 0 {
			over++
		}
		if back, ok := ParseBeyond(best.Beyond.Text()); !best.Beyond.IsZero() && (!ok || cmp.Diff(back, best.Beyond) != "") {
			t.Fatal(seed, back, best.Beyond)
		}
	}
	if over < 100 {
		t.Errorf("only %d of the runs have more rows than are held", over)
	}
}

func flawType(random *rand.Rand) *Type {
	ty := &Type{
		Name: "Custom:Flaw", SchemaVersion: "1.0", Attributes: []string{"Id", "Rank", "Severity", "Source", "Title", "Seen"}, Key: []int{0, 3}, Sort: []int{1},
		Volatile: []bool{false, false, false, false, false, true}, Limit: Limit{Entries: 1 + random.IntN(30)},
	}
	if random.IntN(2) == 0 {
		ty.Unite = []Unite{0, UniteFirst, UniteFirst, 0, UniteList, 0}
		ty.Uniting = slices.Repeat([]Uniting{{Of: -1}}, len(ty.Attributes))
	}
	ty.Rollup = &Rollup{Count: 2, Words: []string{"high", "low"}, Type: &Type{
		Name: "Custom:FlawSummary", Attributes: []string{"Cut", "Source", "Total", "high", "low"}, Key: []int{1},
	}}
	return ty
}

// composed returns the item of entries, and what becomes of the records.
func composed(ty *Type, given []Given, beyond Beyond) (Composition, outcomes, Arranged) {
	entries := make([]Entry, len(given))
	for i, g := range given {
		entries[i] = g.Entry
	}
	arranged := ty.Arrange(entries)
	whole := Compose(ty, []Share{{Source: "s", Rows: arranged.Rows, Beyond: beyond}})
	o := outcomes{worst: map[int32]int{}, displaced: len(arranged.Displaced) + beyond.Displaced, cuts: arranged.Cuts + beyond.Cuts}
	for bad, list := range [][]int32{duplicate: beyond.Duplicates, displaced: beyond.Differing, truncated: beyond.Records} {
		o.note(bad, list...)
	}
	note := func(bad int, at int32) { o.note(bad, given[at].Record) }
	for _, at := range arranged.Duplicates {
		note(duplicate, at)
	}
	for _, at := range arranged.Displaced {
		note(displaced, at)
	}
	became := map[RowOutcome]int{Kept: kept, Truncated: truncated}
	for row, outcome := range whole.Outcomes["s"] {
		note(became[outcome], arranged.From[row])
	}
	for _, u := range arranged.United {
		for _, at := range u.Others {
			note(became[whole.Outcomes["s"][u.Row]], at)
		}
	}
	return whole, o, arranged
}

// What becomes of a record, the worst last.
const (
	duplicate = iota
	displaced
	kept
	truncated
)

// outcomes are what becomes of records, and how many entries were displaced, and lists cut.
type outcomes struct {
	worst           map[int32]int
	displaced, cuts int
}

func (o *outcomes) note(bad int, records ...int32) {
	for _, r := range records {
		o.worst[r] = max(o.worst[r], bad)
	}
}

// TestBestHoldsAnItemOfBytes: where the rows are large, those are held that fill an item, and about as many again.
func TestBestHoldsAnItemOfBytes(t *testing.T) {
	ty := &Type{Name: "Custom:Flaw", SchemaVersion: "1.0", Attributes: []string{"Id", "Text"}, Key: []int{0}}
	best := ty.Best()
	text := string(slices.Repeat([]byte("x"), 4000))
	var given []Given
	for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(1500) {
		given = append(given, Given{Entry: Entry{fmt.Sprintf("%05d", i), text[:1000+i%3000]}})
		best.Add(given[len(given)-1:])
	}
	whole, _, _ := composed(ty, given, Beyond{})
	held := best.Held()
	got, _, _ := composed(ty, held, best.Beyond)
	if diff := cmp.Diff(whole.Rows, got.Rows); diff != "" || whole.Truncated != got.Truncated {
		t.Error(len(whole.Rows), len(got.Rows), whole.Truncated, got.Truncated)
	}
	if len(held) == len(given) || len(held) < len(whole.Rows) {
		t.Errorf("%d of %d are held, %d fit", len(held), len(given), len(whole.Rows))
	}
}
