package inventory

import (
	"fmt"
	"strings"
	"testing"
)

// The definition is in the state: written otherwise, all nodes would be put again.
func TestDefinitionIsWrittenAsBefore(t *testing.T) {
	rollup := &Rollup{
		Type:  &Type{Name: "Custom:Count", SchemaVersion: "1.0", Attributes: []string{"Source", "Total"}, Key: []int{0}},
		Count: 2, Words: []string{"high", "low\u00a0\"x\""},
	}
	for _, typ := range []*Type{
		{Name: "Custom:A", SchemaVersion: "1.0"},
		{Name: "Custom:B", SchemaVersion: "1.12", Attributes: []string{"A", "B\t"}, Volatile: []bool{true, false}, Sort: []int{1}, Limit: Limit{7, true}},
		{
			Name: "Custom:C", SchemaVersion: "2.0", Attributes: []string{"A", "B", "C"}, Volatile: make([]bool, 3), Key: []int{2, 0}, Context: []int{1},
			Unite: []Unite{UniteNot, UniteList, UniteNewest}, Rollup: rollup,
		},
		{Name: "Custom:D", SchemaVersion: "1.0", Attributes: []string{"A"}, Volatile: make([]bool, 1), Unite: []Unite{}},
	} {
		var want strings.Builder
		formatted(&want, typ)
		if got := string(typ.define(nil)); got != want.String() {
			t.Errorf("%s: the definition is\n%s, want\n%s", typ.Name, got, want.String())
		}
	}
}

func formatted(b *strings.Builder, t *Type) {
	fmt.Fprintf(b, "%q %q %q %v %v %v %d %t %v\n",
		t.Name, t.SchemaVersion, t.Attributes, t.lasting(), t.key(), t.Sort, t.maxEntries(), t.Limit.Reject, t.Context)
	if t.Unite != nil {
		fmt.Fprintf(b, "unite %v\n", t.Unite)
	}
	if t.Rollup != nil {
		fmt.Fprintf(b, "%d %q ", t.Rollup.Count, t.Rollup.Words)
		formatted(b, t.Rollup.Type)
	}
}
