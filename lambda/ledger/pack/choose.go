package pack

import (
	"cmp"
	"slices"
)

// Sizes of packs, in bytes. A new pack takes over others, so that a head never names many: reading the rows of some nodes takes a read of each.
const (
	mostBytes  = 8 << 20  // of a pack
	fullBytes  = 4 << 20  // a pack of so many is full: it is not counted, and seldom taken over
	smallBytes = 64 << 10 // a pack of fewer is taken over whatever is new
	mostPacks  = 3        // that are not full and that a head names
	factor     = 3        // a pack is taken over that is at most so many times as large as what is new
)

// choose returns the packs that a new one takes over, by their live bytes. Fresh is what the new one has of its own.
//
// It is the merge of a log: small packs are written again often and large ones seldom, so that over many deliveries each byte is written
// again a few times.
func choose(packs []Info, live []int64, fresh int64) (take []int) {
	size := fresh
	add := func(i int) {
		take = append(take, i)
		size += live[i]
	}
	bySize := make([]int, 0, len(packs))
	for i, p := range packs {
		switch {
		case live[i] == 0:
		case 2*live[i] < p.Bytes && p.Bytes >= smallBytes && size+live[i] <= mostBytes:
			add(i) // most of it is dead
		case p.Bytes < fullBytes:
			bySize = append(bySize, i)
		}
	}
	slices.SortStableFunc(bySize, func(a, b int) int { return cmp.Compare(packs[a].Bytes, packs[b].Bytes) })
	left := len(bySize)
	for _, i := range bySize {
		isMany := left+1 > mostPacks
		if size+live[i] > mostBytes || !isMany && packs[i].Bytes > max(factor*size, smallBytes) {
			break
		}
		add(i)
		left--
	}
	return take
}

// worthPacking reports whether a new pack is worth writing though nothing is new.
func worthPacking(packs []Info, live []int64) bool {
	open := 0
	for i, p := range packs {
		if live[i] > 0 && p.Bytes < fullBytes {
			open++
		}
		if live[i] > 0 && 2*live[i] < p.Bytes && p.Bytes >= smallBytes {
			return true
		}
	}
	return open > mostPacks
}
