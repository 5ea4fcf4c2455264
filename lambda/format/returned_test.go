package format

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// spot is where a record begins, and of which block it is.
type spot struct {
	offset int64
	block  int
}

// placed gives what is read of each record.
func placed(t *testing.T, plan *Plan, in Input, doc string) map[spot][]string {
	t.Helper()
	program, err := Compile(*plan)
	if err != nil {
		t.Fatal(err)
	}
	in.Reader = strings.NewReader(doc)
	r := program.Read(t.Context(), in)
	out := map[spot][]string{}
	var late []func()
	for rec, err := range r.Records() {
		if err != nil {
			return nil
		}
		text, captured, err := engineRecord(plan, rec)
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

// returned gives the records back that begin at an offset.
func returned(t *testing.T, plan *Plan, in Input, doc string, wanted spot) string {
	t.Helper()
	program, err := CompileReturned(*plan)
	if err != nil {
		t.Fatal(err)
	}
	in.Only = func(at scan.Place) bool { return at.Offset == wanted.offset }
	in.Reader = strings.NewReader(doc)
	r := program.Read(t.Context(), in)
	var out []byte
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatalf("%v\n%s\n%s\n%d", err, doc, describe(plan), wanted)
		}
		if in.Only(rec.Place) && rec.Block == wanted.block {
			out = AppendDocument(out, r, rec, "wrong")
		}
	}
	return string(out)
}

// compareReturned gives back each record of a generated document, and reads the same of it again.
func compareReturned(t *testing.T, seed uint64, dir string) {
	t.Helper()
	g := generator{rand.New(rand.NewPCG(seed, 1))}
	plan := g.plan()
	doc, format := g.document()
	if !comesBack(&plan, doc) {
		return
	}
	if _, err := Compile(plan); err != nil {
		return
	}
	want := placed(t, &plan, Input{Format: format}, doc)
	for at := range want {
		for _, budget := range []int{0, 1} {
			back := returned(t, &plan, Input{Format: format, Budget: budget, TempDir: dir}, doc, at)
			var got []string
			for _, texts := range placed(t, &plan, Input{Format: syntax.JSON, Mended: &Mended{}}, back) {
				got = append(got, texts...)
			}
			if diff := cmp.Diff(inAnyOrder(want[at]), inAnyOrder(got)); diff != "" {
				t.Fatalf("seed %d, budget %d, byte %d: (-record +returned)\n%s\n%s\n%s\n%s", seed, budget, at.offset, diff, doc, back, describe(&plan))
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

// comesBack tells that all that the plan reads is in the documents that records come back as. What other root values say is not.
func comesBack(p *Plan, doc string) bool {
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
