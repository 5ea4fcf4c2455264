package head

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/keyvalue"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// hasAll reports whether all names are there, exactly or by their letters and digits.
func hasAll(there []*tree.Name, names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !hasName(there, name) })
}

func hasName(there []*tree.Name, name string) bool {
	p := tree.NewPattern(name)
	return slices.ContainsFunc(there, p.Fits)
}

func fieldNames(texts []string) []*tree.Name {
	names := make([]*tree.Name, len(texts))
	for i, text := range texts {
		names[i] = tree.NewName(text)
	}
	return names
}

func fieldRows(rows [][]string) [][]*tree.Name {
	named := make([][]*tree.Name, len(rows))
	for i, row := range rows {
		named[i] = fieldNames(row)
	}
	return named
}

// HasKeys reports whether the document begins with `key: value` lines, among them all these keys. Such text looks like CSV until then.
func (h *Head) HasKeys(names []string) bool {
	if h.format != syntax.CSV {
		return false
	}
	if h.keys == nil {
		h.keys = append(fieldNames(keyvalue.Keys(h.bytes)), tree.NewName("")) // not nil without keys, too: they are read once
	}
	return hasAll(h.keys, names)
}
