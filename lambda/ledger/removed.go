package ledger

import (
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// Removal is when a source was removed from a node, for who asks why the node is empty.
type Removal struct {
	At      time.Time `json:"at"`
	Expired bool      `json:"expired,omitempty"` // it had not stated its rows again for as long as its mapping allows; false: a person removed it
}

// maxRemovals is how many removals a node keeps, the newest.
const maxRemovals = 8

// Remove removes a source from the node, and keeps when.
func (n *NodeState) Remove(source string, r Removal) {
	delete(n.Sources, source)
	if n.Removed == nil {
		n.Removed = map[string]Removal{}
	}
	n.Removed[source] = r
	for len(n.Removed) > maxRemovals {
		oldest := ""
		for _, name := range inventory.Sorted(n.Removed) {
			if oldest == "" || n.Removed[name].At.Before(n.Removed[oldest].At) {
				oldest = name
			}
		}
		delete(n.Removed, oldest)
	}
}

// ForgetRemovals forgets what was removed before a time, and reports whether anything was.
func (n *NodeState) ForgetRemovals(before time.Time) bool {
	had := len(n.Removed)
	for source, r := range n.Removed {
		if r.At.Before(before) {
			delete(n.Removed, source)
		}
	}
	return len(n.Removed) < had
}
