package delivery

import (
	"context"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// putBack is called with the error of a node's statements. Where rows in the state are damaged that they need, the node becomes what the stored
// head says that it is, and its records fail: nothing is put to it, nothing is removed from it, and the other nodes go on.
func (a *applier) putBack(ctx context.Context, w *work, err error) error {
	reason := stored.Damaged(err)
	if reason == "" {
		return err
	}
	whole, err := a.config.Ledger.Load(ctx, a.header.Partition)
	if err != nil {
		return err
	}
	if !whole.IsVersion(a.head) {
		return ledger.ErrConflict // somebody else has written it meanwhile: all is done to that one
	}
	a.head.Nodes[w.node] = whole.Nodes[w.node]
	if whole.Nodes[w.node] == nil {
		delete(a.head.Nodes, w.node)
	}
	for _, source := range a.lists.Sources() {
		a.lists.Reject(source)
	}
	*w = work{node: w.node, records: w.records, damaged: reason, done: true}
	w.decideAll(0, receipt.Failed, reason)
	a.waiting = nil
	a.part.Note(reason)
	return nil
}

// fail fails the records of another statement about a node of which rows are damaged.
func (a *applier) fail(w *work, s *ledger.Statement) {
	first := len(w.records)
	w.records = append(w.records, s.Records...)
	w.decideAll(first, receipt.Failed, w.damaged)
	a.rejectPage(s.Source)
}

// rejectPage notes that a statement of the document does not count. One that was made for another mapping's source is of none of its lists.
func (a *applier) rejectPage(source string) {
	if allowed.Owns(a.header.Mapping, source) {
		a.lists.Reject(source)
	}
}
