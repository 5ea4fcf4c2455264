package delivery

import (
	"context"
	"hash/fnv"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// What grows old, and when. The service forgets what is not reported again for 30 days.
const (
	refreshAfter  = 14 * 24 * time.Hour // an item is confirmed when it was accepted so long ago
	refreshSpread = 7 * 24 * time.Hour  // and up to that much more, so that not all fall on one day
	alsoAfter     = 7 * 24 * time.Hour  // a node's other items are confirmed with it when they are so old
	forgetAfter   = 30 * 24 * time.Hour // nodes that are gone, and sources that no longer name a node
)

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
	return nil
}

// comesBack notes that a node is there again that the service did not know.
func (t *tending) comesBack(ctx context.Context) error {
	if t.state.Gone.IsZero() || t.config.Listed == nil {
		return nil
	}
	listed, err := t.config.Listed(ctx, t.id, false)
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
			t.expireSource(source, known, after)
		}
	}
}

func (t *tending) expireSource(source string, known *ledger.Source, after time.Duration) {
	left := false
	for _, name := range sortedTypes(t.state) {
		share := t.state.Types[name].Shares[source]
		if share == nil {
			continue
		}
		if t.now().Before(share.Stated.Add(after)) {
			left = true
			continue
		}
		t.removeShare(name, source, share)
		t.part.Expired++
	}
	if !left && !t.now().Before(known.Received.Add(after)) {
		t.state.Remove(source, ledger.Removal{At: t.now(), Expired: true})
		t.dirty = true
	}
}

// forgetRemoved forgets keys that were removed so long ago that no older row for them is expected any more.
func (t *tending) forgetRemoved(ctx context.Context) error {
	for _, typ := range t.loadedTypes(t.state) {
		shares := t.state.Types[typ.Name].Shares
		for _, source := range inventory.Sorted(shares) {
			share := shares[source]
			if share.Removed == 0 || t.now().Before(share.Forget) {
				continue
			}
			err := t.stored.Forget(ctx, typ, share, t.now())
			if damaged(err) != "" {
				t.part.Note(damaged(err))
				continue
			}
			if err != nil {
				return err
			}
			t.dirty = true
		}
	}
	return nil
}

// renew opens the intents of items that grow old, and with them of the node's other items that are not new.
func (t *tending) renew() {
	n := t.state
	if !n.Gone.IsZero() || !t.growsOld() {
		return
	}
	for _, typ := range t.loadedTypes(n) {
		held := n.Types[typ.Name]
		if !ages(held.Accepted) || t.now().Before(held.Accepted.Confirmed().Add(alsoAfter)) {
			continue
		}
		if n.Intent == nil || n.Intent.Types[typ.Name] == nil {
			t.want(n, typ.Name, held.StatedHash()).Refresh = true
		}
	}
}

func (t *tending) growsOld() bool {
	return slices.ContainsFunc(t.loadedTypes(t.state), func(typ *inventory.Type) bool {
		a := t.state.Types[typ.Name].Accepted
		return ages(a) && !t.now().Before(a.Confirmed().Add(refreshAfter+spread(t.id, typ.Name)))
	})
}

// ages reports whether what was accepted has to be confirmed when it grows old. An empty item that the service forgets is no loss; it is
// confirmed once, since what was put before may have come after it.
func ages(a *ledger.Accepted) bool {
	return a != nil && (a.Entries > 0 || a.Refreshed.IsZero())
}

// spread is a part of refreshSpread that is always the same for a node and type.
func spread(node, name string) time.Duration {
	h := fnv.New64a()
	_, _ = h.Write([]byte(node + " " + name)) // never fails
	return time.Duration(h.Sum64() % uint64(refreshSpread))
}
