// Package naming knows what names of fields, lists and files mean, in several languages, and how well a name fits a phrase. The words
// themselves are data: see words.yaml. It knows nothing of values.
package naming

import (
	_ "embed"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

//go:embed words.yaml
var wordsFile []byte

// Vocabulary is how people call what a draft looks for: phrases by what they mean, and words of values by the word of a shared type.
type Vocabulary struct {
	Identify, Lists, Columns map[string][]string
	Types                    map[string]map[string][]string
	Words                    map[string]map[string]string
}

// Words reads the vocabulary once.
var Words = sync.OnceValue(func() *Vocabulary {
	var problems problem.List
	v := &Vocabulary{Types: map[string]map[string][]string{}, Words: map[string]map[string]string{}}
	for _, file := range yamlfile.Parse("words.yaml", true, wordsFile, &problems) {
		v.Identify, v.Lists, v.Columns = phrases(file.Field("identify")), phrases(file.Field("lists")), phrases(file.Field("columns"))
		for _, f := range file.Field("types").Fields() {
			v.Types[f.Name] = phrases(f.At)
		}
		for _, f := range file.Field("words").Fields() {
			v.Words[f.Name] = f.At.StringMap("a word")
		}
	}
	if len(problems) > 0 {
		panic("draft: " + problems.Error()) // a file of ours, read by every test
	}
	return v
})

func phrases(at yamlfile.Value) map[string][]string {
	all := map[string][]string{}
	for _, f := range at.Fields() {
		all[f.Name] = f.At.Strings("a phrase")
	}
	return all
}
