package record_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// compare reads a generated document by a generated plan, in memory and through the spool, and answers the same of the
// whole tree.
func compare(t *testing.T, seed uint64) {
	t.Helper()
	g := generator{rand.New(rand.NewPCG(seed, 1))}
	thePlan := g.plan()
	doc, format := g.document()
	compareTo(t, seed, thePlan, doc, format)
}

func compareTo(t testing.TB, seed uint64, thePlan plan.Plan, doc string, format syntax.Format) {
	t.Helper()
	program, err := plan.Compile(thePlan)
	if err != nil {
		var wrong *plan.Error
		if !errors.As(err, &wrong) {
			t.Fatal(err)
		}
		return
	}
	o := &oracle{plan: &thePlan}
	if format == syntax.XML {
		o.doc, err = xmlTree(doc)
	} else {
		o.doc, err = jsonTree(doc)
	}
	if err != nil {
		t.Fatalf("seed %d: %v in %s", seed, err, doc)
	}
	want, failed := o.records()
	for _, budget := range []int{0, 1, 2000} {
		r := record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(doc), Format: format, Budget: budget, TempDir: t.TempDir()})
		got, err := engineRecords(&thePlan, r)
		var other *record.AlternativeError
		if failed && errors.As(err, &other) {
			continue
		}
		if err != nil || failed {
			t.Fatalf("seed %d, budget %d: error %v, want one: %v\n%s\n%s", seed, budget, err, failed, doc, describe(&thePlan))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d, budget %d: (-tree +engine)\n%s\n%s\n%s", seed, budget, diff, doc, describe(&thePlan))
		}
		if left := r.LetGo(); left != 0 {
			t.Errorf("%d bytes of values are held for nobody", left)
		}
	}
}

func describe(p *plan.Plan) string {
	var b strings.Builder
	list := func(what string, paths []path.Path) {
		b.WriteString(" " + what + ":")
		for _, p := range paths {
			b.WriteString(" " + p.String())
		}
		b.WriteString("\n")
	}
	for _, t := range p.Tables {
		list("table "+t.Name, t.Each)
		list("key", t.Key)
	}
	for _, k := range p.Blocks {
		list("each", k.Each)
		list("host", k.Host)
		list("reads", k.Reads)
		list("hostReads", k.HostReads)
		list("captured", k.CapturedAt)
		for _, e := range k.Types {
			list(" each", e.Each)
			list(" reads", e.Reads)
		}
	}
	return b.String()
}

func TestEngineAgainstWholeTrees(t *testing.T) {
	n := uint64(4000)
	if testing.Short() {
		n = 500
	}
	for seed := range n {
		compare(t, seed)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzEngine(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { compare(t, seed) })
}
