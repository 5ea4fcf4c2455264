package typepage

import (
	"path/filepath"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestTypesDocument keeps the document beside the built-in types current: go test ./lambda/mapping/typepage -update.
func TestTypesDocument(t *testing.T) {
	set, err := load.Options{}.Load()
	if err != nil {
		t.Fatal(err)
	}
	all, err := All(set)
	if err != nil {
		t.Fatal(err)
	}
	testfiles.Golden(t, filepath.Join("..", "builtin", "TYPES.md"), []byte(all))
}

// TestEveryAttributeIsExplained: whoever fills or reads a shared type is told what an attribute means.
func TestEveryAttributeIsExplained(t *testing.T) {
	set, err := load.Options{}.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range set.Types() {
		for i := range typ.Attributes {
			if a := &typ.Attributes[i]; meaning(typ, a) == "" {
				t.Errorf("%s %s has no `about`", typ.Name(), a.Name)
			}
		}
	}
}
