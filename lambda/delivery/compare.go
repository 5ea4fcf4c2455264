package delivery

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

func compareNames(a, b string) int { return cmp.Compare(a, b) }

func sortedTypes(n *ledger.NodeState) []string { return slices.Sorted(maps.Keys(n.Types)) }

// compare says how the items made of a type differ from what the node held. It costs reading what was there before, so it is done
// only where somebody asks.
func (r *run) compare(ctx context.Context, w *work, n *ledger.NodeState, t *inventory.Type, c composed, made []*item) error {
	if r.config.Observe == nil {
		return nil
	}
	shares, ok := w.before[t.Name]
	if !ok {
		shares = n.Type(t.Name).Shares
	}
	var before inventory.Composition
	if n.Type(t.Name).Accepted != nil {
		old, err := r.compose(ctx, t, shares)
		if err != nil {
			return err
		}
		before = old.Composition
	}
	for _, i := range made {
		old := before.Rows
		if i.t != t {
			old = before.Rollup
		}
		w.items[i.t.Name] = difference(i, old)
	}
	w.items[t.Name].Truncated = c.Truncated
	return nil
}

func difference(i *item, old []inventory.Entry) *ItemResult {
	d := &ItemResult{Type: i.t.Name, Entries: len(i.rows)}
	keys := i.t.Keys(len(old))
	for _, row := range old {
		keys.Add(row)
	}
	d.Removed = len(old)
	for _, row := range i.rows {
		at := keys.Find(row)
		if at < 0 {
			d.Added++
			continue
		}
		d.Removed--
		if !i.t.Equal(old[at], row) {
			d.Changed++
		}
	}
	switch {
	case i.before == nil && len(i.rows) > 0, i.before != nil && i.before.Entries == 0 && len(i.rows) > 0:
		d.Change = ChangeNew
	case i.before == nil || i.before.Compare == i.sums.Compare:
		d.Change = ChangeSame
	default:
		d.Change = ChangeChanged
	}
	return d
}

// planNode says what would be put to a node.
func (r *run) planNode(ctx context.Context, w *work, n *ledger.NodeState) error {
	defer func() { w.done = true }()
	if n.Intent == nil {
		return nil
	}
	if len(r.due()) == 0 {
		return nil
	}
	if ready, err := r.prepare(ctx, w, n); !ready || err != nil {
		return err
	}
	r.claimed = r.now()
	due := r.dueTypes(n.Intent)
	for _, name := range due {
		w.doubts[name] = doubt{n.Intent.Types[name].Unsure, n.Intent.Types[name].Sent}
	}
	items, err := r.items(ctx, w, n, due)
	if err != nil {
		return err
	}
	for _, i := range items {
		i.outcome = receipt.Unchanged
		switch {
		case i.put && w.refused[i.t.Name] != "":
			i.put, i.outcome, i.reason = false, receipt.Failed, w.refused[i.t.Name]
		case i.put:
			i.outcome = receipt.Put
			r.cleared(i)
		}
	}
	for range calls(items) {
		r.part.Calls++
	}
	r.tell(w, n, items)
	for _, name := range due {
		delete(n.Intent.Types, name)
	}
	r.postpone(w, n, "") // what is open and not due
	return nil
}
