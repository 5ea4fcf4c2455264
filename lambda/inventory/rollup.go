package inventory

import (
	"slices"
	"strconv"
)

// Attributes that every roll-up has beside those of the values that it counts.
const (
	rollupSource = "Source"
	rollupTotal  = "Total"
	rollupCut    = "Cut"
)

// rollup counts the rows that are no duplicates, one row for each source that has any. Truncated rows are counted too, and how many they
// are stands beside.
func (c *composer) rollup() []Entry {
	r := c.t.Rollup
	var rows []Entry
	for _, share := range c.bySource {
		beyond := &c.shares[share].Beyond
		words, total, cut := make([]int, len(r.Words)), beyond.Rows, beyond.Rows
		for w := range words {
			words[w] = beyond.count(w)
		}
		for row, e := range c.shares[share].Rows {
			if c.outcomes[share][row] == Duplicate {
				continue
			}
			total++
			if c.outcomes[share][row] == Truncated {
				cut++
			}
			if w := slices.Index(r.Words, e[r.Count]); w >= 0 {
				words[w]++
			}
		}
		if total > 0 {
			rows = append(rows, r.row(c.shares[share].Source, total, cut, words))
		}
	}
	return r.Type.Arrange(rows).Rows
}

// row makes a roll-up's entry, in the order of its type's attributes.
func (r *Rollup) row(source string, total, cut int, words []int) Entry {
	e := make(Entry, len(r.Type.Attributes))
	for i, name := range r.Type.Attributes {
		switch name {
		case rollupSource:
			e[i] = source
		case rollupTotal:
			e[i] = strconv.Itoa(total)
		case rollupCut:
			e[i] = strconv.Itoa(cut)
		default:
			if w := slices.Index(r.Words, name); w >= 0 {
				e[i] = strconv.Itoa(words[w])
			}
		}
	}
	return e
}

// RollupType returns the type that counts the entries of t; nil: none does.
func (t *Type) RollupType() *Type {
	if t.Rollup == nil {
		return nil
	}
	return t.Rollup.Type
}

// IsRollup reports whether a type is the roll-up of one of others.
func IsRollup(types []*Type, name string) bool {
	return slices.ContainsFunc(types, func(t *Type) bool { return t.Rollup != nil && t.Rollup.Type.Name == name })
}
