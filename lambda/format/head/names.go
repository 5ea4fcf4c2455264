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

// Columns are the names by which a header row is recognised, exactly or by their letters and digits.
type Columns struct {
	all, of []tree.Pattern
	least   int
}

// NewColumns are all of some columns and, of others, so many at the least.
func NewColumns(all, of []string, least int) Columns {
	c := Columns{least: least}
	for _, name := range all {
		c.all = append(c.all, tree.NewPattern(name))
	}
	for _, name := range of {
		c.of = append(c.of, tree.NewPattern(name))
	}
	return c
}

// Len is how many columns must be there.
func (c *Columns) Len() int { return len(c.all) + c.least }

// Covers reports whether a row that has these columns has other ones too, as far as can be known without it.
func (c *Columns) Covers(other *Columns) bool {
	listed := func(in []tree.Pattern, p *tree.Pattern) bool {
		return slices.ContainsFunc(in, func(q tree.Pattern) bool { return q.Exact(&p.Name) || q.Loose(&p.Name) })
	}
	certain, extra := 0, len(c.of)
	for i := range other.all {
		if !listed(c.all, &other.all[i]) {
			return false
		}
	}
	for i := range other.of {
		switch {
		case listed(c.all, &other.of[i]):
			certain++
		case listed(c.of, &other.of[i]):
			extra--
		}
	}
	return certain+max(0, c.least-extra) >= other.least
}

// in reports whether a row has the columns.
func (c *Columns) in(row []*tree.Name) bool {
	return c.Len() > 0 && !slices.ContainsFunc(c.all, func(p tree.Pattern) bool { return !slices.ContainsFunc(row, p.Fits) }) &&
		(c.least == 0 || countIn(row, c.of) >= c.least)
}

func countIn(row []*tree.Name, of []tree.Pattern) int {
	n := 0
	for i := range of {
		if slices.ContainsFunc(row, of[i].Fits) {
			n++
		}
	}
	return n
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
