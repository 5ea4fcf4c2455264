package delivery

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// endNode is called when all statements about a node are applied: it opens the intents, and settles what needs no put.
func (r *run) endNode(ctx context.Context) error {
	if len(r.works) == 0 {
		return nil
	}
	w := r.works[len(r.works)-1]
	n := r.head.Nodes[w.node]
	if n == nil { // nothing that was said of it was let in
		w.done = true
		return nil
	}
	r.back(n, w)
	for _, name := range slices.Sorted(maps.Keys(w.types)) {
		if err := r.endType(ctx, w, n, r.types[name]); err != nil {
			return err
		}
	}
	r.drop(w.node, n)
	if r.plan {
		return r.planNode(ctx, w, n)
	}
	w.done = n.Intent == nil
	return nil
}

// back notes that a node that the service did not know is there again; what it holds is not known.
func (r *run) back(n *ledger.NodeState, w *work) {
	if !n.Gone.IsZero() && w.counts() {
		r.isBack(n)
	}
}

func (r *run) isBack(n *ledger.NodeState) {
	n.Gone = time.Time{}
	r.dirty = true
	for _, name := range slices.Sorted(maps.Keys(n.Types)) {
		if t, ok := r.config.Types.Type(name); ok && (n.Types[name].States() || n.Types[name].Accepted != nil) {
			r.open(n, t).Unsure = true
		}
	}
}

// heard reports whether any source said something that counts.
func (w *work) counts() bool {
	for _, s := range w.types {
		if !s.stale {
			return true
		}
	}
	return false
}

// endType decides whether an item is to be put, or holds already what it should.
func (r *run) endType(ctx context.Context, w *work, n *ledger.NodeState, t *inventory.Type) error {
	held, tw := n.Type(t.Name), w.types[t.Name]
	if tw.stale && !r.isOpen(n, t) {
		r.keep(w, n, t, ChangeStale, receipt.Stale)
		return nil
	}
	if tw.changed || r.config.Force || differs(held.Accepted, t, held) {
		r.open(n, t)
	}
	if r.isOpen(n, t) {
		return nil
	}
	if held.Accepted == nil || held.Accepted.Truncated+held.Accepted.Duplicates == 0 {
		r.keep(w, n, t, ChangeSame, receipt.Unchanged)
		w.settle(t.Name, n, receipt.Unchanged, "", nil)
		return nil
	}
	c, err := r.compose(ctx, t, held.Shares)
	if err != nil {
		return err
	}
	if t.CompareSum(c.Rows) != held.Accepted.Compare { // times have moved, and another source's row is the newer now
		r.open(n, t)
		return nil
	}
	r.keep(w, n, t, ChangeSame, receipt.Unchanged)
	w.settle(t.Name, n, receipt.Unchanged, "", c.outcomes)
	return nil
}

// differs reports whether what was accepted may be something else than what the shares make, though no share has changed now.
func differs(a *ledger.Accepted, t *inventory.Type, held *ledger.Type) bool {
	if a == nil {
		return held.States()
	}
	return a.Definition != t.Definition()
}

// keep notes that an item, and its roll-up, stay what they are.
func (r *run) keep(w *work, n *ledger.NodeState, t *inventory.Type, c Change, o receipt.Outcome) {
	for ; t != nil; t = rollupOf(t) {
		item := &ItemResult{Type: t.Name, Change: c, Outcome: o}
		accepted := n.Type(t.Name).Accepted
		if accepted != nil {
			item.Entries, item.Truncated = accepted.Entries, accepted.Truncated
		}
		if r.plan {
			item.Outcome = ""
		}
		w.items[t.Name] = item
		if accepted == nil && t.Rollup == nil {
			// a roll-up of nothing was never put
			if _, ok := w.types[t.Name]; !ok {
				delete(w.items, t.Name)
			}
		}
	}
}

func rollupOf(t *inventory.Type) *inventory.Type {
	if t.Rollup == nil {
		return nil
	}
	return t.Rollup.Type
}

// open makes sure that there is an intent for a type and its roll-up. What was refused or put off is tried at once where the sources
// say something else now.
func (r *run) open(n *ledger.NodeState, t *inventory.Type) *ledger.Want {
	if t.Rollup != nil {
		r.want(n, t.Rollup.Type.Name, n.Type(t.Name).StatedHash())
	}
	return r.want(n, t.Name, n.Type(t.Name).StatedHash())
}

func (r *run) want(n *ledger.NodeState, name, known string) *ledger.Want {
	if n.Intent == nil {
		n.Intent = &ledger.Intent{Types: map[string]*ledger.Want{}, Since: r.now(), Import: r.header.Import}
		r.dirty = true
	}
	want := n.Intent.Types[name]
	if want == nil {
		want = &ledger.Want{}
		n.Intent.Types[name] = want
		r.dirty = true
	}
	if want.Tried != "" && want.Tried != known {
		*want = ledger.Want{Unsure: want.Unsure, Refresh: want.Refresh}
		r.dirty = true
	}
	return want
}

// isOpen reports whether there is an intent for a type or its roll-up.
func (r *run) isOpen(n *ledger.NodeState, t *inventory.Type) bool {
	if n.Intent == nil || ignoresIntents() && n.Intent.Import != r.header.Import {
		return false
	}
	for ; t != nil; t = rollupOf(t) {
		if n.Intent.Types[t.Name] != nil {
			return true
		}
	}
	return false
}

// drop forgets what says nothing: types without shares that were never accepted, and a node of which nothing is left.
func (r *run) drop(id string, n *ledger.NodeState) {
	for name, t := range n.Types {
		open := n.Intent != nil && n.Intent.Types[name] != nil
		if len(t.Shares) == 0 && t.Accepted == nil && !open {
			delete(n.Types, name)
		}
	}
	if len(n.Types)+len(n.Sources) == 0 && n.Intent == nil {
		delete(r.head.Nodes, id)
	}
}
