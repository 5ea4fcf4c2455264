package delivery

import (
	"context"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// compareItems notes how the items made of a type differ from what the node held. That costs reading what was there before, so it is
// done only where Config.Observe asks for it.
func (c *composer) compareItems(ctx context.Context, w *work, n *ledger.NodeState, t *inventory.Type, whole inventory.Composition, made []*item) error {
	if c.config.Observe == nil {
		return nil
	}
	shares, ok := w.before[t.Name]
	if !ok {
		shares = n.Type(t.Name).Shares
	}
	var before inventory.Composition
	if n.Type(t.Name).Accepted != nil {
		var err error
		before, err = c.stored.Compose(ctx, t, shares)
		if err != nil && damaged(err) == "" {
			return err
		}
	}
	for _, i := range made {
		old := before.Rows
		if i.Type != t {
			old = before.Rollup
		}
		w.items[i.Type.Name] = difference(i, old)
	}
	if own := w.items[t.Name]; own != nil {
		own.Truncated = whole.Truncated
	}
	return nil
}

func difference(i *item, old []inventory.Entry) *ItemResult {
	d := &ItemResult{Type: i.Type.Name, Entries: len(i.Rows)}
	keys := i.Type.Keys(len(old))
	for _, row := range old {
		keys.Add(row)
	}
	d.Removed = len(old)
	for _, row := range i.Rows {
		at := keys.Find(row)
		if at < 0 {
			d.Added++
			continue
		}
		d.Removed--
		if !i.Type.Equal(old[at], row) {
			d.Changed++
		}
	}
	switch {
	case i.before == nil && len(i.Rows) > 0, i.before != nil && i.before.Entries == 0 && len(i.Rows) > 0:
		d.Change = ChangeNew
	case i.before == nil || i.before.Compare == i.compare:
		d.Change = ChangeSame
	default:
		d.Change = ChangeChanged
	}
	return d
}
