package delivery

import (
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/composed"
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
	if len(w.types) == 0 {
		s.postponeChanged(w, n, reason)
	}
	for _, name := range slices.Sorted(maps.Keys(w.types)) {
		t, ok := s.config.Types(name)
		if !ok || !s.intents.IsOpen(n, t) {
			continue
		}
		o, why := receipt.Pending, reason
		for ; t != nil; t = t.RollupType() {
			if want := n.Intent.Types[t.Name]; want != nil {
				o, why = composed.StillOpen(want, why)
				s.pendingItem(w, n, t.Name, o, why)
			}
		}
		w.settle(name, n, o, why, nil)
	}
}

// postponeChanged settles a node without a document: the items that this run has changed wait.
func (s *settler) postponeChanged(w *work, n *ledger.NodeState, reason string) {
	for _, name := range slices.Sorted(maps.Keys(w.before)) {
		if n.Intent != nil && n.Intent.Types[name] != nil {
			o, why := composed.StillOpen(n.Intent.Types[name], reason)
			s.pendingItem(w, n, name, o, why)
		}
	}
}

func (s *settler) pendingItem(w *work, n *ledger.NodeState, name string, o receipt.Outcome, reason string) {
	item := w.items[name]
	if item == nil {
		item = composed.Waiting(name, n.Type(name))
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
