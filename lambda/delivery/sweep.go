package delivery

import (
	"context"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// What grows old, and when. The service forgets what is not reported again for 30 days.
const (
	refreshAfter  = 14 * 24 * time.Hour // an item is confirmed when it was accepted so long ago
	refreshSpread = 7 * 24 * time.Hour  // and up to that much more, so that not all fall on one day
	alsoAfter     = 7 * 24 * time.Hour  // a node's other items are confirmed with it when they are so old
	forgetAfter   = 30 * 24 * time.Hour // nodes that are gone, and sources that no longer name a node
)

// Sweep does what is due in a partition and no delivery will do: it finishes intents that are open, confirms what grows old, and drops
// what has expired.
func (d *Deliverer) Sweep(ctx context.Context, partition int) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(ctx context.Context, r *run, n *ledger.NodeState) error {
		if err := r.comesBack(ctx, n); err != nil {
			return err
		}
		r.expire(n)
		if err := r.forgetRemoved(ctx, n); err != nil {
			return err
		}
		r.renew(n)
		return nil
	})
}

// tend changes the nodes of a partition one by one, and puts what is open then.
func (d *Deliverer) tend(ctx context.Context, partition int, each func(context.Context, *run, *ledger.NodeState) error) (receipt.Part, []Settled, error) {
	return d.run(ctx, false, func(ctx context.Context, r *run) (err error) {
		r.header = ledger.Header{Partition: partition, Received: r.now()}
		r.part.Partition = partition
		r.head, err = r.config.Ledger.Load(ctx, partition)
		if err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(r.head.Nodes)) {
			if err := r.tendNode(ctx, id, each); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *run) tendNode(ctx context.Context, id string, each func(context.Context, *run, *ledger.NodeState) error) error {
	n := r.head.Nodes[id]
	if !n.Gone.IsZero() && !r.now().Before(n.Gone.Add(forgetAfter)) {
		delete(r.head.Nodes, id)
		r.dirty = true
		r.part.Forgotten++
		return nil
	}
	r.tended, r.before = id, map[string]map[string]*ledger.Share{}
	if err := each(ctx, r, n); err != nil {
		return err
	}
	r.drop(id, n)
	if n.Intent != nil && n.Gone.IsZero() && !ignoresIntents() {
		w := newWork(id)
		w.before = r.before
		r.works = append(r.works, w)
	}
	return nil
}

// keepBefore remembers what was stated of a type at the node at hand, so that it can be said how that differs then.
func (r *run) keepBefore(n *ledger.NodeState, name string) {
	if r.before[name] == nil {
		r.before[name] = copyShares(n.Types[name].Shares)
	}
}

// comesBack notes that a node is there again that the service did not know.
func (r *run) comesBack(ctx context.Context, n *ledger.NodeState) error {
	if n.Gone.IsZero() || r.config.Listed == nil {
		return nil
	}
	listed, err := r.config.Listed(ctx, r.tended, false)
	if err == nil && listed {
		r.isBack(n)
	}
	return err
}

// expire drops what sources have not stated again for as long as their mapping allows, and forgets sources that no longer name the node.
func (r *run) expire(n *ledger.NodeState) {
	for _, source := range slices.Sorted(maps.Keys(n.Sources)) {
		known := n.Sources[source]
		if !known.Cleared.IsZero() && !r.now().Before(known.Cleared.Add(forgetAfter)) {
			r.forget(n, source)
			continue
		}
		after := time.Duration(0)
		if r.config.Expires != nil {
			after = r.config.Expires(known.Mapping)
		}
		if after > 0 && known.Cleared.IsZero() {
			r.expireSource(n, source, known, after)
		}
	}
}

func (r *run) expireSource(n *ledger.NodeState, source string, known *ledger.Source, after time.Duration) {
	left := false
	for _, name := range sortedTypes(n) {
		share := n.Types[name].Shares[source]
		if share == nil {
			continue
		}
		if r.now().Before(share.Stated.Add(after)) {
			left = true
			continue
		}
		r.keepBefore(n, name)
		delete(n.Types[name].Shares, source)
		r.dirty = true
		r.part.Expired++
		if share.Count == 0 {
			continue
		}
		if t, ok := r.config.Types.Type(name); ok {
			r.open(n, t)
		}
	}
	if !left && !r.now().Before(known.Received.Add(after)) {
		delete(n.Sources, source)
		r.dirty = true
	}
}

// forgetRemoved forgets keys that were removed so long ago that nothing older than that is expected any more.
func (r *run) forgetRemoved(ctx context.Context, n *ledger.NodeState) error {
	for _, name := range sortedTypes(n) {
		t, ok := r.config.Types.Type(name)
		if !ok {
			continue
		}
		for _, source := range slices.Sorted(maps.Keys(n.Types[name].Shares)) {
			share := n.Types[name].Shares[source]
			if share.Removed == 0 || r.now().Before(share.Forget) {
				continue
			}
			if err := r.forgetKeys(ctx, t, share); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) forgetKeys(ctx context.Context, t *inventory.Type, share *ledger.Share) error {
	rows, err := r.readRows(ctx, t, share.Rows)
	if err != nil {
		return err
	}
	kept := ledger.Rows{Rows: rows.Rows, Stamps: rows.Stamps}
	for _, removed := range rows.Removed {
		if r.now().Before(removed.Arrived.Add(rememberRemoved)) {
			kept.Removed = append(kept.Removed, removed)
		}
	}
	share.Removed, share.Forget, r.dirty = len(kept.Removed), forgetAt(kept.Removed), true
	if len(kept.Rows)+len(kept.Removed) == 0 {
		share.Rows = ""
		return nil
	}
	share.Rows, err = r.writeRows(ctx, t, &kept)
	return err
}

// renew opens the intents of items that grow old, and with them of the node's other items that are not new.
func (r *run) renew(n *ledger.NodeState) {
	if !n.Gone.IsZero() || !r.growsOld(n) {
		return
	}
	for _, name := range sortedTypes(n) {
		_, ok := r.config.Types.Type(name)
		if a := n.Types[name].Accepted; !ok || !ages(a) || r.now().Before(a.Confirmed().Add(alsoAfter)) {
			continue
		}
		if n.Intent == nil || n.Intent.Types[name] == nil {
			r.want(n, name, n.Types[name].StatedHash()).Refresh = true
		}
	}
}

func (r *run) growsOld(n *ledger.NodeState) bool {
	for name, held := range n.Types {
		if _, ok := r.config.Types.Type(name); !ok || !ages(held.Accepted) {
			continue
		}
		if !r.now().Before(held.Accepted.Confirmed().Add(refreshAfter + spread(r.tended, name))) {
			return true
		}
	}
	return false
}

// ages reports whether what was accepted has to be confirmed when it grows old. An empty item that the service forgets is no loss; it is
// confirmed once, since what was put before may have come after it.
func ages(a *ledger.Accepted) bool {
	return a != nil && (a.Entries > 0 || a.Refreshed.IsZero())
}

// spread is a share of refreshSpread that is always the same for a node and type.
func spread(node, name string) time.Duration {
	h := fnv.New64a()
	_, _ = h.Write([]byte(node + " " + name)) // never fails
	return time.Duration(h.Sum64() % uint64(refreshSpread))
}
