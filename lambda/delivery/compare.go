package delivery

import (
	"context"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/composed"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// compareItems notes how the items made of a type differ from what the node held. That costs reading what was there before, so it is
// done only where Config.Observe asks for it.
func (c *composer) compareItems(ctx context.Context, w *work, n *ledger.NodeState, t *inventory.Type, whole inventory.Composition, made []*composed.Item) error {
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
		if err != nil && stored.Damaged(err) == "" {
			return err
		}
	}
	for _, i := range made {
		old := before.Rows
		if i.Type != t {
			old = before.Rollup
		}
		d := differ.Compare(i.Type, old, i.Rows, c.config.Rows)
		d.Change = differ.KindOf(i.Before, i.Compare, len(i.Rows))
		w.noteItem(d)
	}
	if own := w.items[t.Name]; own != nil {
		own.Truncated = whole.Truncated
	}
	return nil
}

// planMissing tells that a source no longer names a node. What is cleared there is decided when all partitions are delivered.
func (a *applier) planMissing(node, source string) {
	n := a.head.Nodes[node]
	a.config.Observe(differ.Node{Node: node, Items: []differ.Item{}, Absent: []string{source}, Account: n.Account, Region: n.Region})
}
