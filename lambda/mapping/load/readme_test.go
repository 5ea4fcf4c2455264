package load

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// language is the README that explains the language, of which this package has the schema.
func language() string { return filepath.Join("..", "README.md") }

const (
	wordsBegin, wordsEnd = "<!-- words: made by make generate -->\n", "<!-- /words -->\n"
	blockRef             = "#/$defs/block/properties/"
)

// TestReadmeExamples: the mapping and types files in the README of mappings load.
func TestReadmeExamples(t *testing.T) {
	files := make(map[string]string)
	for _, block := range strings.Split(string(testfiles.Read(t, language())), "```yaml\n")[1:] {
		text, _, _ := strings.Cut(block, "```")
		if strings.HasPrefix(text, "version: 1\n") {
			files[fmt.Sprintf("%d.yaml", len(files))] = text
		}
	}
	if len(files) < 10 {
		t.Fatalf("%d files: they are not found any more", len(files))
	}
	for _, problem := range problems(t, files) {
		t.Error(problem)
	}
}

// schemaPart is what these tests read of a part of the schema.
type schemaPart struct {
	Ref         string                `json:"$ref"`
	Description string                `json:"description"`
	Type        any                   `json:"type"`
	Const       any                   `json:"const"`
	Default     any                   `json:"default"`
	Enum        []any                 `json:"enum"`
	Properties  map[string]schemaPart `json:"properties"`
	Patterns    map[string]schemaPart `json:"patternProperties"`
	OneOf       []schemaPart          `json:"oneOf"`
	Items       *schemaPart           `json:"items"`
	Defs        map[string]schemaPart `json:"$defs"`
}

// inner are the parts directly inside one that have no name of their own.
func (p schemaPart) inner() []schemaPart {
	parts := slices.Collect(maps.Values(p.Patterns))
	parts = append(parts, p.OneOf...)
	if p.Items != nil {
		parts = append(parts, *p.Items)
	}
	return parts
}

// words calls f with each word of a part, and what stands around it.
func (p schemaPart) words(around string, f func(place string, name string, word schemaPart)) {
	for _, name := range slices.Sorted(maps.Keys(p.Properties)) {
		f(around, name, p.Properties[name])
		p.Properties[name].words(around+"."+name, f)
	}
	for _, one := range p.inner() {
		one.words(around, f)
	}
}

func readSchema(t *testing.T) schemaPart {
	t.Helper()
	var root schemaPart
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	return root
}

// titles are the parts of the schema that have words, as the README calls them, in its order.
func titles() [][2]string {
	return [][2]string{
		{"mappingFile", "A mapping"},
		{"match", "`match`"},
		{"alternative", "`detect`"},
		{"columns", "Columns of `detect`"},
		{"block", "A block of `records`, or the top of a mapping"},
		{"identify", "`identify`"},
		{"fill", "A type in a mapping"},
		{"verbs", "A value"},
		{"scope", "`scope` of a type"},
		{"whole", "`whole`"},
		{"table", "A table"},
		{"test", "A test"},
		{"expected", "An entry of a test"},
		{"typesFile", "A types file"},
		{"type", "A type"},
		{"attribute", "An attribute"},
		{"sharedFile", "A file of identifiers that many machines have"},
	}
}

// TestWordsInReadme keeps the tables of the README what the schema is: go test ./lambda/mapping/load -update.
func TestWordsInReadme(t *testing.T) {
	root := readSchema(t)
	var made strings.Builder
	named := map[string]bool{}
	for _, part := range titles() {
		named[part[0]] = true
		fmt.Fprintf(&made, "\n**%s**\n\n| word | is | says |\n|---|---|---|\n", part[1])
		root.Defs[part[0]].words("", func(place, name string, word schemaPart) {
			if word.Description == "" {
				word.Description = root.Defs[strings.TrimPrefix(word.Ref, "#/$defs/")].Description
			}
			if at, isBlocks := strings.CutPrefix(word.Ref, blockRef); isBlocks {
				word.Description = root.Defs["block"].Properties[at].Description
			}
			if word.Description == "" {
				t.Errorf("schema.json does not describe %s%s.%s", part[0], place, name)
			}
			said := strings.ReplaceAll(word.Description, "|", "\\|")
			if word.Default != nil {
				said += fmt.Sprintf(" (default: `%v`)", word.Default)
			}
			fmt.Fprintf(&made, "| `%s` | %s | %s |\n", strings.TrimPrefix(place+"."+name, "."), kind(root, word), said)
		})
	}
	for name, part := range root.Defs {
		if !named[name] {
			part.words("", func(string, string, schemaPart) { t.Errorf("%s has words, and no title", name) })
		}
	}
	before, rest, _ := strings.Cut(string(testfiles.Read(t, language())), wordsBegin)
	_, after, found := strings.Cut(rest, wordsEnd)
	if !found {
		t.Fatal("the README has no place for the words")
	}
	testfiles.Golden(t, language(), []byte(before+wordsBegin+made.String()+"\n"+wordsEnd+after))
}

// kind is what a word takes, in a few words.
func kind(root schemaPart, p schemaPart) string {
	name := p.Ref[strings.LastIndex(p.Ref, "/")+1:]
	known := map[string]string{
		"texts": "a string or a list of strings", "layouts": "a layout or a list of them", "paths": "a path or a list of them", "value": "a value",
		"expression": "an expression", "duration": "a duration: `24h`, `30d`", "words": "strings by strings", "columns": "columns",
		"identify": "`identify`", "scope": "an expression or a mapping", "whole": "an expression or a mapping",
	}
	switch {
	case known[name] != "":
		return known[name]
	case strings.HasPrefix(p.Ref, blockRef):
		return kind(root, root.Defs["block"].Properties[name])
	case p.Const != nil:
		return fmt.Sprintf("`%v`", p.Const)
	case len(p.Enum) > 0:
		return "`" + strings.Trim(strings.ReplaceAll(fmt.Sprint(p.Enum), " ", "`, `"), "[]") + "`"
	case p.Items != nil:
		return "a list"
	case len(p.OneOf) > 0:
		return kind(root, p.OneOf[0])
	}
	texts := map[string]string{"object": "a mapping", "integer": "a number", "boolean": "`true` or `false`", "string": "a string"}
	if text, one := p.Type.(string); one {
		return texts[text]
	}
	return "a string, a number or a boolean"
}

// TestEveryWordIsExplained: the README says something of each word of the schema before the tables that are made of it, and shows it in an example.
func TestEveryWordIsExplained(t *testing.T) {
	text, _, _ := strings.Cut(string(testfiles.Read(t, language())), wordsBegin)
	root := readSchema(t)
	for name, part := range root.Defs {
		part.words("", func(place, word string, _ schemaPart) {
			example := regexp.MustCompile("(?m)(^|[{`, -])" + regexp.QuoteMeta(word) + ": ?\\S?")
			if !example.MatchString(text) {
				t.Errorf("the README shows no %s%s.%s", name, place, word)
			}
		})
	}
}
