package inventory

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Unite is how the values of an attribute become one where entries of one statement with an equal key are united.
type Unite uint8

// The ways to unite values. Entries that differ in an attribute without one are not united: the first in the type's order stands, and
// the others are displaced.
const (
	UniteNot     Unite = iota
	UniteFirst         // the first value in the type's order; different ones are no loss
	UniteList          // all values, each once, joined as the attribute joins
	UniteHighest       // the highest number; of an attribute that another one ranks, the best rank; else of known words the first
	UniteNewest        // of dates the latest
)

// Uniting is what has to be known of an attribute whose values are united.
type Uniting struct {
	Of    int      // the attribute that it is made from; -1: none
	Join  string   // between the values of a list; "": a comma
	Max   int      // bytes; 0: MaxValueBytes
	Words []string // its known words, the highest first
}

// uniting returns what is to be known of an attribute.
func (t *Type) uniting(i int) Uniting {
	u := Uniting{Of: -1}
	if i < len(t.Uniting) {
		u = t.Uniting[i]
	}
	u.Join = cmp.Or(u.Join, ",")
	if u.Max == 0 || u.Max > MaxValueBytes {
		u.Max = MaxValueBytes
	}
	return u
}

// unites returns how the values of an attribute become one; of one that is made from another, as that one's do.
func (t *Type) unites(i int) Unite {
	if of := t.uniting(i).Of; of >= 0 {
		i = of
	}
	if i < len(t.Unite) {
		return t.Unite[i]
	}
	return UniteNot
}

// unitable reports whether two entries differ only in volatile attributes, and in attributes whose values become one.
func (t *Type) unitable(a, b Entry) bool {
	if t.Unite == nil {
		return false
	}
	for i := range t.Attributes {
		if a[i] != b[i] && !t.IsVolatile(i) && t.unites(i) == UniteNot {
			return false
		}
	}
	return true
}

// Together returns what two entries with an equal key are together, and how many lists of it were cut; false where they differ in more than
// can be united. Which is which does not matter.
func (t *Type) Together(a, b Entry) (both Entry, cuts int, ok bool) {
	if !t.unitable(a, b) {
		return nil, 0, false
	}
	entries := []Entry{a, b}
	slices.SortFunc(entries, t.Order().Compare)
	both, cuts = t.united(entries)
	return both, cuts, true
}

// united makes one entry of several, which are in the type's order, and returns how many lists of it were cut. An attribute that is made from
// another one follows it.
func (t *Type) united(entries []Entry) (out Entry, cuts int) {
	out = slices.Clone(entries[0])
	for i := range t.Attributes {
		of := t.uniting(i).Of
		if of >= 0 {
			continue
		}
		chosen := t.choose(i, entries)
		out[i] = entries[chosen][i]
		if t.unites(i) == UniteList {
			list, cut := t.list(i, entries)
			out[i] = list
			if cut {
				cuts++
			}
		}
		for d := range t.Attributes {
			if t.uniting(d).Of == i {
				out[d] = entries[chosen][d]
			}
		}
	}
	return out, cuts
}

// choose returns the entry whose value of an attribute stands.
func (t *Type) choose(i int, entries []Entry) int {
	better := func(a, b string) bool { return a == "" && b != "" }
	at := i
	switch t.unites(i) {
	case UniteNot:
		return 0
	case UniteHighest:
		words := t.uniting(i).Words
		better = func(a, b string) bool { return higher(a, b, words) }
		if rank := t.rankOf(i); rank >= 0 {
			at, better = rank, func(a, b string) bool { return b != "" && (a == "" || less(b, a)) }
		}
	case UniteNewest:
		better = func(a, b string) bool { return b > a }
	}
	best := 0
	for n, e := range entries {
		if better(entries[best][at], e[at]) {
			best = n
		}
	}
	return best
}

// rankOf returns the attribute that ranks another one: it is made from it; -1: none does.
func (t *Type) rankOf(i int) int {
	return slices.IndexFunc(t.all(), func(d int) bool { return t.uniting(d).Of == i })
}

// higher reports whether b is a higher number than a, or a word that stands before it. A number is higher than a word, and one of the words
// than one that is none of them.
func higher(a, b string, words []string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX == nil && errY == nil:
		return y > x
	case errX == nil || errY == nil:
		return errX != nil
	case a == "" || b == "":
		return a == "" && b != ""
	}
	of := func(word string) int {
		if i := slices.Index(words, word); i >= 0 {
			return i
		}
		return len(words)
	}
	return of(b) < of(a)
}

// less compares ranks: as numbers where both are.
func less(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX == nil && errY == nil {
		return x < y
	}
	return a < b
}

// list joins the values of an attribute, each once and sorted. Values that are lists already are taken apart first. What is over the
// attribute's length is left out, value by value.
func (t *Type) list(i int, entries []Entry) (text string, cut bool) {
	u := t.uniting(i)
	var values []string
	for _, e := range entries {
		for value := range strings.SplitSeq(e[i], u.Join) {
			if value = strings.TrimSpace(value); value != "" {
				values = append(values, value)
			}
		}
	}
	slices.Sort(values)
	values = slices.Compact(values)
	n := 0
	for k, value := range values {
		n += len(value)
		if n > u.Max {
			values, cut = values[:k], true
			break
		}
		n += len(u.Join)
	}
	return strings.Join(values, u.Join), cut
}
