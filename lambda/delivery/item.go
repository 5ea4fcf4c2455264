package delivery

import (
	"context"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// item is what a node should hold of one type, and what became of it.
type item struct {
	t       *inventory.Type
	name    string            // of what is known of it in the head: its type's, with the compliance type where it has a context
	of      string            // the type whose shares it is made of: its own, or that of which it is the roll-up
	context map[string]string // nil: its type has none

	// Of all items of a type with a context together.
	whole        string // CompareSum
	wholeEntries int

	rows       []inventory.Entry
	sums       inventory.Sums
	captured   time.Time
	entries    int
	bytes      int
	truncated  int
	duplicates int    // rows displaced
	sharesHash string // Type.Wanted of what it was made of
	statedHash string // Type.Said of it
	unsure     bool   // the service may hold something else than what was accepted last
	before     *ledger.Accepted
	put        bool // it must be put; else the service holds it already
	confirm    bool // nothing changed: the hash alone is sent, so that the service keeps what it holds
	sent       bool // its content was part of a call
	outcome    receipt.Outcome
	reason     string
	until      time.Time // not to be tried again before
	outcomes   map[string][]inventory.RowOutcome
}

// items makes the items of the node's types that may be put now, and says which of them must be.
func (r *run) items(ctx context.Context, w *work, n *ledger.NodeState, due []string) ([]*item, error) {
	var items []*item
	for _, t := range r.composable(n, due) {
		made, err := r.make(ctx, w, n, t)
		if err != nil {
			return nil, err
		}
		for _, i := range made {
			if slices.Contains(due, i.t.Name) {
				items = append(items, i)
			}
		}
	}
	slices.SortFunc(items, func(a, b *item) int { return compareNames(a.name, b.name) })
	return items, nil
}

// composable returns the types that must be composed to make the types given: themselves, or those of which they are the roll-up.
// A type that is no longer loaded is none of them; its intent stays open.
func (r *run) composable(n *ledger.NodeState, due []string) []*inventory.Type {
	var types []*inventory.Type
	for _, name := range sortedTypes(n) {
		t, ok := r.config.Types.Type(name)
		if !ok {
			continue
		}
		if slices.Contains(due, name) && !r.isRollup(n, name) || t.Rollup != nil && slices.Contains(due, t.Rollup.Type.Name) {
			types = append(types, t)
		}
	}
	return types
}

// isRollup reports whether a type is the roll-up of another one on the node.
func (r *run) isRollup(n *ledger.NodeState, name string) bool {
	for _, other := range sortedTypes(n) {
		if t, ok := r.config.Types.Type(other); ok && t.Rollup != nil && t.Rollup.Type.Name == name {
			return true
		}
	}
	return false
}

// make composes a type, and its roll-up where it has one.
func (r *run) make(ctx context.Context, w *work, n *ledger.NodeState, t *inventory.Type) ([]*item, error) {
	held := n.Type(t.Name)
	c, err := r.compose(ctx, t, held.Shares)
	if err != nil {
		return nil, err
	}
	var made []*item
	if len(t.Context) > 0 {
		made = r.byContext(w, n, t, c.Rows)
	} else {
		made = []*item{r.item(w, n, t, t.Name, t.Name, c.Rows)}
	}
	for _, own := range made {
		own.truncated, own.duplicates, own.outcomes = c.Truncated, c.Duplicates, c.outcomes
		own.put = own.put || r.config.Force && w.types[t.Name] != nil
	}
	if t.Rollup != nil {
		sum := r.item(w, n, t.Rollup.Type, t.Rollup.Type.Name, t.Name, c.Rollup)
		sum.put = sum.put || r.config.Force && w.types[t.Name] != nil && (len(sum.rows) > 0 || sum.before != nil)
		made = append(made, sum)
	}
	return made, r.compare(ctx, w, n, t, c, made)
}

func (r *run) item(w *work, n *ledger.NodeState, t *inventory.Type, name, of string, rows []inventory.Entry) *item {
	i := &item{
		t: t, name: name, of: of, rows: rows, sums: t.Sum(rows), entries: len(rows), bytes: t.ContentBytes(rows),
		sharesHash: n.Type(of).SharesHash(), statedHash: n.Type(of).StatedHash(), unsure: w.doubts[t.Name].unsure, before: n.Type(name).Accepted,
	}
	i.captured = newest(r.captureTime(n, of, i.before), w.doubts[t.Name].sent)
	switch {
	case i.unsure:
		i.put = i.before != nil || len(rows) > 0 || r.sentBefore(n, t.Name)
	case i.before == nil:
		i.put = len(rows) > 0
	case i.before.Compare != i.sums.Compare:
		i.put = true
	default:
		r.refresh(n, i)
	}
	return i
}

// sentBefore reports whether something of a type may have been put though nothing was ever accepted.
func (r *run) sentBefore(n *ledger.NodeState, name string) bool {
	return n.Intent != nil && n.Intent.Types[name] != nil
}

// refresh makes an item that grows old one that is confirmed: by its hash alone where it was put with one.
func (r *run) refresh(n *ledger.NodeState, i *item) {
	want := n.Intent.Types[i.t.Name]
	if want == nil || !want.Refresh {
		return
	}
	i.put, i.captured = true, newest(r.claimed, i.captured)
	if i.before.ContentHash != "" && i.before.Schema == i.t.SchemaVersion {
		i.confirm, i.bytes = true, 0
	}
}

// captureTime is that of the newest share, where there is none that of whoever spoke last; not in the future, and never lower than what
// was accepted before.
func (r *run) captureTime(n *ledger.NodeState, of string, before *ledger.Accepted) time.Time {
	var at time.Time
	for _, s := range n.Type(of).Shares {
		if s.Count > 0 {
			at = newest(at, s.Newest())
		}
	}
	if at.IsZero() {
		for _, s := range n.Sources {
			at = newest(newest(at, s.Captured), s.Merged)
		}
	}
	if at.After(r.claimed) {
		at = r.claimed
	}
	if before != nil {
		at = newest(at, before.Captured)
	}
	return at
}

// hash is the ContentHash to send: none where it would be that of other rows, which the service would then keep.
func (i *item) hash() string {
	switch {
	case i.confirm:
		return i.before.ContentHash
	case i.before != nil && i.before.ContentHash == i.sums.Content && i.before.Compare != i.sums.Compare:
		return ""
	}
	return i.sums.Content
}

// inFull makes an item that was to be confirmed one that is put with its content.
func (i *item) inFull() {
	i.confirm, i.bytes = false, i.t.ContentBytes(i.rows)
}

// accepted is what the ledger remembers when the service has taken the item.
func (i *item) accepted(now time.Time) *ledger.Accepted {
	a := &ledger.Accepted{
		ContentHash: i.hash(), Compare: i.sums.Compare, Schema: i.t.SchemaVersion, Definition: i.t.Definition(),
		Captured: i.captured, At: now, Entries: i.entries, Truncated: i.truncated, Duplicates: i.duplicates,
	}
	if i.confirm {
		a.At, a.Refreshed = i.before.At, now
	}
	return a
}
