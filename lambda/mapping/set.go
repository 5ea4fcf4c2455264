package mapping

// Set is all loaded mappings and types. It is immutable.
type Set struct {
	mappings []*Mapping // by name
	types    []*Type    // by name, roll-ups included
	shared   []SharedIdentifier
}

func newSet(mappings []*Mapping, types []*Type, shared []SharedIdentifier) *Set {
	return &Set{mappings: mappings, types: types, shared: shared}
}

// Shared returns the identifiers that many machines have, as the loaded files list them.
func (s *Set) Shared() []SharedIdentifier { return s.shared }

// Mapping finds a mapping by its name.
func (s *Set) Mapping(name string) (*Mapping, bool) {
	for _, m := range s.mappings {
		if m.Name == name {
			return m, true
		}
	}
	return nil, false
}

// Names gives the names of all mappings, sorted.
func (s *Set) Names() []string {
	names := make([]string, len(s.mappings))
	for i, m := range s.mappings {
		names[i] = m.Name
	}
	return names
}

// Types gives all declared types, roll-ups included, sorted by name.
func (s *Set) Types() []*Type { return s.types }

// Type finds a declared type by its name.
func (s *Set) Type(name string) (*Type, bool) {
	for _, t := range s.types {
		if t.Inventory.Name == name {
			return t, true
		}
	}
	return nil, false
}
