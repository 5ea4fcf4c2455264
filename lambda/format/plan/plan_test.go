package plan_test

import (
	"errors"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
)

func TestPlanErrors(t *testing.T) {
	block := func(b plan.Block) plan.Plan { return plan.Plan{Blocks: []plan.Block{b}} }
	for name, p := range map[string]plan.Plan{
		"each from the host":      block(plan.Block{Each: paths("$host.x")}),
		"each is a fact":          block(plan.Block{Each: paths("a.$name")}),
		"entries of the document": block(plan.Block{Types: []plan.Entries{{Each: paths("$doc.x")}}}),
		"host of the document":    block(plan.Block{Host: paths("$doc.x")}),
		"conditions on the way":   block(plan.Block{Each: paths("a(x).b", "c")}),
		"a number after *":        block(plan.Block{Each: paths("a*(1)")}),
		"table with conditions":   {Tables: []plan.Table{{Name: "t", Each: paths("a(x).b"), Key: paths("k")}}},
		"key of the document":     {Tables: []plan.Table{{Name: "t", Each: paths("a"), Key: paths("$doc.k")}}},
	} {
		var wrong *plan.Error
		if _, err := plan.Compile(p); !errors.As(err, &wrong) {
			t.Errorf("%s: %v, want a *plan.Error", name, err)
		}
	}
}

// paths parses paths that are right.
func paths(texts ...string) []path.Path {
	var out []path.Path
	for _, text := range texts {
		p, err := path.Parse(text)
		if err != nil {
			panic(err)
		}
		out = append(out, p)
	}
	return out
}
