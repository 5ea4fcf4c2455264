// Package inventory knows what AWS Systems Manager Inventory is made of: types, entries, items, their hashes, their limits and how
// what several sources state of one node becomes one item. It does not know where entries come from, nor how they are put.
package inventory

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// Type is a declared inventory type, as far as composing and hashing need it.
type Type struct {
	Name          string   // "Custom:Vulnerability"
	SchemaVersion string   // "1.0"
	Attributes    []string // sorted by name; an Entry's values stand in this order
	Volatile      []bool   // by attribute: changes though nothing changed, enters no comparison
	Key           []int    // attributes that make an entry what it is; empty: all of them
	Sort          []int    // attributes by which entries are ordered, before Key and the rest
	Limit         Limit
	Context       []int     // attributes that go into the Item's Context
	Unite         []Unite   // by attribute: what becomes of different values of entries with an equal key; nil: no such entries are united
	Uniting       []Uniting // by attribute: what uniting its values has to know; nil where no entries are united
	Defaults      []string  // by attribute: what an entry has of which a partial record gives no value; nil: nothing
	Rollup        *Rollup   // nil: none
	Noted         *Notes    // what follows from the others, noted by who knows that they change no more; nil: it is found out each time
}

// Limit is how many entries an item of a type may have.
type Limit struct {
	Entries int  // 1 to 10,000
	Reject  bool // over it, a source's entries are rejected instead of truncating the item
}

// Rollup counts a type's entries by the words of one attribute, one row a source.
type Rollup struct {
	Type  *Type    // Source, Total, Cut and one attribute a word
	Count int      // the attribute counted
	Words []string // the words that it can have, in the type's order
}

// Entry is one entry of an item: a value for each attribute of its Type, in the Type's order.
type Entry []string

// EntryOf returns an entry of what the service returns: attributes that the type does not have are left out.
func (t *Type) EntryOf(values map[string]string) Entry {
	e := make(Entry, len(t.Attributes))
	for i, name := range t.Attributes {
		e[i] = values[name]
	}
	return e
}

// WithDefaults returns an entry with defaults where it has no value.
func (t *Type) WithDefaults(e Entry) Entry {
	out := slices.Clone(e)
	for i, text := range t.Defaults {
		if out[i] == "" {
			out[i] = text
		}
	}
	return out
}

// Definition is a hash of all that decides how entries of the type are ordered, keyed, truncated and counted. Equal entries under
// another definition may make another item.
func (t *Type) Definition() string {
	if t.Noted != nil {
		return t.Noted.Definition
	}
	sum := sha256.Sum256(t.define(make([]byte, 0, 1<<10)))
	return hex.EncodeToString(sum[:8])
}

// define appends what is hashed. It is part of the state's format, and is made for each node where nobody has noted it: so it is written without package fmt, as that
// writes lists.
func (t *Type) define(b []byte) []byte {
	b = append(strconv.AppendQuote(b, t.Name), ' ')
	b = append(strconv.AppendQuote(b, t.SchemaVersion), ' ')
	b = append(appendList(b, t.Attributes, strconv.AppendQuote), ' ')
	for _, numbers := range [...][]int{t.lasting(), t.key(), t.Sort} {
		b = append(appendList(b, numbers, appendNumber), ' ')
	}
	b = append(appendNumber(b, t.maxEntries()), ' ')
	b = append(strconv.AppendBool(b, t.Limit.Reject), ' ')
	b = append(appendList(b, t.Context, appendNumber), '\n')
	if t.Unite != nil {
		b = append(appendList(append(b, "unite "...), t.Unite, appendNumber), '\n')
	}
	if t.Rollup != nil {
		b = append(appendNumber(b, t.Rollup.Count), ' ')
		b = append(appendList(b, t.Rollup.Words, strconv.AppendQuote), ' ')
		b = t.Rollup.Type.define(b)
	}
	return b
}

func appendList[T any](b []byte, list []T, one func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, item := range list {
		if i > 0 {
			b = append(b, ' ')
		}
		b = one(b, item)
	}
	return append(b, ']')
}

func appendNumber[T int | Unite](b []byte, n T) []byte { return strconv.AppendInt(b, int64(n), 10) }

// CompareVersions compares two schema versions, "1.10" after "1.9". A part that is no number counts as 0.
func CompareVersions(a, b string) int {
	amajor, aminor := versionParts(a)
	bmajor, bminor := versionParts(b)
	return cmp.Or(cmp.Compare(amajor, bmajor), cmp.Compare(aminor, bminor))
}

func versionParts(v string) (major, minor int) {
	first, second, _ := strings.Cut(v, ".")
	major, _ = strconv.Atoi(first)
	minor, _ = strconv.Atoi(second)
	return major, minor
}
