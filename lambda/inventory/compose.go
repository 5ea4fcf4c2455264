package inventory

import (
	"cmp"
	"slices"
	"time"
)

// Shard is what one source currently states of a node and type.
type Shard struct {
	Source   string
	Rows     []Entry     // in the type's order, each key once (Arrange)
	Captured time.Time   // when the source saw them
	Times    []time.Time // by row, where they were set one by one; nil: all at Captured
}

// RowFate is what became of a shard's row in a composition.
type RowFate uint8

// The fates of a row.
const (
	Kept      RowFate = iota // it is in the item
	Displaced                // another source's row has the same key and is newer, or comes first
	Cut                      // the item is full
)

// Composition is what a node should hold of a type: the union of its shards.
type Composition struct {
	Rows      []Entry     // in the type's order
	Fates     [][]RowFate // by shard and row, in the order given; nil for a shard whose rows are all kept
	Bytes     int         // of the content as compact JSON
	Cut       int         // rows that did not fit
	Displaced int         // rows whose key another source has too
	Rollup    []Entry     // of the type's roll-up, counted before anything was cut; in its order
}

// Compose makes a node's item of a type from its shards. Of equal keys the newer row wins, at equal times the one that comes first in
// the type's order, then the one whose source's name does. What does not fit the limits is cut in rounds: the next best row of each
// source in turn, until the item is full, so that who says little is never displaced by who says much.
func Compose(t *Type, shards []Shard) Composition {
	c := composer{t: t, shards: shards, order: t.Order(), fates: make([][]RowFate, len(shards))}
	c.bySource = make([]int, len(shards))
	for i, s := range shards {
		c.bySource[i] = i
		c.fates[i] = make([]RowFate, len(s.Rows))
	}
	slices.SortStableFunc(c.bySource, func(a, b int) int { return cmp.Compare(shards[a].Source, shards[b].Source) })
	c.displace()
	c.cut()
	out := Composition{Rows: c.kept(), Fates: c.fates}
	out.Displaced, out.Cut = c.count(Displaced), c.count(Cut)
	out.Bytes = len("[]") + max(c.bytes-len(","), 0)
	if t.Rollup != nil {
		out.Rollup = c.rollup()
	}
	return out
}

type composer struct {
	t        *Type
	shards   []Shard
	order    Order
	bySource []int // indices of shards, by the sources' names
	fates    [][]RowFate
	bytes    int // of the rows admitted, with a comma each
}

// displace leaves one row of those with equal keys.
func (c *composer) displace() {
	if len(c.shards) < 2 {
		return
	}
	type place struct{ shard, row int }
	var places []place
	keys := c.t.Keys(0)
	for _, shard := range c.bySource {
		for row, e := range c.shards[shard].Rows {
			at, added := keys.Add(e)
			if added {
				places = append(places, place{shard, row})
				continue
			}
			loser := place{shard, row}
			if p := places[at]; c.wins(shard, row, p.shard, p.row) {
				loser, places[at] = p, loser
			}
			c.fates[loser.shard][loser.row] = Displaced
		}
	}
}

// wins says whether a row displaces one with the same key of a source whose name comes before.
func (c *composer) wins(shard, row, otherShard, otherRow int) bool {
	a, b := &c.shards[shard], &c.shards[otherShard]
	if d := a.at(row).Compare(b.at(otherRow)); d != 0 {
		return d > 0
	}
	return c.order.Compare(a.Rows[row], b.Rows[otherRow]) < 0
}

func (s *Shard) at(row int) time.Time {
	if row < len(s.Times) {
		return s.Times[row]
	}
	return s.Captured
}

// cut leaves what fits an item. A source whose next row does not fit gets no further turn: what it says is kept from the best down.
func (c *composer) cut() {
	entries, bytes := c.t.maxEntries(), c.t.plannedBytes()-len("[]")
	defer func() { c.bytes = c.t.plannedBytes() - len("[]") - bytes }()
	base := c.t.entryBytes() + len(",")
	next := make([]int, len(c.shards))
	for turns := slices.Clone(c.bySource); len(turns) > 0; {
		turns = slices.DeleteFunc(turns, func(shard int) bool {
			row := c.skip(shard, next[shard])
			next[shard] = row + 1
			rows := c.shards[shard].Rows
			if row == len(rows) {
				return true
			}
			size := base + valueBytes(rows[row])
			if entries == 0 || size > bytes {
				c.cutFrom(shard, row)
				return true
			}
			entries, bytes = entries-1, bytes-size
			return false
		})
	}
}

// skip returns the first row from one on that is not displaced.
func (c *composer) skip(shard, row int) int {
	for row < len(c.fates[shard]) && c.fates[shard][row] == Displaced {
		row++
	}
	return row
}

func (c *composer) cutFrom(shard, row int) {
	fates := c.fates[shard]
	for ; row < len(fates); row++ {
		if fates[row] == Kept {
			fates[row] = Cut
		}
	}
}

// kept returns the rows of the item in order.
func (c *composer) kept() []Entry {
	var rows []Entry
	for _, shard := range c.bySource {
		for row, e := range c.shards[shard].Rows {
			if c.fates[shard][row] == Kept {
				rows = append(rows, e)
			}
		}
	}
	if len(c.shards) > 1 {
		slices.SortStableFunc(rows, c.order.Compare)
	}
	return rows
}

func (c *composer) count(f RowFate) int {
	n := 0
	for _, fates := range c.fates {
		for _, fate := range fates {
			if fate == f {
				n++
			}
		}
	}
	return n
}
