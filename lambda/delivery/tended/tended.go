// Package tended knows what becomes of a node's shares without a document: they are cleared, removed and dropped, and items that grow old are to be put
// again. It puts nothing.
package tended

import (
	"context"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/intents"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/past"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Node is a node that is tended.
type Node struct {
	*intents.Intents
	Head    *ledger.Head
	ID      string
	State   *ledger.NodeState
	Stored  *stored.Objects
	Past    *past.Keeper                                                                  // what was stated before
	Part    *receipt.Part                                                                 // what was done is counted there
	Before  map[string]map[string]*ledger.Share                                           // by type and source: the shares before they were changed
	Expires func(mapping string) time.Duration                                            // see delivery.Config
	Listed  func(ctx context.Context, of target.Key, node string, now bool) (bool, error) // likewise
}

// forgetAfter is when nodes that are gone are forgotten, and sources that no longer name a node.
const forgetAfter = 30 * 24 * time.Hour

// Forget forgets a node that is long gone, and reports whether it was.
func (n *Node) Forget() bool {
	if n.State.Gone.IsZero() || n.Now().Before(n.State.Gone.Add(forgetAfter)) {
		return false
	}
	delete(n.Head.Nodes, n.ID)
	*n.Dirty = true
	n.Part.Forgotten++
	return true
}

// keepBefore keeps the shares of a type as they are before they are changed.
func (n *Node) keepBefore(name string) {
	if n.Before[name] == nil {
		n.Before[name] = ledger.CopyShares(n.State.Types[name].Shares)
	}
}

// Clear empties the shares of a source. That the source states nothing, and since when, stays: older rows may come later.
func (n *Node) Clear(source string, known *ledger.Source) {
	at, before := known.Missing.Stamp, *known
	forms := map[string]*past.Form{source: {At: at, Whole: true}}
	for _, name := range inventory.Sorted(n.State.Types) {
		share := n.State.Types[name].Shares[source]
		if share == nil {
			continue
		}
		n.keepBefore(name)
		n.State.Types[name].Shares[source] = &ledger.Share{Captured: at.Captured, Written: at.Written, Stated: n.Now()}
		n.Changed(n.State, name, share)
		n.Past.Change(n.Head, n.ID, name, n.Before[name], func(string) *ledger.Source { return &before }, forms)
	}
	known.Captured, known.Written, known.Missing, known.Cleared, known.ClearedBy = at.Captured, at.Written, nil, n.Now(), known.Missing.Import
	n.Part.ClearedNodes++
	*n.Dirty = true
}

// RemoveSource removes the shares of a source, and all that is known of it.
func (n *Node) RemoveSource(source string) {
	for _, name := range inventory.Sorted(n.State.Types) {
		if share := n.State.Types[name].Shares[source]; share != nil {
			n.removeShare(name, source, share)
		}
	}
	untied := n.State.Untie(source)
	if n.State.Sources[source] != nil || untied {
		n.State.Remove(source, ledger.Removal{At: n.Now()})
		*n.Dirty = true
	}
}

func (n *Node) removeShare(name, source string, share *ledger.Share) {
	n.keepBefore(name)
	delete(n.State.Types[name].Shares, source)
	*n.Dirty = true
	n.Changed(n.State, name, share)
}
