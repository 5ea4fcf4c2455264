package inventory

import (
	"encoding/json"
	"slices"
)

// Beyond is what is known of the rows of a source that are not held: they stand, in the type's order, behind twice as many as an item can have.
// Records are those of the document, each once in a list.
type Beyond struct {
	Rows       int     `json:"rows"`                 // each key once
	Words      []int   `json:"words,omitempty"`      // of these, how many have each of the words that the type's roll-up counts
	Cuts       int     `json:"cuts,omitempty"`       // lists of united rows that were cut to their attribute's length
	Displaced  int     `json:"displaced,omitempty"`  // entries of which another one takes the place
	Records    []int32 `json:"records,omitempty"`    // of the rows
	Duplicates []int32 `json:"duplicates,omitempty"` // of entries that are the same as one of the rows
	Differing  []int32 `json:"differing,omitempty"`  // of displaced entries
	Nameless   []int32 `json:"nameless,omitempty"`   // of displaced entries that have no value for their key
}

func (b *Beyond) lists() [4]*[]int32 {
	return [...]*[]int32{&b.Records, &b.Duplicates, &b.Differing, &b.Nameless}
}

// IsZero reports whether all rows and entries are held.
func (b Beyond) IsZero() bool { return b.Rows == 0 && b.Displaced == 0 }

// Of reports whether its records are among so many.
func (b Beyond) Of(records int) bool {
	for _, list := range b.lists() {
		if slices.ContainsFunc(*list, func(r int32) bool { return r < 0 || int(r) >= records }) {
			return false
		}
	}
	return true
}

// From returns it with its records behind so many others.
func (b Beyond) From(first int) Beyond {
	for _, list := range b.lists() {
		*list = slices.Clone(*list)
		for i := range *list {
			(*list)[i] += int32(first) //nolint:gosec // records of one node
		}
	}
	return b
}

// Counts is what of it a share holds: how many rows there are.
func (b Beyond) Counts() Beyond { return Beyond{Rows: b.Rows, Words: b.Words} }

// Text is all of it as text; "" where all are held.
func (b Beyond) Text() string {
	if b.IsZero() {
		return ""
	}
	text, _ := json.Marshal(b) // numbers alone
	return string(text)
}

// ParseBeyond reads what Text returned.
func ParseBeyond(text string) (b Beyond, ok bool) {
	ok = json.Unmarshal([]byte(text), &b) == nil && !b.IsZero()
	return b, ok
}

// add counts a row.
func (b *Beyond) add(t *Type, row Entry) {
	b.Rows++
	if t.Rollup == nil {
		return
	}
	if b.Words == nil {
		b.Words = make([]int, len(t.Rollup.Words))
	}
	if w := slices.Index(t.Rollup.Words, row[t.Rollup.Count]); w >= 0 {
		b.Words[w]++
	}
}

// count returns how many rows have a word.
func (b *Beyond) count(word int) int {
	if word < len(b.Words) {
		return b.Words[word]
	}
	return 0
}
