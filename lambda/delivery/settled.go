package delivery

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Settled says that records that a receipt calls pending have come to their end: their node's intent was closed.
type Settled struct {
	ledger.Wait
	Node    string
	Outcome receipt.Outcome // put, or parked where the node is gone
	Reason  string
}

// wait notes in an intent that this delivery's receipt calls records about the node pending.
func (r *run) wait(i *ledger.Intent) {
	w := ledger.Wait{Import: r.header.Import, Partition: r.header.Partition}
	if w.Import == "" || slices.Contains(i.Waits, w) {
		return
	}
	i.Waits = append(i.Waits, w)
	r.dirty = true
}

// settled notes that those who wait for a node are to be told. Who works on the node tells its own receipt itself.
func (r *run) settled(w *work, n *ledger.NodeState, o receipt.Outcome, reason string) {
	own := ledger.Wait{Import: r.header.Import, Partition: r.header.Partition}
	for _, wait := range n.Intent.Waits {
		if wait != own || len(w.types) == 0 {
			r.after = append(r.after, Settled{Wait: wait, Node: w.node, Outcome: o, Reason: reason})
		}
	}
}
