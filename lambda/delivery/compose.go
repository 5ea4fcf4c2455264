package delivery

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// composer makes the items of a node of its shares.
type composer struct {
	*partition
	claimed time.Time // when the claims at hand were made: nothing that is sent was captured later
}

// item is what a node should hold of one type, and what it is made of.
type item struct {
	put.Item
	name string // under which the head holds it: its type's, with the compliance type where it has a context
	of   string // the type whose shares it is made of: its own, or that of which it is the roll-up

	// Of all items of a type with a context together.
	whole        string // CompareSum
	wholeEntries int

	compare    string // its CompareSum
	entries    int
	truncated  int
	duplicates int
	sharesHash string // Type.SharesHash of what it was made of
	statedHash string // Type.StatedHash of it
	unsure     bool   // the service may hold something else than what was accepted last
	before     *ledger.Accepted
	outcomes   map[string][]inventory.RowOutcome // by source and row
}

// items makes the items of the node's types that may be put now, and decides which of them must be.
func (c *composer) items(ctx context.Context, w *work, n *ledger.NodeState, due []string) ([]*item, error) {
	var items []*item
	for _, t := range c.composable(n, due) {
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
	slices.SortFunc(items, byName)
	return items, nil
}

func byName(a, b *item) int { return strings.Compare(a.name, b.name) }

// ofType makes the items of a type, and of its roll-up where it has one.
func (c *composer) ofType(ctx context.Context, w *work, n *ledger.NodeState, t *inventory.Type) ([]*item, error) {
	whole, err := c.stored.Compose(ctx, t, n.Type(t.Name).Shares)
	if err != nil {
		return nil, err
	}
	forced := c.config.Force && w.types[t.Name] != nil
	var made []*item
	if len(t.Context) > 0 {
		made = c.byContext(w, n, t, whole.Rows)
	} else {
		made = []*item{c.item(w, n, t, t.Name, t.Name, w.content(t, n.Type(t.Name).Shares, whole))}
	}
	for _, own := range made {
		own.truncated, own.duplicates, own.outcomes = whole.Truncated, whole.Duplicates, whole.Outcomes
		own.Needed = own.Needed || forced && (own.Context != nil || len(t.Context) == 0)
	}
	if t.Rollup != nil {
		sum := c.item(w, n, t.Rollup.Type, t.Rollup.Type.Name, t.Name, t.Rollup.Type.ContentOf(whole.Rollup))
		sum.Needed = sum.Needed || forced && (len(sum.Rows) > 0 || sum.before != nil)
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
	return inventory.Content{Rows: whole.Rows, Bytes: whole.Bytes, Sums: inventory.Sums{Content: t.ContentSum(whole.Rows), Compare: compare}}
}

// item makes the item of rows that is called name in the head and made of the shares of a type.
func (c *composer) item(w *work, n *ledger.NodeState, t *inventory.Type, name, of string, with inventory.Content) *item {
	before, doubt := n.Type(name).Accepted, w.doubts.Of(t.Name)
	i := &item{
		Item: put.Item{Type: t, Rows: with.Rows, Hash: with.Sums.Content, Bytes: with.Bytes, Refused: w.refused[t.Name]},
		name: name, of: of, compare: with.Sums.Compare, entries: len(with.Rows), before: before,
		sharesHash: n.Type(of).SharesHash(), statedHash: n.Type(of).StatedHash(), unsure: doubt.Unsure,
	}
	i.Clears = len(with.Rows) == 0 && before != nil && before.Entries > 0
	if before != nil && before.ContentHash == with.Sums.Content && before.Compare != with.Sums.Compare {
		i.Hash = "" // it is that of other rows, which the service would keep
	}
	i.Captured = ledger.Latest(c.captureTime(n, of, before), doubt.Sent)
	switch {
	case i.unsure: // something may have been put though nothing was ever accepted
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
func (c *composer) confirm(n *ledger.NodeState, i *item) {
	want := n.Intent.Types[i.Type.Name]
	if want == nil || !want.Refresh {
		return
	}
	i.Needed, i.Captured = true, ledger.Latest(c.claimed, i.Captured)
	if i.before.ContentHash != "" && i.before.Schema == i.Type.SchemaVersion {
		i.Confirms, i.Bytes = i.before.ContentHash, 0
	}
}

// captureTime is that of the newest share, without shares that of the newest statement; not in the future, and never lower than what was
// accepted before.
func (c *composer) captureTime(n *ledger.NodeState, of string, before *ledger.Accepted) time.Time {
	at := n.Captured(of)
	if at.After(c.claimed) {
		at = c.claimed
	}
	if before != nil {
		at = ledger.Latest(at, before.Captured)
	}
	return at
}

// accepted is what the ledger remembers when the service has taken the item.
func (i *item) accepted(now time.Time) *ledger.Accepted {
	a := i.acceptedAs(i.compare, i.entries, now)
	a.ContentHash = i.ContentHash()
	if i.Confirms != "" {
		a.At, a.Refreshed = i.before.At, now
	}
	return a
}

// acceptedAs is what is remembered of rows with so many entries that are put with the item.
func (i *item) acceptedAs(compare string, entries int, now time.Time) *ledger.Accepted {
	return &ledger.Accepted{
		Compare: compare, Schema: i.Type.SchemaVersion, Definition: i.Type.Definition(), Captured: i.Captured, At: now,
		Entries: entries, Truncated: i.truncated, Duplicates: i.duplicates,
	}
}

// toPut are the items as they are put.
func toPut(items []*item) []*put.Item {
	out := make([]*put.Item, len(items))
	for at, i := range items {
		out[at] = &i.Item
	}
	return out
}
