package load

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// rollupVersion is the schema version of all roll-ups.
const rollupVersion = "1.0"

// rollupOwn are the attributes of a roll-up besides the words that it counts.
var rollupOwn = []string{"Cut", "Source", "Total"}

// rollup reads `rollup: {type, count}`.
func (p *typeParser) rollup(at yamlfile.Value) {
	r := &inventory.Rollup{Count: -1}
	name := ""
	readWords(at, "a rollup",
		word{"type", func(at yamlfile.Value) {
			text, ok := at.Scalar("type")
			if ok && (!typeNames().MatchString(text) || !strings.HasPrefix(text, "Custom:")) {
				at.Problem("a roll-up's type must be Custom: and a capital letter, then letters, digits, _ and -")
				return
			}
			name = text
		}},
		word{"count", func(at yamlfile.Value) {
			if i, ok := p.index(at); ok {
				r.Count, r.Words = i, p.countedWords(at, i)
			}
		}})
	if name == "" || r.Count < 0 || len(r.Words) == 0 {
		if !at.Has("type") || !at.Has("count") {
			at.Problem("a rollup must be a type and the attribute that it counts: {type: Custom:…, count: …}")
		}
		return
	}
	r.Type = rollupInventory(name, r.Words)
	p.Inventory.Rollup = r
}

// countedWords returns the words that a counted attribute can have, in the order of its map.
func (p *typeParser) countedWords(at yamlfile.Value, attribute int) []string {
	a := &p.Attributes[attribute]
	words := a.Words()
	wrong := slices.IndexFunc(words, func(word string) bool { return !isAttributeName(word) || slices.Contains(rollupOwn, word) })
	switch {
	case words == nil:
		at.Problem("%s has no map with \"*\", so it is not known which words to count", a.Name)
	case len(words)+len(rollupOwn) > inventory.MaxAttributes:
		at.Problem("%s has %d words: too many for the %d attributes of a roll-up", a.Name, len(words), inventory.MaxAttributes)
	case wrong >= 0:
		at.Problem("the word %s of %s cannot name an attribute of the roll-up", words[wrong], a.Name)
	default:
		return words
	}
	return nil
}

// rollupInventory makes the type that counts words.
func rollupInventory(name string, words []string) *inventory.Type {
	attributes := slices.Sorted(slices.Values(slices.Concat(rollupOwn, words)))
	source := slices.Index(attributes, "Source")
	return &inventory.Type{
		Name: name, SchemaVersion: rollupVersion, Attributes: attributes, Volatile: make([]bool, len(attributes)),
		Key: []int{source}, Sort: []int{source}, Limit: inventory.Limit{Entries: inventory.MaxEntries, Reject: true},
	}
}

// rollupType declares a roll-up beside the type that it counts.
func rollupType(of *mapping.Type, r *inventory.Rollup) *mapping.Type {
	t := &mapping.Type{Inventory: r.Type, File: of.File, Builtin: of.Builtin, RollupOf: of.Inventory.Name, Hash: of.Hash}
	for _, name := range r.Type.Attributes {
		t.Attributes = append(t.Attributes, mapping.Attribute{Name: name, OfIndex: -1})
	}
	return t
}
