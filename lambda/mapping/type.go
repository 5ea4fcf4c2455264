package mapping

import "github.com/inventory-bridge/inventory-bridge/lambda/inventory"

// Type is a declared inventory type, with how its values are made fit.
type Type struct {
	Inventory  *inventory.Type // name, version, attributes sorted by name, key, sort, limit, roll-up
	About      string
	File       string
	Builtin    bool
	RollupOf   string      // the type that this one counts; "" where it is declared by itself
	Attributes []Attribute // in the order of Inventory.Attributes

	hash string
}

// Name is the type's name: "Custom:Vulnerability".
func (t *Type) Name() string { return t.Inventory.Name }

// Attribute is how the values of one attribute are made fit, whatever mapping gives them.
type Attribute struct {
	Name     string
	About    string
	Required bool   // an entry without it is rejected
	Volatile bool   // changes though nothing changed
	Default  string // where there is no value; "{mapping}" stands for the mapping's name
	Max      int    // bytes; longer values are cut and counted. 0: over 4,096 bytes the entry is rejected
	Date     bool   // RFC 3339, UTC, whole seconds
	Case     string // "lower", "upper" or ""
	Join     string // between several values
	Of       string // the attribute that it is made from, or ""

	words words // common words to the type's own
	of    int   // index of Of; -1: none
}
