package record_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/returned"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// spot is where a record begins, and of which block it is.
type spot struct {
	offset int64
	block  int
}

// placed gives what is read of each record.
func placed(t *testing.T, thePlan *plan.Plan, in record.Input, doc string) map[spot][]string {
	t.Helper()
	program, err := plan.Compile(*thePlan)
	if err != nil {
		t.Fatal(err)
	}
	in.Reader = strings.NewReader(doc)
	r := record.Read(t.Context(), program, in)
	out := map[spot][]string{}
	var late []func()
	for rec, err := range r.Records() {
		if err != nil {
			return nil
		}
		text, captured, err := engineRecord(thePlan, rec)
		if err != nil {
			t.Fatal(err)
		}
		at := spot{rec.Place.Offset, rec.Block}
		if captured != nil {
			late = append(late, func() { out[at] = append(out[at], strings.Replace(text, "@captured", captured(r), 1)) })
			continue
		}
		out[at] = append(out[at], text)
	}
	for _, l := range late {
		l()
	}
	return out
}

// givenBack returns the records back that begin at an offset.
func givenBack(t *testing.T, thePlan *plan.Plan, in record.Input, doc string, wanted spot) string {
	t.Helper()
	program, err := plan.CompileWhole(*thePlan)
	if err != nil {
		t.Fatal(err)
	}
	in.Only = func(at scan.Place) bool { return at.Offset == wanted.offset }
	in.Reader = strings.NewReader(doc)
	r := record.Read(t.Context(), program, in)
	var out []byte
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatalf("%v\n%s\n%s\n%d", err, doc, describe(thePlan), wanted)
		}
		if in.Only(rec.Place) && rec.Block == wanted.block {
			out = returned.AppendDocument(out, r, rec, "wrong")
		}
	}
	return string(out)
}

// compareReturned gives back each record of a generated document, and reads the same of it again.
func compareReturned(t *testing.T, seed uint64, dir string) {
	t.Helper()
	g := generator{rand.New(rand.NewPCG(seed, 1))}
	thePlan := g.plan()
	doc, format := g.document()
	compareReturnedOf(t, seed, thePlan, doc, format, dir)
}

func compareReturnedOf(t *testing.T, seed uint64, thePlan plan.Plan, doc string, format syntax.Format, dir string) {
	t.Helper()
	if !comesBack(&thePlan, doc) {
		return
	}
	if _, err := plan.Compile(thePlan); err != nil {
		return
	}
	want := placed(t, &thePlan, record.Input{Format: format}, doc)
	for at := range want {
		for _, budget := range []int{0, 1} {
			back := givenBack(t, &thePlan, record.Input{Format: format, Budget: budget, TempDir: dir}, doc, at)
			var got []string
			for _, texts := range placed(t, &thePlan, record.Input{Format: syntax.JSON, Mended: &returned.Mended{}}, back) {
				got = append(got, texts...)
			}
			if diff := cmp.Diff(inAnyOrder(want[at]), inAnyOrder(got)); diff != "" {
				t.Fatalf("seed %d, budget %d, byte %d: (-record +returned)\n%s\n%s\n%s\n%s", seed, budget, at.offset, diff, doc, back, describe(&thePlan))
			}
		}
	}
}

// inAnyOrder forgets the order of what is around a record: the record comes first.
func inAnyOrder(texts []string) [][]string {
	var all [][]string
	for _, text := range texts {
		words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n[]", r) })
		slices.Sort(words)
		all = append(all, slices.Compact(words)) // records inside a text of JSON come back together
	}
	slices.SortFunc(all, slices.Compare[[]string])
	return all
}

// notBack are paths to what is not in the documents that records come back as: positions among other records.
var notBack = regexp.MustCompile(`\$up\.\S*\(\d\)|\$doc\.\S*\(\d\)|\$index`)

// comesBack reports whether all that the plan reads is in the documents that records come back as. What other root values say is not.
func comesBack(p *plan.Plan, doc string) bool {
	text := describe(p)
	if strings.HasPrefix(doc, `"`) {
		return false // JSON in a text that is all of the document
	}
	one := !strings.HasPrefix(doc, "[") && !strings.Contains(doc, "\n")
	return !notBack.MatchString(text) && (one || !strings.Contains(text, "$doc"))
}

func TestRecordsComeBackAsDocuments(t *testing.T) {
	seeds := uint64(5_000)
	if testing.Short() {
		seeds = 1_000
	}
	dir := t.TempDir()
	for seed := range seeds {
		compareReturned(t, seed, dir)
	}
}

// TestRowsComeBackWithRecords: what a record looks up in tables is in the document that it comes back as, where it finds it again.
func TestRowsComeBackWithRecords(t *testing.T) {
	seeds := uint64(3_000)
	if testing.Short() {
		seeds = 300
	}
	dir := t.TempDir()
	for seed := range seeds {
		g := generator{rand.New(rand.NewPCG(seed, 3))}
		thePlan := g.tablePlan()
		thePlan.Blocks[0].Each = mustPaths(g.pick("c", "a.c")) // none is a row, or in one
		thePlan.Blocks[0].Host = nil                           // of a record about no machine nothing is looked up
		beside := func() string {
			return g.pick("b", "b.a", "a.b", "a.b.a", "b(k=1)", "a.b(k=1)", "b.(a)*.c", "a.b.(a)*.c")
		}
		thePlan.Tables[0].Each = g.paths(2, "", beside)
		thePlan.Tables[1].Each = thePlan.Tables[0].Each // a row of one would else be one of the other, too
		if g.chance(2) {
			outer := g.pick("b", "a.b")
			thePlan.Tables[0].Each, thePlan.Tables[1].Each = mustPaths(outer), mustPaths(outer+g.pick(".a", ".c", ".(a)*.c"))
		}
		thePlan.Tables[0].Key, thePlan.Tables[1].Key = mustPaths("k"), mustPaths("k")
		compareReturnedOf(t, seed, thePlan, g.dense(3), syntax.JSON, dir)
	}
}

func TestListsInListsComeBackWithRecords(t *testing.T) {
	thePlan := plan.Plan{Blocks: []plan.Block{{
		Each: mustPaths("h"), Reads: mustPaths("n"), HostReads: mustPaths("n"), CapturedAt: mustPaths("at"),
		Types: []plan.Entries{{Each: mustPaths("p"), Reads: mustPaths("0", "1")}},
	}}}
	doc := `{"h":[{"n":"x","p":[["bash","5.2"],["zsh","5.9"],["ksh"]]},{"n":"y","p":[["vim",null,"9"]]}]}`
	compareReturnedOf(t, 1, thePlan, doc, syntax.JSON, t.TempDir())
}
