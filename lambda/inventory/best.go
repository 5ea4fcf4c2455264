package inventory

import (
	"cmp"
	"container/heap"
	"slices"
)

// heldItems is how many items the rows that are held would fill: what other sources state, and what is removed one by one, may leave room for
// rows that do not fit at first.
const heldItems = 2

// Best holds, of very many entries of one source, those of the rows that come first in the type's order, and counts the others. All entries
// of a key are given at once.
type Best struct {
	Beyond Beyond

	t     *Type
	order Order
	base  int // bytes of an entry without its values
	rows  bestRows
	bytes int
	first Entry          // of the rows that are not held the first; nil: all are
	noted map[noted]bool // in the lists of Beyond
	keys  *Keys
}

// Given is an entry, and the record that it is of.
type Given struct {
	Entry  Entry
	Record int32
	Times  int // how often it is there besides
}

// bestRow is a row with the entries that it is made of.
type bestRow struct {
	Arranged
	of    []Given
	bytes int
}

// Best begins to hold entries.
func (t *Type) Best() *Best {
	order := t.Order()
	return &Best{
		t: t, order: order,
		base: t.entryBytes() + len(","), rows: bestRows{order: order}, noted: map[noted]bool{}, keys: t.Keys(0),
	}
}

// HoldsAll reports whether that many entries of a type are all held, as far as their number decides it.
func (t *Type) HoldsAll(entries int) bool { return entries <= heldItems*t.maxEntries() }

// Hash returns a hash of an entry's key: equal keys have equal ones.
func (b *Best) Hash(e Entry) uint64 { return b.keys.hash(e) }

// Add adds all entries of one key, or of several.
func (b *Best) Add(given []Given) {
	if len(given) == 1 {
		b.add(bestRow{Arranged: Arranged{Rows: []Entry{given[0].Entry}}, of: given})
		return
	}
	byKey, keys := [][]Given{}, b.t.Keys(len(given))
	for _, g := range given {
		at, added := keys.Add(g.Entry)
		if added {
			byKey = append(byKey, nil)
		}
		byKey[at] = append(byKey[at], g)
	}
	for _, of := range byKey {
		of = b.Once(of)
		entries := make([]Entry, len(of))
		for i := range of {
			entries[i] = of[i].Entry
		}
		row := bestRow{Arranged: b.t.Arrange(entries), of: of}
		for _, at := range row.Displaced {
			b.Beyond.Displaced += of[at].Times
		}
		b.add(row)
	}
}

func (b *Best) add(row bestRow) {
	row.bytes = b.base + valueBytes(row.Rows[0])
	if b.first != nil && b.order.Compare(row.Rows[0], b.first) >= 0 {
		b.drop(&row)
		return
	}
	row.of = slices.Clone(row.of)
	heap.Push(&b.rows, row)
	b.bytes += row.bytes
	for b.rows.Len() > heldItems*b.t.maxEntries() || b.bytes > heldItems*b.t.plannedBytes() && b.rows.Len() > 1 {
		last, _ := heap.Pop(&b.rows).(bestRow)
		b.bytes -= last.bytes
		b.first = last.Rows[0]
		b.drop(&last)
	}
}

// Once leaves of equal entries of a record one, with how many they are.
func (b *Best) Once(of []Given) []Given {
	slices.SortFunc(of, func(x, y Given) int {
		return cmp.Or(b.order.Compare(x.Entry, y.Entry), cmp.Compare(x.Record, y.Record))
	})
	n := 0
	for i, g := range of {
		if last := n - 1; i > 0 && of[last].Record == g.Record && b.order.Compare(of[last].Entry, g.Entry) == 0 {
			of[last].Times += 1 + g.Times
			continue
		}
		of[n] = g
		n++
	}
	return of[:n]
}

// drop counts a row that is not held.
func (b *Best) drop(row *bestRow) {
	to := &b.Beyond
	to.add(b.t, row.Rows[0])
	to.Cuts += row.Cuts
	to.Displaced += len(row.Displaced)
	note := func(list *[]int32, at int32) { b.note(list, row.of[at].Record) }
	if len(row.of) == 1 {
		note(&to.Records, 0)
		return
	}
	note(&to.Records, row.From[0])
	for _, u := range row.United {
		for _, at := range u.Others {
			note(&to.Records, at)
		}
	}
	for _, at := range row.Duplicates {
		note(&to.Duplicates, at)
	}
	displaced := &to.Differing
	if len(b.t.EmptyKey(row.Rows[0])) > 0 {
		displaced = &to.Nameless
	}
	for _, at := range row.Displaced {
		note(displaced, at)
	}
}

// note adds a record to a list unless it is there.
func (b *Best) note(list *[]int32, record int32) {
	if key := (noted{list, record}); !b.noted[key] {
		b.noted[key] = true
		*list = append(*list, record)
	}
}

// noted is a record in a list of what is known of rows that are not held.
type noted struct {
	list   *[]int32
	record int32
}

// Held returns the entries of the rows that are held, in the type's order.
func (b *Best) Held() []Given {
	for _, list := range b.Beyond.lists() {
		slices.Sort(*list)
	}
	slices.SortFunc(b.rows.list, func(x, y bestRow) int { return b.order.Compare(x.Rows[0], y.Rows[0]) })
	var held []Given
	for i := range b.rows.list {
		held = append(held, b.rows.list[i].of...)
	}
	return held
}

// bestRows is a heap of which the top is the last in the type's order.
type bestRows struct {
	list  []bestRow
	order Order
}

func (h *bestRows) Len() int { return len(h.list) }
func (h *bestRows) Less(i, j int) bool {
	return h.order.Compare(h.list[i].Rows[0], h.list[j].Rows[0]) > 0
}
func (h *bestRows) Swap(i, j int) { h.list[i], h.list[j] = h.list[j], h.list[i] }

// Push and Pop are the heap's.
func (h *bestRows) Push(row any) {
	if r, ok := row.(bestRow); ok {
		h.list = append(h.list, r)
	}
}

func (h *bestRows) Pop() any {
	last := h.list[len(h.list)-1]
	h.list[len(h.list)-1] = bestRow{}
	h.list = h.list[:len(h.list)-1]
	return last
}
