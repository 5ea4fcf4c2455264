package load

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestLanguageHasItsVersion: the words of each version of the language are written down. Where this fails for a word that came, raise
// Language and run the test with -update: a bundle with the word is refused then by programs that do not know it.
func TestLanguageHasItsVersion(t *testing.T) {
	var schema any
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	wordsOf(schema, words)
	if len(words) < 50 {
		t.Errorf("only %d words were found", len(words))
	}
	testfiles.Golden(t, fmt.Sprintf("testdata/language-%d.txt", Language), []byte(strings.Join(slices.Sorted(maps.Keys(words)), "\n")+"\n"))
}

// wordsOf collects what the schema lets stand in files: names of properties, and values of enumerations.
func wordsOf(v any, into map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			wordsOf(one, into)
		}
	case map[string]any:
		properties, _ := v["properties"].(map[string]any)
		for name := range properties {
			into[name] = true
		}
		values, _ := v["enum"].([]any)
		for _, value := range append(values, v["const"]) {
			if text, ok := value.(string); ok {
				into[text] = true
			}
		}
		for _, one := range v {
			wordsOf(one, into)
		}
	}
}
