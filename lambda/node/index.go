package node

import (
	"hash/maphash"
	"slices"
)

// index finds the nodes that have an identifier. Nearly all identifiers have one node, which stands in the map itself. The map has hashes of
// identifiers, which take less than these: their seed is another in each process, so nobody can choose two of one hash.
type index struct {
	seed maphash.Seed
	at   map[uint64]int32 // a node, or -1-i of the list many[i]
	many [][]int32        // nodes in ascending order
}

// newIndex returns an index with room for so many identifiers.
func newIndex(n int) index { return index{seed: maphash.MakeSeed(), at: make(map[uint64]int32, n)} }

func (x *index) add(key string, i int32) {
	if key == "" {
		return
	}
	if x.at == nil {
		*x = newIndex(0)
	}
	sum := maphash.String(x.seed, key)
	at, known := x.at[sum]
	switch {
	case !known:
		x.at[sum] = i
	case at >= 0 && at != i:
		x.at[sum] = -1 - int32(len(x.many)) //nolint:gosec // there are fewer lists than nodes
		x.many = append(x.many, []int32{min(at, i), max(at, i)})
	case at < 0:
		list := &x.many[-1-at]
		if place, found := slices.BinarySearch(*list, i); !found {
			*list = slices.Insert(*list, place, i)
		}
	}
}

// look returns what stands in the map for an identifier.
func (x *index) look(key string) (at int32, known bool) {
	if len(x.at) == 0 {
		return 0, false
	}
	at, known = x.at[maphash.String(x.seed, key)]
	return at, known
}

// has reports whether any node has an identifier.
func (x *index) has(key string) bool {
	_, known := x.look(key)
	return known
}

// find returns the nodes that have an identifier; the list must not be changed.
func (d *Directory) find(x *index, key string) []int32 {
	at, known := x.look(key)
	switch {
	case !known:
		return nil
	case at < 0:
		return d.counted(x.many[-1-at])
	case !d.counts(at):
		return nil
	}
	return d.single(at)
}

// place returns which of the nodes has an ID; of several the first.
func (d *Directory) place(id string) (i int32, known bool) {
	for _, i := range d.find(&d.ids, id) {
		if d.nodes.ID(i) == id {
			return i, true
		}
	}
	return 0, false
}
