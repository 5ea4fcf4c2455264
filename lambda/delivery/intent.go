package delivery

import (
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// open makes sure that there is an intent for a type and its roll-up. What was refused or put off is put at once where the sources
// state something else now.
func (p *partition) open(n *ledger.NodeState, t *inventory.Type) *ledger.Want {
	if t.Rollup != nil {
		p.want(n, t.Rollup.Type.Name, n.Type(t.Name))
	}
	return p.want(n, t.Name, n.Type(t.Name))
}

func (p *partition) want(n *ledger.NodeState, name string, of *ledger.Type) *ledger.Want {
	if n.Intent == nil {
		n.Intent = &ledger.Intent{Types: map[string]*ledger.Want{}, Since: p.now(), Import: p.header.Import}
		p.dirty = true
	}
	want := n.Intent.Types[name]
	if want == nil {
		want = &ledger.Want{}
		n.Intent.Types[name] = want
		p.dirty = true
	}
	if want.Tried != "" && want.Tried != of.StatedHash() {
		*want = ledger.Want{Unsure: want.Unsure, Refresh: want.Refresh}
		p.dirty = true
	}
	return want
}

// openChanged opens the intent of a type of which a share with rows has changed. One of a type that is not loaded stays open until it is.
func (p *partition) openChanged(n *ledger.NodeState, name string, share *ledger.Share) {
	t, ok := p.config.Types(name)
	if ok && share.Count > 0 {
		p.open(n, t)
	} else if share.Count > 0 {
		p.want(n, name, n.Type(name))
	}
}

// isOpen reports whether there is an intent for a type or its roll-up.
func (p *partition) isOpen(n *ledger.NodeState, t *inventory.Type) bool {
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

// isBack notes that a node that the service did not know is there again; what it holds is not known.
func (p *partition) isBack(n *ledger.NodeState) {
	n.Gone = time.Time{}
	p.dirty = true
	for _, t := range p.loadedTypes(n) {
		if held := n.Types[t.Name]; held.States() || held.Accepted != nil {
			p.open(n, t).Unsure = true
		}
	}
}

// dueTypes returns the types of an intent that may be put now, in order.
func (p *partition) dueTypes(i *ledger.Intent) []string {
	return slices.DeleteFunc(inventory.Sorted(i.Types), func(name string) bool { return p.now().Before(i.Types[name].NotBefore) })
}
