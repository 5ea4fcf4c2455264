package put

import (
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// NodeGone is why items and records are parked whose node the service no longer knows.
const NodeGone = "node-gone"

// refusedFor is how long an item that the service refuses for good is left alone, unless a source states something else.
const refusedFor = 24 * time.Hour

// note notes what became of items that were not refused.
func (s *Service) note(items []*Item, class fault.Class, code string) {
	switch class {
	case fault.Tomorrow:
		s.leaveToday(items, code)
	case fault.None:
		for _, i := range items {
			s.Part.Bytes += int64(i.Bytes)
			s.countCleared(i)
			if i.Confirms != "" {
				s.Part.Refreshed++
			}
		}
	case fault.Gone:
		for _, i := range items {
			i.Outcome, i.Reason = receipt.Parked, NodeGone
		}
	default:
		for _, i := range items {
			i.pending(code)
		}
	}
}

func (s *Service) countCleared(i *Item) {
	if i.Needed && i.Clears {
		s.Part.Cleared++
	}
}

// leaveToday leaves items pending until tomorrow.
func (s *Service) leaveToday(items []*Item, reason string) {
	for _, i := range items {
		i.pending(reason)
		i.NotBefore = s.Now().Truncate(24 * time.Hour).Add(24 * time.Hour)
	}
}

// contradicts reports whether the service no longer holds what some of the items would confirm.
func contradicts(items []*Item, class fault.Class, code string) bool {
	if class != fault.Mismatch && code != "InvalidItemContentException" {
		return false
	}
	return slices.ContainsFunc(items, func(i *Item) bool { return i.Confirms != "" })
}

// separate finds the items that an error is about: the one it names, or the only one.
func separate(items []*Item, name string) (culprits, others []*Item) {
	for _, i := range items {
		if i.Type.Name == name || len(items) == 1 {
			culprits = append(culprits, i)
		} else {
			others = append(others, i)
		}
	}
	return culprits, others
}

func total(items []*Item) int64 {
	sum := int64(0)
	for _, i := range items {
		sum += int64(i.Bytes)
	}
	return sum
}
