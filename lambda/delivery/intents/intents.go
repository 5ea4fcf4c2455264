// Package intents knows which types of a node are still to be put, and since when they are not. It neither changes what a node should hold nor puts it.
package intents

import (
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Intents opens intents of nodes in a head.
type Intents struct {
	Types  func(name string) (*inventory.Type, bool) // those that may be put
	Now    func() time.Time
	Import string // of the delivery; "": there is none
	Dirty  *bool  // becomes true where the head changes
}

// Open makes sure that there is an intent for a type and its roll-up. What was refused or put off is put at once where the sources
// state something else now.
func (i *Intents) Open(n *ledger.NodeState, t *inventory.Type) *ledger.Want {
	if t.Rollup != nil {
		i.Want(n, t.Rollup.Type.Name, n.Type(t.Name))
	}
	return i.Want(n, t.Name, n.Type(t.Name))
}

// Want makes sure that there is an intent for one of them. Of is the type whose shares it is made of.
func (i *Intents) Want(n *ledger.NodeState, name string, of *ledger.Type) *ledger.Want {
	if n.Intent == nil {
		n.Intent = &ledger.Intent{Types: map[string]*ledger.Want{}, Since: i.Now(), Import: i.Import}
		*i.Dirty = true
	}
	want := n.Intent.Types[name]
	if want == nil {
		want = &ledger.Want{}
		n.Intent.Types[name] = want
		*i.Dirty = true
	}
	if want.Tried != "" && want.Tried != of.StatedHash() {
		*want = ledger.Want{Unsure: want.Unsure, Refresh: want.Refresh}
		*i.Dirty = true
	}
	return want
}

// Changed opens the intent of a type of which a share with rows has changed. One of a type that is not loaded stays open until it is.
func (i *Intents) Changed(n *ledger.NodeState, name string, share *ledger.Share) {
	t, ok := i.Types(name)
	if ok && share.Count > 0 {
		i.Open(n, t)
	} else if share.Count > 0 {
		i.Want(n, name, n.Type(name))
	}
}

// IsOpen reports whether there is an intent for a type or its roll-up.
func (i *Intents) IsOpen(n *ledger.NodeState, t *inventory.Type) bool {
	if n.Intent == nil {
		return false
	}
	for ; t != nil; t = t.RollupType() {
		if n.Intent.Types[t.Name] != nil {
			return true
		}
	}
	return false
}

// IsBack notes that a node that the service did not know is there again; what it holds is not known.
func (i *Intents) IsBack(n *ledger.NodeState) {
	n.Gone = time.Time{}
	*i.Dirty = true
	for _, t := range i.Loaded(n) {
		if held := n.Types[t.Name]; held.States() || held.Accepted != nil {
			i.Open(n, t).Unsure = true
		}
	}
}

// Due returns the types of an intent that may be put now, in order.
func (i *Intents) Due(in *ledger.Intent) []string {
	return slices.DeleteFunc(inventory.Sorted(in.Types), func(name string) bool { return i.Now().Before(in.Types[name].NotBefore) })
}

// Composable returns the types that must be composed to make the types given: themselves, or those of which they are the roll-up.
// A type that is no longer loaded is none of them; its intent stays open.
func (i *Intents) Composable(n *ledger.NodeState, due []string) []*inventory.Type {
	loaded := i.Loaded(n)
	types := make([]*inventory.Type, 0, len(loaded))
	for _, t := range loaded {
		if slices.Contains(due, t.Name) && !inventory.IsRollup(loaded, t.Name) || t.Rollup != nil && slices.Contains(due, t.Rollup.Type.Name) {
			types = append(types, t)
		}
	}
	return types
}

// Loaded returns the types of a node that are loaded, in order.
func (i *Intents) Loaded(n *ledger.NodeState) []*inventory.Type {
	types := make([]*inventory.Type, 0, len(n.Types))
	for _, name := range inventory.Sorted(n.Types) {
		if t, ok := i.Types(name); ok {
			types = append(types, t)
		}
	}
	return types
}
