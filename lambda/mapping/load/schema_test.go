package load

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSchemaHasTheLoadersWords keeps the words of the schema and of the loader equal.
func TestSchemaHasTheLoadersWords(t *testing.T) {
	type object struct {
		Properties map[string]any `json:"properties"`
	}
	var schema struct {
		Defs map[string]struct {
			object
			OneOf []object `json:"oneOf"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for name, words := range map[string][]string{
		"mappingFile": topWords, "block": blockWords, "fill": fillWords, "verbs": valueWords, "identify": identifyWords, "typesFile": typesFileWords, "sharedFile": sharedFileWords,
		"type": typeWords, "attribute": attributeWords, "match": matchKinds, "alternative": detectKinds,
		"test": testWords, "expected": entryWords, "whole": {"expr", "page", "pages"}, "scope": scopeWords,
	} {
		def := schema.Defs[name]
		if len(def.Properties) == 0 && len(def.OneOf) > 1 { // an expression, or these words
			def.object = def.OneOf[1]
		}
		got := slices.Sorted(maps.Keys(def.Properties))
		if d := cmp.Diff(slices.Sorted(slices.Values(words)), got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
