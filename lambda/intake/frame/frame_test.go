package frame

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
)

// TestHeadingsOfRecordsInARow puts records in any order into groups of two stores: read group after group, each has its whole heading, also where it
// was left out since the record before has the same.
func TestHeadingsOfRecordsInARow(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var before Before
	var reader Reader
	stores := []*spill.Buckets{spill.New(t.TempDir(), 1, 1<<20), spill.New(t.TempDir(), 1, 1<<20)}
	type place struct {
		store *spill.Buckets
		group spill.Group
	}
	want, frames, shorter := map[place][]Heading{}, map[place][][]byte{}, 0
	h := Heading{Raw: []byte{0}}
	states := make([]int, 1) // used again, as readers do
	for n := range 3000 {
		if rnd.IntN(3) == 0 {
			h.Key, h.Source, h.Raw = fmt.Sprint(rnd.IntN(2)), fmt.Sprint(rnd.IntN(2)), []byte{byte(rnd.IntN(2))}
		}
		if rnd.IntN(5) == 0 {
			states[0] = rnd.IntN(2)
		}
		h.Number, h.Line, h.Captured, h.Merge, h.States = n, 2*n, int64(n%7), n%2 == 0, states
		at := place{stores[rnd.IntN(10)/9], spill.Group(rnd.IntN(10) / 9)}
		same := before.Follows(at.store, at.group, &h)
		if same {
			shorter++
		}
		frames[at] = append(frames[at], AppendHeading(nil, &h, same))
		whole := h
		whole.States, whole.Raw = slices.Clone(states), slices.Clone(h.Raw)
		want[at] = append(want[at], whole)
	}
	for at, list := range frames {
		for i, frame := range list {
			d := reader.Decoder(frame)
			got, first := d.Heading()
			if diff := cmp.Diff(want[at][i], got); diff != "" || !first || d.Bad() {
				t.Fatalf("record %d: %s", want[at][i].Number, diff)
			}
		}
	}
	if shorter < 500 {
		t.Errorf("%d headings are shorter", shorter)
	}
}
