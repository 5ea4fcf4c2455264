package typepage

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

var update = flag.Bool("update", false, "write TYPES.md anew")

// TestTypesDocument keeps the document beside the built-in types current: go test ./lambda/mapping/typepage -update.
func TestTypesDocument(t *testing.T) {
	set, err := load.Options{}.Load()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "builtin", "TYPES.md")
	got := All(set)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("lambda/mapping/builtin/TYPES.md is not current: run this test with -update\n%s", diff)
	}
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
