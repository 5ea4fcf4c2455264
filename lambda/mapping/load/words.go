package load

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// word is a word that may stand in a mapping, and what reads its value.
type word struct {
	name string
	read func(at yamlfile.Value)
}

// text is a word whose value is a string.
func text(name string, to *string) word {
	return word{name, func(at yamlfile.Value) { *to, _ = at.Scalar(name) }}
}

// readWords reads a mapping, in the order of the file. A word that is not known in it is a problem.
func readWords(at yamlfile.Value, in string, known ...word) {
	for _, f := range at.Fields() {
		i := slices.IndexFunc(known, func(w word) bool { return w.name == f.Name })
		if i < 0 {
			f.Unknown(namesOf(known, func(w word) string { return w.name }), "unknown word %s of %s", f.Name, in)
			continue
		}
		known[i].read(f.At)
	}
}

// namesOf returns the names of things, as suggestions.
func namesOf[T any](list []T, name func(T) string) []string {
	names := make([]string, len(list))
	for i, one := range list {
		names[i] = name(one)
	}
	return names
}
