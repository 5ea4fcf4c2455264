// Package asof knows how a document is taken that is to count as of now, whatever time it has: an older file that is right is put over a newer one
// that is wrong.
package asof

import (
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Note is what its receipt says.
const Note = "taken as of now: the times that the document has do not count"

// Version is that of the document: the same one, taken at its own time, is another import.
func Version(version string) string { return version + " as of now" }

// Move moves the statements about a node to now. Those of earlier times stay the earlier ones, by a nanosecond each.
func Move(list []*ledger.Statement, now time.Time) {
	var times []time.Time
	for _, s := range list {
		times = append(times, s.Captured)
	}
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	times = slices.CompactFunc(times, time.Time.Equal)
	for _, s := range list {
		rank := slices.IndexFunc(times, s.Captured.Equal)
		s.Captured = now.Add(-time.Duration(rank)).UTC()
	}
}
