package record_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// TestProbeFindsWhatPeekFinds compares looks at pieces of a document with one at all of it: what is there is seen in one of them, wherever
// it is cut and however little is held in between.
func TestProbeFindsWhatPeekFinds(t *testing.T) {
	all := mustPaths("a", "a.b", "a.b.x", "*.x", "*.a.k", "(a)+.b", "(a)*.c.x", "a.$text", "$rows.a", "b(x=1)", "a(k).b", "x")
	g := plan.Conditions(all)
	found := 0
	for seed := range uint64(3000) {
		random := generator{rand.New(rand.NewPCG(seed, 7))}
		doc, format := random.document()
		want, _, _ := record.Peek(g, []byte(doc), format)
		for _, held := range []int{0, 1 << 20} {
			got := make([]bool, len(all))
			look := func(scope *path.Scope) bool {
				for i := range all {
					got[i] = got[i] || all[i].Has(scope, scope.Doc)
				}
				return true
			}
			if err := record.ProbeEvery(1+random.IntN(40), held, g, strings.NewReader(doc), format, look); err != nil {
				t.Fatal(err)
			}
			for i := range all {
				isThere := want.Doc != nil && all[i].Has(&want, want.Doc)
				if isThere {
					found++
				}
				// A condition on what stands behind is known too late where nothing is held.
				if isThere && !got[i] && (held > 0 || all[i].String() != "a(k).b") {
					t.Errorf("seed %d, %d held: %s is not found in %s", seed, held, all[i], doc)
				}
			}
		}
	}
	if found < 3000 {
		t.Errorf("only %d paths were there", found)
	}
}

func TestProbeStops(t *testing.T) {
	g := plan.Conditions(mustPaths("a"))
	looks := 0
	text := strings.NewReader("[" + strings.Repeat(`{"a":1},`, 10000) + "{}]")
	err := record.ProbeEvery(100, 0, g, text, syntax.JSON, func(scope *path.Scope) bool {
		looks++
		return looks < 3
	})
	if err != nil || looks != 3 || text.Len() < 70000 {
		t.Errorf("%d looks, %d bytes left, %v", looks, text.Len(), err)
	}
	broken := errors.New("broken")
	err = record.Probe(g, io.MultiReader(strings.NewReader(`{"a":`), iotest.ErrReader(broken)), syntax.JSON, func(*path.Scope) bool { return true })
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}
