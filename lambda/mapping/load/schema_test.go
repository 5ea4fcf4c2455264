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
	var schema struct {
		Defs map[string]struct {
			Properties map[string]any `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for name, words := range map[string][]string{
		"mappingFile": topWords, "block": blockWords, "fill": fillWords, "verbs": valueWords, "identify": identifyWords, "typesFile": typesFileWords, "sharedFile": sharedFileWords,
		"type": typeWords, "attribute": attributeWords, "match": matchKinds, "alternative": detectKinds,
		"test": testWords, "expected": entryWords,
	} {
		got := slices.Sorted(maps.Keys(schema.Defs[name].Properties))
		if d := cmp.Diff(slices.Sorted(slices.Values(words)), got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
