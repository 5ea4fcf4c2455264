package frame

import (
	"bytes"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
)

// Before is the record that was put somewhere before the one at hand. The zero value is none.
type Before struct {
	to      *spill.Buckets
	group   spill.Group
	heading Heading
	states  []int
}

// Follows reports whether a record has the machine, source and types of the one before, and stands behind it in its group. It is the one before then.
func (b *Before) Follows(to *spill.Buckets, g spill.Group, h *Heading) bool {
	same := b.to == to && b.group == g && b.heading.Key == h.Key && b.heading.Source == h.Source &&
		bytes.Equal(b.heading.Raw, h.Raw) && slices.Equal(b.states, h.States)
	if !same {
		b.to, b.group, b.heading, b.states = to, g, *h, append(b.states[:0], h.States...)
	}
	return same
}

// GroupOf is the group of a key, which is mostly that of the record before.
func (b *Before) GroupOf(to *spill.Buckets, key string) spill.Group {
	if key != "" && b.to == to && b.heading.Key == key {
		return b.group
	}
	return spill.GroupOf(key)
}
