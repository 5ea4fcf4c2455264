package delivery

import (
	"context"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/composed"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// composer makes the items of a node of its shares.
type composer struct {
	*partition
	claimed time.Time // when the claims at hand were made: nothing that is sent was captured later
}

// items makes the items of the node's types that may be put now, and decides which of them must be.
func (c *composer) items(ctx context.Context, w *work, n *ledger.NodeState, due []string) ([]*composed.Item, error) {
	var items []*composed.Item
	for _, t := range c.intents.Composable(n, due) {
		made, err := c.ofType(ctx, w, n, t)
		if err != nil {
			return nil, err
		}
		for _, i := range made {
			if slices.Contains(due, i.Type.Name) {
				items = append(items, i)
			}
		}
	}
	slices.SortFunc(items, composed.ByName)
	return items, nil
}

// ofType makes the items of a type, and of its roll-up where it has one.
func (c *composer) ofType(ctx context.Context, w *work, n *ledger.NodeState, t *inventory.Type) ([]*composed.Item, error) {
	whole, err := c.stored.Compose(ctx, t, n.Type(t.Name).Shares)
	if err != nil {
		return nil, err
	}
	forced := c.config.Force && w.types[t.Name] != nil
	var made []*composed.Item
	if len(t.Context) > 0 {
		made = c.byContext(w, n, t, whole.Rows)
	} else {
		made = []*composed.Item{c.item(w, n, t, t.Name, t.Name, w.content(t, n.Type(t.Name).Shares, whole))}
	}
	for _, own := range made {
		own.Truncated, own.Duplicates, own.Outcomes = whole.Truncated, whole.Duplicates, whole.Outcomes
		own.Needed = own.Needed || forced && (own.Context != nil || len(t.Context) == 0)
	}
	if t.Rollup != nil {
		sum := c.item(w, n, t.Rollup.Type, t.Rollup.Type.Name, t.Name, t.Rollup.Type.ContentOf(whole.Rollup))
		sum.Needed = sum.Needed || forced && (len(sum.Rows) > 0 || sum.Before != nil)
		made = append(made, sum)
	}
	return made, c.compareItems(ctx, w, n, t, whole, made)
}

// content is that of an item without a context. Where the item is all of the share that the delivery has stored, its sum is known.
func (w *work) content(t *inventory.Type, shares map[string]*ledger.Share, whole inventory.Composition) inventory.Content {
	compare := ""
	if tw := w.types[t.Name]; tw != nil && len(whole.Outcomes) == 1 && whole.Truncated == 0 {
		for source := range whole.Outcomes {
			if s := tw.sources[source]; s != nil && s.rows == shares[source].Rows {
				compare = s.compare
			}
		}
	}
	if compare == "" {
		compare = t.CompareSum(whole.Rows)
	}
	return inventory.Content{Rows: whole.Rows, Bytes: whole.Bytes, JSON: whole.JSON, Sums: inventory.Sums{Content: t.ContentSum(whole.Rows), Compare: compare}}
}

// item makes the item of rows that is called name in the head and made of the shares of a type.
func (c *composer) item(w *work, n *ledger.NodeState, t *inventory.Type, name, of string, with inventory.Content) *composed.Item {
	before, doubt := n.Type(name).Accepted, w.doubts.Of(t.Name)
	i := &composed.Item{
		Item: put.Item{Type: t, Rows: with.Rows, JSON: with.JSON, Hash: with.Sums.Content, Bytes: with.Bytes, Refused: w.refused[t.Name]},
		Name: name, Of: of, Compare: with.Sums.Compare, Entries: len(with.Rows), Before: before,
		Shares: n.Type(of).SharesText(), Stated: n.Type(of).StatedText(), Unsure: doubt.Unsure,
	}
	i.Clears = len(with.Rows) == 0 && before != nil && before.Entries > 0
	if before != nil && before.ContentHash == with.Sums.Content && before.Compare != with.Sums.Compare {
		i.Hash = "" // it is that of other rows, which the service would keep
	}
	i.Captured = ledger.Latest(composed.CaptureTime(n, of, before, c.claimed), doubt.Sent)
	switch {
	case i.Unsure: // something may have been put though nothing was ever accepted
		i.Needed = before != nil || len(with.Rows) > 0 || n.Intent != nil && n.Intent.Types[t.Name] != nil
	case before == nil:
		i.Needed = len(with.Rows) > 0
	case before.Compare != with.Sums.Compare:
		i.Needed = true
	default:
		c.confirm(n, i)
	}
	return i
}

// confirm makes an item that grows old one that is confirmed: by its hash alone where it was put with one.
func (c *composer) confirm(n *ledger.NodeState, i *composed.Item) {
	want := n.Intent.Types[i.Type.Name]
	if want == nil || !want.Refresh {
		return
	}
	i.Needed, i.Captured = true, ledger.Latest(c.claimed, i.Captured)
	if i.Before.ContentHash != "" && i.Before.Schema == i.Type.SchemaVersion {
		i.Confirms, i.Bytes = i.Before.ContentHash, 0
	}
}
