// Package composed knows what an item is made of, and what is remembered of it once it was put. It does not know how items are composed.
package composed

import (
	"cmp"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Item is what a node should hold of one type, and what it is made of.
type Item struct {
	put.Item
	Name string // under which the head holds it: its type's, with the compliance type where it has a context
	Of   string // the type whose shares it is made of: its own, or that of which it is the roll-up

	// Of all items of a type with a context together.
	Whole        string // CompareSum
	WholeEntries int

	Compare    string // its CompareSum
	Entries    int
	Truncated  int
	Duplicates int
	Shares     string // Type.SharesText of what it was made of
	Stated     string // Type.StatedText of it
	Unsure     bool   // the service may hold something else than what was accepted last
	Before     *ledger.Accepted
	Outcomes   map[string][]inventory.RowOutcome // by source and row
}

// ByName orders items.
func ByName(a, b *Item) int { return strings.Compare(a.Name, b.Name) }

// accepted is what the ledger remembers when the service has taken the item.
func (i *Item) accepted(now time.Time) *ledger.Accepted {
	a := i.acceptedAs(i.Compare, i.Entries, now)
	a.ContentHash = i.ContentHash()
	if i.Confirms != "" {
		a.At, a.Refreshed = i.Before.At, now
	}
	return a
}

// acceptedAs is what is remembered of rows with so many entries that are put with the item.
func (i *Item) acceptedAs(compare string, entries int, now time.Time) *ledger.Accepted {
	return &ledger.Accepted{
		Compare: compare, Schema: i.Type.SchemaVersion, Definition: i.Type.Definition(), Captured: i.Captured, At: now,
		Entries: entries, Truncated: i.Truncated, Duplicates: i.Duplicates,
	}
}

// Note notes what was accepted, and why the type's intent stays open where it does: then it returns false.
func (i *Item) Note(n *ledger.NodeState, now time.Time) (settled bool) {
	held := n.Type(i.Name)
	switch i.Outcome {
	case receipt.Put:
		held.Accepted = i.accepted(now)
		return true
	case receipt.Unchanged:
		if held.Accepted != nil {
			held.Accepted.Definition, held.Accepted.Truncated, held.Accepted.Duplicates = i.Type.Definition(), i.Truncated, i.Duplicates
		}
		return true
	}
	want := n.Intent.Types[i.Type.Name]
	if want == nil {
		return false
	}
	want.Unsure = want.Unsure || i.Unsure || i.Sent
	if i.Sent {
		want.Sent = ledger.Latest(want.Sent, i.Captured)
	}
	want.Reason, want.NotBefore, want.Tried, want.Failed = i.Reason, i.NotBefore, "", ""
	if !i.NotBefore.IsZero() {
		want.Tried = ledger.HashOf(i.Stated)
	}
	if i.Outcome == receipt.Failed {
		want.Failed = i.Reason
	}
	return false
}

// Close closes the intents of the types whose items are all as they should be.
func Close(n *ledger.NodeState, items []*Item, open map[string]bool, now time.Time) {
	for _, i := range items {
		want := n.Intent.Types[i.Type.Name]
		if want == nil || open[i.Type.Name] {
			continue
		}
		*want = ledger.Want{}
		if n.Type(i.Of).SharesText() == i.Shares {
			delete(n.Intent.Types, i.Type.Name)
		}
		if i.Name != i.Type.Name {
			n.Type(i.Type.Name).Accepted = i.acceptedAs(i.Whole, i.WholeEntries, now) // of all its items together
		}
	}
}

// CaptureTime is that of the newest share, without shares that of the newest statement; not in the future, and never lower than what was
// accepted before.
func CaptureTime(n *ledger.NodeState, of string, before *ledger.Accepted, claimed time.Time) time.Time {
	at := n.Captured(of)
	if at.After(claimed) {
		at = claimed
	}
	if before != nil {
		at = ledger.Latest(at, before.Captured)
	}
	return at
}

// NotLoaded is why a node waits whose types are known to no mapping that is loaded.
const NotLoaded = "its type is not loaded here: name your mappings with --mappings"

// ToPut are the items as they are put.
func ToPut(items []*Item) []*put.Item {
	out := make([]*put.Item, len(items))
	for at, i := range items {
		out[at] = &i.Item
	}
	return out
}

// Waiting is the item of a type that is not composed now, since its node waits.
func Waiting(name string, held *ledger.Type) *differ.Item {
	item := &differ.Item{Type: name, Change: differ.Changed}
	if held.Accepted == nil {
		item.Change = differ.New
	}
	for _, share := range held.Shares {
		item.Entries += share.Count
	}
	return item
}

// StillOpen returns what an open intent means for its records, and why it is open: for the reason given where it has none of its own.
func StillOpen(want *ledger.Want, reason string) (receipt.Outcome, string) {
	if want.Failed != "" {
		return receipt.Failed, want.Failed
	}
	return receipt.Pending, cmp.Or(want.Reason, reason)
}
