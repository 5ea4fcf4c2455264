package mapping

import "slices"

// Fills gives the attributes of a type for which the mapping says where their values come from, sorted.
func (m *Mapping) Fills(typeName string) []string {
	var names []string
	for _, b := range m.blocks {
		for _, f := range b.fills {
			if f.typ.Name() != typeName {
				continue
			}
			for i, v := range f.values {
				if name := f.typ.Attributes[i].Name; v != nil && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	slices.Sort(names)
	return names
}

// Words gives the only texts that the attribute may have, in the order of its type's file; nil where it may have others.
func (a *Attribute) Words() []string {
	if !a.words.hasOther {
		return nil
	}
	words := slices.Clone(a.words.order)
	if a.Default != "" && !slices.Contains(words, a.Default) {
		words = append(words, a.Default)
	}
	return slices.DeleteFunc(words, func(word string) bool { return word == "" })
}
