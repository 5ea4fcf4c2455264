package mapping

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// Type is a declared inventory type, with how its values are made fit.
type Type struct {
	Inventory  *inventory.Type // name, version, attributes sorted by name, key, sort, limit, roll-up
	About      string
	File       string
	Builtin    bool
	RollupOf   string      // the type that this one counts; "" where it is declared by itself
	Attributes []Attribute // in the order of Inventory.Attributes

	Hash string // SHA-256, hex, of its declaration
}

// Name is the type's name: "Custom:Vulnerability".
func (t *Type) Name() string { return t.Inventory.Name }

// DefaultOf returns what an attribute has where a record gives no value; of one that is made from another, what is made of that one's default.
// "{mapping}" stands for the mapping's name.
func (t *Type) DefaultOf(i int) string {
	a := &t.Attributes[i]
	if a.OfIndex >= 0 {
		if text := a.Map.Lookup(t.Attributes[a.OfIndex].Default); text != "" {
			return text
		}
	}
	return a.Default
}

// IsStated reports whether a record states an attribute also where it gives no value: the default is part of what the entry is, or names
// the mapping.
func (t *Type) IsStated(i int) bool {
	a := &t.Attributes[i]
	return a.Required || slices.Contains(t.Inventory.Key, i) || len(t.Inventory.Key) == 0 || strings.Contains(a.Default, "{mapping}")
}

// Attribute is how the values of one attribute are made fit, whatever mapping they are from.
type Attribute struct {
	Name     string
	About    string
	Required bool   // an entry without it is rejected
	Volatile bool   // changes though nothing changed
	Default  string // where there is no value; "{mapping}" stands for the mapping's name
	Max      int    // bytes; longer values are cut and counted. 0: over inventory.MaxValueBytes the entry is rejected
	Date     bool   // RFC 3339, UTC, whole seconds
	Case     string // "lower", "upper" or ""
	Join     string // between several values
	Unite    inventory.Unite
	Of       string // the attribute that it is made from, or ""

	Map     Map // common words to the type's own
	OfIndex int // index of Of; -1: none
}

// Words returns the only strings that the attribute may have, in the order of its type's file; nil where it may have others.
func (a *Attribute) Words() []string {
	if !a.Map.hasOther {
		return nil
	}
	words := slices.Clone(a.Map.order)
	if a.Default != "" && !slices.Contains(words, a.Default) {
		words = append(words, a.Default)
	}
	return slices.DeleteFunc(words, func(word string) bool { return word == "" })
}
