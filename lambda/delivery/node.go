package delivery

import (
	"context"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/former"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// endNode is called when all statements about a node are applied: it opens the intents, and settles what needs no put.
func (a *applier) endNode(ctx context.Context) error {
	if len(a.works) == 0 || a.works[len(a.works)-1].damaged != "" {
		return nil
	}
	w := a.works[len(a.works)-1]
	n := a.head.Nodes[w.node]
	if n == nil { // none of the statements about it may be written
		w.done = true
		return nil
	}
	err := a.endPage(ctx, w, n)
	if err == nil {
		err = a.closeNode(ctx, w, n)
	}
	return a.putBack(ctx, w, err)
}

// closeNode opens the intents of a node whose shares are as they should be, and settles what needs no put.
func (a *applier) closeNode(ctx context.Context, w *work, n *ledger.NodeState) error {
	if err := a.takeOver(ctx, w, n); err != nil {
		return err
	}
	if !n.Gone.IsZero() && w.fresh() {
		a.intents.IsBack(n)
	}
	known := func(source string) *ledger.Source { return w.knownBefore(n, source) }
	for _, name := range inventory.Sorted(w.types) {
		if err := a.endType(ctx, w, n, a.typeOf(name)); err != nil {
			return err
		}
		a.past.Change(a.head, w.node, name, w.before[name], known, w.types[name].forms)
	}
	a.forgetEmpty(w.node, n)
	if a.planNode != nil {
		return a.planNode(ctx, w, n)
	}
	w.done = n.Intent == nil
	return nil
}

// takeOver lets sources take over what was stated of the node under former names of theirs.
func (a *applier) takeOver(ctx context.Context, w *work, n *ledger.NodeState) error {
	var types []*inventory.Type
	for source := range n.Sources {
		w.knownBefore(n, source) // one whose rows are taken over is forgotten
	}
	for _, name := range inventory.Sorted(w.types) {
		types = append(types, a.typeOf(name))
	}
	one := former.Taking{Header: a.header, Received: a.received(), Objects: &a.stored}
	taken, changed, err := one.TakeOver(ctx, n, types)
	for _, t := range taken {
		w.types[t.Name].changed = true
	}
	a.dirty = a.dirty || changed
	return err
}

// typeOf returns a type that is put: of the delivery's header, or of another page of a list, so that it is loaded.
func (a *applier) typeOf(name string) *inventory.Type {
	t, ok := a.types[name]
	if !ok {
		t, _ = a.config.Types(name)
	}
	return t
}

// endType decides whether an item is to be put, or the node holds it already.
func (a *applier) endType(ctx context.Context, w *work, n *ledger.NodeState, t *inventory.Type) error {
	held, tw := n.Type(t.Name), w.types[t.Name]
	if tw.stale && !a.intents.IsOpen(n, t) {
		a.keep(w, n, t, differ.Stale, receipt.Stale)
		return nil
	}
	if tw.changed || a.config.Force || stored.Differs(held, t) {
		a.intents.Open(n, t)
	}
	if a.intents.IsOpen(n, t) {
		return nil
	}
	var rows map[string][]inventory.RowOutcome // nil: all are kept
	if held.Accepted != nil && held.Accepted.Truncated+held.Accepted.Duplicates > 0 {
		c, err := a.stored.Compose(ctx, t, held.Shares)
		if err != nil {
			return err
		}
		if t.CompareSum(c.Rows) != held.Accepted.Compare || !stored.Counts(n, t, &c) { // times have moved, and another source's row is the newer now
			a.intents.Open(n, t)
			return nil
		}
		rows = c.Outcomes
	}
	a.keep(w, n, t, differ.Same, receipt.Unchanged)
	w.settle(t.Name, n, receipt.Unchanged, "", rows)
	return nil
}

// keep notes that an item, and its roll-up, stay what they are.
func (a *applier) keep(w *work, n *ledger.NodeState, t *inventory.Type, c differ.Kind, o receipt.Outcome) {
	for ; t != nil; t = t.RollupType() {
		accepted := n.Type(t.Name).Accepted
		if accepted == nil && t.Rollup == nil && w.types[t.Name] == nil { // a roll-up of nothing was never put
			delete(w.items, t.Name)
			continue
		}
		item := &differ.Item{Type: t.Name, Change: c, Outcome: o}
		if accepted != nil {
			item.Entries, item.Truncated = accepted.Entries, accepted.Truncated
		}
		if a.plan {
			item.Outcome = ""
		}
		w.noteItem(item)
	}
}
