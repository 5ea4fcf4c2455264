package intake

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
	rnd, im := rand.New(rand.NewPCG(1, 2)), &Import{}
	stores := []*spill.Buckets{spill.New(t.TempDir(), 1, 1<<20), spill.New(t.TempDir(), 1, 1<<20)}
	type place struct {
		store *spill.Buckets
		group spill.Group
	}
	want, frames, shorter := map[place][]heading{}, map[place][][]byte{}, 0
	h := heading{raw: []byte{0}}
	states := make([]int, 1) // used again, as readers do
	for n := range 3000 {
		if rnd.IntN(3) == 0 {
			h.key, h.source, h.raw = fmt.Sprint(rnd.IntN(2)), fmt.Sprint(rnd.IntN(2)), []byte{byte(rnd.IntN(2))}
		}
		if rnd.IntN(5) == 0 {
			states[0] = rnd.IntN(2)
		}
		h.number, h.line, h.captured, h.merge, h.states = n, 2*n, int64(n%7), n%2 == 0, states
		at := place{stores[rnd.IntN(10)/9], spill.Group(rnd.IntN(10) / 9)}
		same := im.before.follows(at.store, at.group, &h)
		if same {
			shorter++
		}
		frames[at] = append(frames[at], appendHeading(nil, &h, same))
		whole := h
		whole.states, whole.raw = slices.Clone(states), slices.Clone(h.raw)
		want[at] = append(want[at], whole)
	}
	for at, list := range frames {
		for i, frame := range list {
			d := im.decoder(frame)
			got, first := d.heading()
			if diff := cmp.Diff(want[at][i], got, cmp.AllowUnexported(heading{})); diff != "" || !first || d.Bad() {
				t.Fatalf("record %d: %s", want[at][i].number, diff)
			}
		}
	}
	if shorter < 500 {
		t.Errorf("%d headings are shorter", shorter)
	}
}
