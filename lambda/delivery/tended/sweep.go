package tended

import (
	"context"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/aged"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Sweep does what is due on the node.
func (n *Node) Sweep(ctx context.Context) error {
	if err := n.comesBack(ctx); err != nil {
		return err
	}
	*n.Dirty = n.State.ForgetRemovals(n.Now().Add(-forgetAfter)) || *n.Dirty
	n.expire()
	if err := n.forgetRemoved(ctx); err != nil {
		return err
	}
	n.renew()
	for _, typ := range n.Loaded(n.State) { // its roll-up was not known where the type was not loaded when it was opened
		if i := n.State.Intent; i != nil && i.Types[typ.Name] != nil && i.Types[typ.Name].NotBefore.IsZero() {
			n.Open(n.State, typ)
		}
	}
	return nil
}

// comesBack notes that a node is there again that the service did not know.
func (n *Node) comesBack(ctx context.Context) error {
	if n.State.Gone.IsZero() || n.Listed == nil {
		return nil
	}
	listed, err := n.Listed(ctx, n.State.Target(), n.ID, false)
	if err == nil && listed {
		n.IsBack(n.State)
	}
	return err
}

// expire removes the shares that sources have not stated again for as long as their mapping allows, and forgets sources that no longer
// name the node.
func (n *Node) expire() {
	for _, source := range inventory.Sorted(n.State.Sources) {
		known := n.State.Sources[source]
		if !known.Cleared.IsZero() && !n.Now().Before(known.Cleared.Add(forgetAfter)) {
			n.RemoveSource(source)
			delete(n.State.Removed, source) // it is long since its rows were cleared
			continue
		}
		after := time.Duration(0)
		if n.Expires != nil {
			after = n.Expires(known.Mapping)
		}
		if after > 0 && known.Cleared.IsZero() {
			n.expireSource(source, after)
		}
	}
}

func (n *Node) expireSource(source string, after time.Duration) {
	types, all := aged.Expired(n.State, source, after, n.Now())
	for _, name := range types {
		n.removeShare(name, source, n.State.Types[name].Shares[source])
		n.Part.Expired++
	}
	if all {
		n.State.Remove(source, ledger.Removal{At: n.Now(), Expired: true})
		*n.Dirty = true
	}
}

// forgetRemoved forgets keys that were removed so long ago that no older row for them is expected any more.
func (n *Node) forgetRemoved(ctx context.Context) error {
	forgot, damaged, err := n.Stored.ForgetIn(ctx, n.State, n.Loaded(n.State), n.Now())
	for _, damage := range damaged {
		n.Part.Note(damage)
	}
	*n.Dirty = *n.Dirty || forgot
	return err
}

// renew opens the intents of items that grow old, and with them of the node's other items that are not new.
func (n *Node) renew() {
	if !n.State.Gone.IsZero() || !n.growsOld() {
		return
	}
	for _, typ := range n.Loaded(n.State) {
		held := n.State.Types[typ.Name]
		if !aged.Also(held.Accepted, n.Now()) {
			continue
		}
		if n.State.Intent == nil || n.State.Intent.Types[typ.Name] == nil {
			n.Want(n.State, typ.Name, held).Refresh = true
		}
	}
}

func (n *Node) growsOld() bool {
	return slices.ContainsFunc(n.Loaded(n.State), func(typ *inventory.Type) bool {
		return aged.Old(n.ID, typ.Name, n.State.Types[typ.Name].Accepted, n.Now())
	})
}
