package delivery

import (
	"cmp"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Settled are the records about a node that are pending in a part of a receipt, and are no longer: the node's intent was closed.
type Settled struct {
	ledger.Wait
	Node    string
	Outcome receipt.Outcome // put, or parked where the node is gone
	Reason  string
}

// postpone settles a node on which this run does nothing more: its types stay open.
func (s *settler) postpone(w *work, n *ledger.NodeState, reason string) {
	w.done = true
	if n.Intent != nil && len(w.types) > 0 {
		s.noteWait(n.Intent)
	}
	for _, name := range slices.Sorted(maps.Keys(w.types)) {
		t, ok := s.config.Types(name)
		if !ok || !s.isOpen(n, t) {
			continue
		}
		o, why := receipt.Pending, reason
		for ; t != nil; t = t.RollupType() {
			if want := n.Intent.Types[t.Name]; want != nil {
				o, why = stillOpen(want, why)
				s.pendingItem(w, n, t.Name, o, why)
			}
		}
		w.settle(name, n, o, why, nil)
	}
}

// stillOpen returns what an open intent means for its records.
func stillOpen(want *ledger.Want, reason string) (receipt.Outcome, string) {
	if want.Failed != "" {
		return receipt.Failed, want.Failed
	}
	return receipt.Pending, cmp.Or(want.Reason, reason)
}

func (s *settler) pendingItem(w *work, n *ledger.NodeState, name string, o receipt.Outcome, reason string) {
	item := w.items[name]
	if item == nil {
		item = &differ.Item{Type: name, Change: differ.Changed}
		if n.Type(name).Accepted == nil {
			item.Change = differ.New
		}
		for _, share := range n.Type(name).Shares {
			item.Entries += share.Count
		}
		w.noteItem(item)
	}
	item.Reason = reason
	if !s.plan {
		item.Outcome = o
	}
}

// noteWait notes in an intent that this delivery's receipt calls records about the node pending.
func (s *settler) noteWait(i *ledger.Intent) {
	w := s.wait()
	if w.Import == "" || slices.Contains(i.Waits, w) {
		return
	}
	i.Waits = append(i.Waits, w)
	s.dirty = true
}

// settleWaits notes which receipts are to be changed since a node's intent is closed. The receipt of this delivery holds the outcomes
// already.
func (s *settler) settleWaits(w *work, n *ledger.NodeState, o receipt.Outcome, reason string) {
	for _, wait := range n.Intent.Waits {
		if wait != s.wait() || len(w.types) == 0 {
			s.settled = append(s.settled, Settled{Wait: wait, Node: w.node, Outcome: o, Reason: reason})
		}
	}
}
