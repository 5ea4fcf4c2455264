// Package aged knows what of a node grows old, and when: the service forgets what is not reported again for 30 days. It does not know how it is
// confirmed.
package aged

import (
	"hash/fnv"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

const (
	refreshAfter  = 14 * 24 * time.Hour // an item is confirmed when it was accepted so long ago
	refreshSpread = 7 * 24 * time.Hour  // and up to that much more, so that not all fall on one day
	alsoAfter     = 7 * 24 * time.Hour  // a node's other items are confirmed with it when they are so old
)

// Old reports whether an item of a node is to be confirmed.
func Old(node, name string, a *ledger.Accepted, now time.Time) bool {
	return ages(a) && !now.Before(a.Confirmed().Add(refreshAfter+spread(node, name)))
}

// Also reports whether an item is to be confirmed with another one that is old.
func Also(a *ledger.Accepted, now time.Time) bool {
	return ages(a) && !now.Before(a.Confirmed().Add(alsoAfter))
}

// ages reports whether what was accepted has to be confirmed when it grows old. An empty item that the service forgets is no loss; it is
// confirmed once, since what was put before may have come after it.
func ages(a *ledger.Accepted) bool {
	return a != nil && (a.Entries > 0 || a.Refreshed.IsZero())
}

// spread is a part of refreshSpread that is always the same for a node and type.
func spread(node, name string) time.Duration {
	h := fnv.New64a()
	_, _ = h.Write([]byte(node + " " + name)) // never fails
	return time.Duration(h.Sum64() % uint64(refreshSpread))
}

// Expired returns the types of a node of which a source's share was not stated again in time, and whether nothing of the source is left then.
func Expired(n *ledger.NodeState, source string, after time.Duration, now time.Time) (types []string, all bool) {
	all = !now.Before(n.Sources[source].Received.Add(after))
	for _, name := range inventory.Sorted(n.Types) {
		share := n.Types[name].Shares[source]
		switch {
		case share == nil:
		case now.Before(share.Stated.Add(after)):
			all = false
		default:
			types = append(types, name)
		}
	}
	return types, all
}
