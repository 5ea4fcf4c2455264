package inventory

import (
	"cmp"
	"slices"
	"time"
)

// Share is what one source currently states of a node and type.
type Share struct {
	Source   string      // each once
	Rows     []Entry     // in the type's order, each key once (Arrange)
	Captured time.Time   // when the source saw them
	Times    []time.Time // by row, where they were set one by one; nil: all at Captured
	Beyond   Beyond      // further rows, which no item has
	Bytes    int         // ContentBytes of the rows, where that is known; else 0
}

// RowOutcome is what became of a share's row in a composition.
type RowOutcome uint8

// The outcomes of a row.
const (
	Kept      RowOutcome = iota // it is in the item
	Duplicate                   // another source's row has the same key and is newer, or comes first
	Truncated                   // the item is full
)

// Composition is what a node should hold of a type: the union of its shares.
type Composition struct {
	Rows       []Entry                 // in the type's order
	Outcomes   map[string][]RowOutcome // by source and row
	Bytes      int                     // of the content as compact JSON
	JSON       []byte                  // the content, where it was made to see how many rows fit; nil: it was not
	Truncated  int                     // rows that did not fit
	Duplicates int                     // rows whose key another source has too
	Rollup     []Entry                 // of the type's roll-up, counted before the item was truncated; in its order
}

// Content is the rows of an item, and what is known of them.
type Content struct {
	Rows  []Entry
	Bytes int    // ContentBytes of them
	JSON  []byte // the same as AppendJSON appends, where it is made already
	Sums  Sums
}

// ContentOf returns rows, which are in the type's order, with what is known of them.
func (t *Type) ContentOf(rows []Entry) Content {
	return Content{Rows: rows, Bytes: t.ContentBytes(rows), Sums: t.Sum(rows)}
}

// Compose makes a node's item of a type from its shares. Of equal keys the newer row wins, at equal times the one that comes first in
// the type's order, then the one whose source's name does. An item over the limits is filled in rounds: the next best row of each
// source in turn, until the item is full, so that a source with few rows never loses them to one with many.
func Compose(t *Type, shares []Share) Composition {
	c := composer{t: t, shares: shares, order: t.Order(), outcomes: make([][]RowOutcome, len(shares))}
	c.bySource = make([]int, len(shares))
	for i, s := range shares {
		c.bySource[i] = i
		c.outcomes[i] = make([]RowOutcome, len(s.Rows))
		c.truncated += s.Beyond.Rows
	}
	slices.SortStableFunc(c.bySource, func(a, b int) int { return cmp.Compare(shares[a].Source, shares[b].Source) })
	c.findDuplicates()
	if len(shares) == 1 && len(t.Context) == 0 {
		c.write()
	} else {
		c.truncate()
	}
	out := Composition{Rows: c.kept(), Outcomes: make(map[string][]RowOutcome, len(shares))}
	for i, s := range shares {
		out.Outcomes[s.Source] = c.outcomes[i]
	}
	out.Duplicates, out.Truncated = c.duplicates, c.truncated
	out.Bytes, out.JSON = len("[]")+max(c.bytes-len(","), 0), c.json
	if t.Rollup != nil {
		out.Rollup = c.rollup()
	}
	return out
}

type composer struct {
	t        *Type
	shares   []Share
	order    Order
	bySource []int // indices of shares, by the sources' names
	outcomes [][]RowOutcome
	bytes    int    // of the rows admitted, with a comma each
	json     []byte // of a single share: the rows admitted

	duplicates, truncated int // rows
}

// findDuplicates leaves one row of those with equal keys.
func (c *composer) findDuplicates() {
	if len(c.shares) < 2 {
		return
	}
	type place struct{ share, row int }
	var places []place
	keys := c.t.Keys(0)
	for _, share := range c.bySource {
		for row, e := range c.shares[share].Rows {
			at, added := keys.Add(e)
			if added {
				places = append(places, place{share, row})
				continue
			}
			loser := place{share, row}
			if p := places[at]; c.wins(share, row, p.share, p.row) {
				loser, places[at] = p, loser
			}
			c.outcomes[loser.share][loser.row] = Duplicate
			c.duplicates++
		}
	}
}

// wins reports whether a row makes one with the same key a duplicate, whose source's name comes before.
func (c *composer) wins(share, row, otherShare, otherRow int) bool {
	a, b := &c.shares[share], &c.shares[otherShare]
	if d := a.capturedAt(row).Compare(b.capturedAt(otherRow)); d != 0 {
		return d > 0
	}
	return c.order.Compare(a.Rows[row], b.Rows[otherRow]) < 0
}

func (s *Share) capturedAt(row int) time.Time {
	if row < len(s.Times) {
		return s.Times[row]
	}
	return s.Captured
}

// write leaves what fits an item of a single share, and writes it: what is sent is measured, and need not be made again.
func (c *composer) write() {
	rows, names, most := c.shares[0].Rows, c.t.jsonNames(), c.t.plannedBytes()
	size := c.shares[0].Bytes
	if size == 0 {
		size = c.t.likelyBytes(rows)
	}
	b := append(make([]byte, 0, min(max(size, 0), most)), '[')
	for i, row := range rows {
		before := len(b)
		if i > 0 {
			b = append(b, ',')
		}
		if i < c.t.maxEntries() {
			b = appendEntry(b, names, row)
		}
		if i == c.t.maxEntries() || len(b)+len(",]") > most { // each entry is measured with a comma
			b = b[:before]
			c.truncateFrom(0, i)
			break
		}
	}
	c.bytes = len(b)
	b = append(b, ']')
	c.json = b
}

// truncate leaves what fits an item. A source whose next row does not fit gets no further turn: its rows are kept from the best down.
func (c *composer) truncate() {
	entries, bytes := c.t.maxEntries(), c.t.plannedBytes()-len("[]")
	defer func() { c.bytes = c.t.plannedBytes() - len("[]") - bytes }()
	base := c.t.entryBytes() + len(",")
	next := make([]int, len(c.shares))
	for turns := slices.Clone(c.bySource); len(turns) > 0; {
		turns = slices.DeleteFunc(turns, func(share int) bool {
			row := c.skip(share, next[share])
			next[share] = row + 1
			rows := c.shares[share].Rows
			if row == len(rows) {
				return true
			}
			size := base + valueBytes(rows[row])
			if entries == 0 || size > bytes {
				c.truncateFrom(share, row)
				return true
			}
			entries, bytes = entries-1, bytes-size
			return false
		})
	}
}

// skip returns the first row from one on that is no duplicate.
func (c *composer) skip(share, row int) int {
	for row < len(c.outcomes[share]) && c.outcomes[share][row] == Duplicate {
		row++
	}
	return row
}

func (c *composer) truncateFrom(share, row int) {
	outcomes := c.outcomes[share]
	for ; row < len(outcomes); row++ {
		if outcomes[row] == Kept {
			outcomes[row] = Truncated
			c.truncated++
		}
	}
}

// kept returns the rows of the item in order.
func (c *composer) kept() []Entry {
	most := 0
	for i := range c.shares {
		most += len(c.shares[i].Rows)
	}
	if most == 0 {
		return nil
	}
	rows := make([]Entry, 0, most)
	for _, share := range c.bySource {
		for row, e := range c.shares[share].Rows {
			if c.outcomes[share][row] == Kept {
				rows = append(rows, e)
			}
		}
	}
	if len(c.shares) > 1 {
		slices.SortStableFunc(rows, c.order.Compare)
	}
	return rows
}
