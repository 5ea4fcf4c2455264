package delivery

import (
	"context"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/aged"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// forgetAfter is when nodes that are gone are forgotten, and sources that no longer name a node.
const forgetAfter = 30 * 24 * time.Hour

func (t *tending) sweep(ctx context.Context) error {
	if err := t.comesBack(ctx); err != nil {
		return err
	}
	t.dirty = t.state.ForgetRemovals(t.now().Add(-forgetAfter)) || t.dirty
	t.expire()
	if err := t.forgetRemoved(ctx); err != nil {
		return err
	}
	t.renew()
	for _, typ := range t.loadedTypes(t.state) { // its roll-up was not known where the type was not loaded when it was opened
		if i := t.state.Intent; i != nil && i.Types[typ.Name] != nil && i.Types[typ.Name].NotBefore.IsZero() {
			t.open(t.state, typ)
		}
	}
	return nil
}

// comesBack notes that a node is there again that the service did not know.
func (t *tending) comesBack(ctx context.Context) error {
	if t.state.Gone.IsZero() || t.config.Listed == nil {
		return nil
	}
	listed, err := t.config.Listed(ctx, t.state.Target(), t.id, false)
	if err == nil && listed {
		t.isBack(t.state)
	}
	return err
}

// expire removes the shares that sources have not stated again for as long as their mapping allows, and forgets sources that no longer
// name the node.
func (t *tending) expire() {
	for _, source := range inventory.Sorted(t.state.Sources) {
		known := t.state.Sources[source]
		if !known.Cleared.IsZero() && !t.now().Before(known.Cleared.Add(forgetAfter)) {
			t.removeSource(source)
			delete(t.state.Removed, source) // it is long since its rows were cleared
			continue
		}
		after := time.Duration(0)
		if t.config.Expires != nil {
			after = t.config.Expires(known.Mapping)
		}
		if after > 0 && known.Cleared.IsZero() {
			t.expireSource(source, after)
		}
	}
}

func (t *tending) expireSource(source string, after time.Duration) {
	types, all := aged.Expired(t.state, source, after, t.now())
	for _, name := range types {
		t.removeShare(name, source, t.state.Types[name].Shares[source])
		t.part.Expired++
	}
	if all {
		t.state.Remove(source, ledger.Removal{At: t.now(), Expired: true})
		t.dirty = true
	}
}

// forgetRemoved forgets keys that were removed so long ago that no older row for them is expected any more.
func (t *tending) forgetRemoved(ctx context.Context) error {
	forgot, damaged, err := t.stored.ForgetIn(ctx, t.state, t.loadedTypes(t.state), t.now())
	for _, damage := range damaged {
		t.part.Note(damage)
	}
	t.dirty = t.dirty || forgot
	return err
}

// renew opens the intents of items that grow old, and with them of the node's other items that are not new.
func (t *tending) renew() {
	n := t.state
	if !n.Gone.IsZero() || !t.growsOld() {
		return
	}
	for _, typ := range t.loadedTypes(n) {
		held := n.Types[typ.Name]
		if !aged.Also(held.Accepted, t.now()) {
			continue
		}
		if n.Intent == nil || n.Intent.Types[typ.Name] == nil {
			t.want(n, typ.Name, held).Refresh = true
		}
	}
}

func (t *tending) growsOld() bool {
	return slices.ContainsFunc(t.loadedTypes(t.state), func(typ *inventory.Type) bool {
		return aged.Old(t.id, typ.Name, t.state.Types[typ.Name].Accepted, t.now())
	})
}
