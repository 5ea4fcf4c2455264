package inventory

import "slices"

// Notes are what follows from a type and is asked for with each item of each node.
type Notes struct {
	Definition string
	Order      Order
	All        []int    // the attributes
	Lasting    []int    // those that are not volatile
	Key        []int    // those that make an entry what it is
	Names      []string // of the attributes, as they stand in an object of JSON
	EntryBytes int      // of an entry as JSON, without its values
}

// Note notes what follows from a type that is complete, and from its roll-up: neither may be changed any more.
func (t *Type) Note() {
	n := &Notes{
		Definition: t.Definition(), Order: t.Order(), All: t.all(), Lasting: t.lasting(), Key: slices.Clone(t.key()), Names: t.jsonNames(),
		EntryBytes: t.entryBytes(),
	}
	t.Noted = n
	if t.Rollup != nil {
		t.Rollup.Type.Note()
	}
}
