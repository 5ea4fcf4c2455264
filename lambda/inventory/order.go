package inventory

import (
	"cmp"
	"slices"
)

// Order is the order of a type's entries: by its sort attributes, then by its key, then by the others; volatile attributes come last,
// wherever they are named. Texts are compared bytewise. Entries that differ in volatile attributes only are never parted by another,
// so that volatile values do not change the order of the rest.
type Order []int

// Order returns the type's order.
func (t *Type) Order() Order {
	var o Order
	for _, volatile := range []bool{false, true} {
		for _, group := range [][]int{t.Sort, t.Key, t.all()} {
			for _, i := range group {
				if t.volatile(i) == volatile && !slices.Contains(o, i) {
					o = append(o, i)
				}
			}
		}
	}
	return o
}

// Compare is negative where a comes before b, and 0 only where they are equal.
func (o Order) Compare(a, b Entry) int {
	for _, i := range o {
		if c := cmp.Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

func (t *Type) all() []int {
	all := make([]int, len(t.Attributes))
	for i := range all {
		all[i] = i
	}
	return all
}

func (t *Type) volatile(i int) bool { return i < len(t.Volatile) && t.Volatile[i] }

// lasting returns the attributes that are not volatile.
func (t *Type) lasting() []int { return slices.DeleteFunc(t.all(), t.volatile) }

// key returns the attributes that make an entry what it is; where the type names none, all that are not volatile.
func (t *Type) key() []int {
	if len(t.Key) > 0 {
		return t.Key
	}
	if key := t.lasting(); len(key) > 0 {
		return key
	}
	return t.all()
}

// Equal reports whether two entries of the type differ in volatile attributes at most.
func (t *Type) Equal(a, b Entry) bool {
	for i := range t.Attributes {
		if a[i] != b[i] && !t.volatile(i) {
			return false
		}
	}
	return true
}

// Arranged are the rows of one source as they are kept: in the type's order, each key once.
type Arranged struct {
	Rows       []Entry
	From       []int32 // index of each row in what was given
	Duplicates []int32 // indices of those that were given and are not kept: an equal key comes first in the order
}

// Arrange puts rows in order. Of equal keys the first in the type's order is kept, so that the order of what is given does not matter.
func (t *Type) Arrange(rows []Entry) Arranged {
	order := t.Order()
	from := make([]int32, len(rows))
	for i := range from {
		from[i] = int32(i)
	}
	slices.SortStableFunc(from, func(a, b int32) int { return order.Compare(rows[a], rows[b]) })
	a := Arranged{Rows: make([]Entry, 0, len(rows)), From: from[:0]}
	keys := t.Keys(len(rows))
	for _, i := range from {
		if _, added := keys.Add(rows[i]); !added {
			a.Duplicates = append(a.Duplicates, i)
			continue
		}
		a.Rows, a.From = append(a.Rows, rows[i]), append(a.From, i)
	}
	return a
}
