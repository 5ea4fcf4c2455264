package record_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// TestLateReadsAgainstWholeTrees: what is read after the document's end is what stands in it, and changes nothing about its records.
func TestLateReadsAgainstWholeTrees(t *testing.T) {
	for seed := range uint64(1500) {
		g := generator{rand.New(rand.NewPCG(seed, 7))}
		document, format := g.document()
		without := g.plan()
		with := without
		with.Late = append(g.paths(2, "$doc.", g.any), g.paths(2, "", g.any)...)
		tree, err := wholeTree(document, format)
		if err != nil {
			continue
		}
		want, _, wantErr := readPlan(t, without, document, format)
		got, reading, gotErr := readPlan(t, with, document, format)
		if d := cmp.Diff(want, got); d != "" || (wantErr == nil) != (gotErr == nil) {
			t.Fatalf("seed %d: %v, %v\n%s\n%s\n%s", seed, wantErr, gotErr, describe(&with), document, d)
		}
		if gotErr != nil {
			continue
		}
		o := &oracle{plan: &with, doc: tree}
		scope := reading.Scope()
		for _, p := range with.Late {
			texts := p.Texts(&scope, reading.Doc(), nil)
			if d := cmp.Diff(o.texts(p, tree), texts); d != "" || o.has(p, tree) != p.Has(&scope, reading.Doc()) {
				t.Fatalf("seed %d: %s of %s: %s", seed, p.String(), document, d)
			}
		}
	}
}

func wholeTree(document string, format syntax.Format) (*whole, error) {
	if format == syntax.XML {
		return xmlTree(document)
	}
	return jsonTree(document)
}

func readPlan(t *testing.T, p plan.Plan, document string, format syntax.Format) ([]string, *record.Reading, error) {
	t.Helper()
	program, err := plan.Compile(p)
	if err != nil {
		return nil, nil, err
	}
	reading := record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(document), Format: format, TempDir: t.TempDir()})
	records, err := engineRecords(&p, reading)
	return records, reading, err
}

// TestLateReadsBeginAtTheDocument: there is no record at its end.
func TestLateReadsBeginAtTheDocument(t *testing.T) {
	for _, late := range []string{"$host.x", "$up.x", "$t(k).x"} {
		if _, err := plan.Compile(plan.Plan{Late: mustPaths(late), Tables: []plan.Table{{Name: "t", Each: mustPaths("a"), Key: mustPaths("k")}}}); err == nil {
			t.Errorf("%s is read after the document's end", late)
		}
	}
	if _, err := plan.Compile(plan.Plan{Late: []path.Path{*path.Document()}}); err != nil {
		t.Error(err)
	}
}
