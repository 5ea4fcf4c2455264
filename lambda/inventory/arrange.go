package inventory

import (
	"cmp"
	"slices"
)

// Arranged are the rows of one source as they are kept: in the type's order, each key once.
type Arranged struct {
	Rows       []Entry
	From       []int32  // index of each row in what was given; of a united one that of the first in the type's order
	United     []United // which rows are made of several of those that were given, by row
	Duplicates []int32  // indices of those that were given and are not kept: an equal entry is, or one that differs in volatile attributes at most
	Displaced  []int32  // indices of those that were given and are not kept: an entry is that has the same key and differs in more than can be united
	Cuts       int      // lists of united rows that were cut to their attribute's length
}

// United is a row that is made of several entries.
type United struct {
	Row    int
	Others []int32 // indices, in what was given, of those that it is made of, besides its From
}

// Arrange puts rows in order. Of equal keys the first in the type's order is kept, and those are united with it that differ only in
// attributes whose values can be. The order of what is given does not matter.
func (t *Type) Arrange(rows []Entry) Arranged {
	order := t.Order()
	from := make([]int32, len(rows))
	for i := range from {
		from[i] = int32(i)
	}
	slices.SortFunc(from, func(a, b int32) int { // equal ones as they are given
		if c := order.Compare(rows[a], rows[b]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
	a := arranging{t: t, given: rows, Arranged: Arranged{Rows: make([]Entry, 0, len(rows)), From: from[:0]}}
	keys := t.Keys(len(rows))
	for _, i := range from {
		if at, added := keys.Add(rows[i]); !added {
			a.again(at, i)
			continue
		}
		a.Rows, a.From = append(a.Rows, rows[i]), append(a.From, i)
	}
	a.unite(order)
	return a.Arranged
}

// arranging is rows while they are put in order.
type arranging struct {
	Arranged
	t     *Type
	given []Entry
	parts map[int][]int32 // by row: what it is united with, in the type's order
	equal map[int][]int32 // by row: duplicates of it whose volatile values can be united
}

// again takes an entry whose key has a row already.
func (a *arranging) again(at int, given int32) {
	row, e := a.Rows[at], a.given[given]
	last := row
	if parts := a.parts[at]; len(parts) > 0 { // equal ones stand together
		last = a.given[parts[len(parts)-1]]
	}
	switch {
	case a.t.Equal(last, e):
		a.Duplicates = append(a.Duplicates, given)
		if a.t.Unite != nil && !slices.Equal(last, e) {
			a.equal = joinPart(a.equal, at, given)
		}
	case a.t.unitable(row, e):
		a.parts = joinPart(a.parts, at, given)
	default:
		a.Displaced = append(a.Displaced, given)
	}
}

func joinPart(parts map[int][]int32, at int, given int32) map[int][]int32 {
	if parts == nil {
		parts = map[int][]int32{}
	}
	parts[at] = append(parts[at], given)
	return parts
}

// unite unites the rows that have parts, and puts the rows in order once more: a united one may belong elsewhere.
func (a *arranging) unite(order Order) {
	if len(a.parts)+len(a.equal) == 0 {
		return
	}
	for at := range a.Rows {
		parts, equal := a.parts[at], a.equal[at]
		if len(parts)+len(equal) == 0 {
			continue
		}
		entries := []Entry{a.Rows[at]}
		for _, list := range [][]int32{parts, equal} {
			for _, i := range list {
				entries = append(entries, a.given[i])
			}
		}
		slices.SortStableFunc(entries, order.Compare)
		row, cuts := a.t.united(entries)
		a.Rows[at], a.Cuts = row, a.Cuts+cuts
	}
	a.sort(order)
}

// sort puts united rows in order.
func (a *arranging) sort(order Order) {
	at := make([]int, len(a.Rows))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(x, y int) int { return order.Compare(a.Rows[x], a.Rows[y]) })
	rows, from := make([]Entry, len(at)), make([]int32, len(at))
	for i, old := range at {
		rows[i], from[i] = a.Rows[old], a.From[old]
		if others := a.parts[old]; len(others) > 0 {
			a.United = append(a.United, United{Row: i, Others: others})
		}
	}
	a.Rows, a.From = rows, from
}
