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
	if t.Noted != nil {
		return t.Noted.Order
	}
	var o Order
	for _, volatile := range []bool{false, true} {
		for _, group := range [][]int{t.Sort, t.Key, t.all()} {
			for _, i := range group {
				if t.IsVolatile(i) == volatile && !slices.Contains(o, i) {
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

// Sorted returns the keys of a map in order. The maps of a node have mostly one: for it package slices allocates four times.
func Sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	if len(keys) > 1 {
		slices.Sort(keys)
	}
	return keys
}

func (t *Type) all() []int {
	if t.Noted != nil {
		return t.Noted.All
	}
	all := make([]int, len(t.Attributes))
	for i := range all {
		all[i] = i
	}
	return all
}

// IsVolatile reports whether an attribute changes though nothing changed.
func (t *Type) IsVolatile(i int) bool { return i < len(t.Volatile) && t.Volatile[i] }

// lasting returns the attributes that are not volatile.
func (t *Type) lasting() []int {
	if t.Noted != nil {
		return t.Noted.Lasting
	}
	return slices.DeleteFunc(t.all(), t.IsVolatile)
}

// key returns the attributes that make an entry what it is; where the type names none, all that are not volatile.
func (t *Type) key() []int {
	if t.Noted != nil {
		return t.Noted.Key
	}
	if len(t.Key) > 0 {
		return t.Key
	}
	if key := t.lasting(); len(key) > 0 {
		return key
	}
	return t.all()
}

// InKey reports whether an attribute is one of those that make an entry what it is.
func (t *Type) InKey(i int) bool { return slices.Contains(t.key(), i) }

// Equal reports whether two entries of the type differ in volatile attributes at most.
func (t *Type) Equal(a, b Entry) bool {
	for i := range t.Attributes {
		if a[i] != b[i] && !t.IsVolatile(i) {
			return false
		}
	}
	return true
}
