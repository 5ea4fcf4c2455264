package node

import "slices"

// index finds the nodes that have an identifier. Nearly all identifiers have one node, which stands in the map itself.
type index struct {
	at   map[string]int32 // a node, or -1-i of the list many[i]
	many [][]int32        // nodes in ascending order
}

func (x *index) add(key string, i int32) {
	if key == "" {
		return
	}
	if x.at == nil {
		x.at = map[string]int32{}
	}
	at, known := x.at[key]
	switch {
	case !known:
		x.at[key] = i
	case at >= 0 && at != i:
		x.at[key] = -1 - int32(len(x.many)) //nolint:gosec // there are fewer lists than nodes
		x.many = append(x.many, []int32{min(at, i), max(at, i)})
	case at < 0:
		list := &x.many[-1-at]
		if place, found := slices.BinarySearch(*list, i); !found {
			*list = slices.Insert(*list, place, i)
		}
	}
}

// find returns the nodes that have an identifier; the list must not be changed.
func (d *Directory) find(x *index, key string) []int32 {
	at, known := x.at[key]
	switch {
	case !known:
		return nil
	case at < 0:
		return x.many[-1-at]
	}
	return d.single(at)
}
