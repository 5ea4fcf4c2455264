package delivery

import (
	"context"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/past"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Sweep does what is due in a partition and no delivery will do: it finishes intents that are open, confirms what grows old, and removes
// what has expired.
func (d *Deliverer) Sweep(ctx context.Context, partition int) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(ctx context.Context, t *tending) error { return t.sweep(ctx) })
}

// Clear clears the shares of sources on the nodes that an import's document no longer names, unless the source has made a newer
// statement about them, and puts the rest.
func (d *Deliverer) Clear(ctx context.Context, partition int, id string) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(_ context.Context, t *tending) error {
		for source, known := range t.state.Sources {
			if known.Missing != nil && known.Missing.Import == id {
				t.past.By = ledger.Past{Import: id, Mapping: known.Mapping, Received: t.now()}
				t.clear(source, known)
			}
		}
		return nil
	})
}

// Remove removes a source from the nodes of a partition, or from some of them: its shares, and all that is known of it. The rest is put.
func (d *Deliverer) Remove(ctx context.Context, partition int, source string, nodes ...string) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(_ context.Context, t *tending) error {
		if len(nodes) == 0 || slices.Contains(nodes, t.id) {
			t.removeSource(source)
		}
		return nil
	})
}

// Repair puts types of a node in full, since the service holds something else than was put.
func (d *Deliverer) Repair(ctx context.Context, node string, types ...string) (receipt.Part, []Settled, error) {
	return d.tend(ctx, d.config.Ledger.Partition(node), func(_ context.Context, t *tending) error {
		for _, name := range types {
			held, typ := t.state.Types[name], (*inventory.Type)(nil)
			if t.id == node && held != nil {
				typ, _ = t.config.Types(name)
			}
			if typ != nil {
				t.open(t.state, typ).Unsure = true
			}
		}
		return nil
	})
}

// tend changes the nodes of a partition one by one, and puts what is open then.
func (d *Deliverer) tend(ctx context.Context, partition int, each func(context.Context, *tending) error) (receipt.Part, []Settled, error) {
	return d.run(ctx, d.config.Plan, func(ctx context.Context, r *run) error {
		r.header = ledger.Header{Partition: partition, Received: r.now()}
		r.part.Partition = partition
		if err := r.load(ctx); err != nil {
			return err
		}
		r.dirty = r.head.ForgetPages(r.now())
		for _, id := range slices.Sorted(maps.Keys(r.head.Nodes)) {
			t := &tending{partition: r.partition, id: id, state: r.head.Nodes[id], before: map[string]map[string]*ledger.Share{}}
			w, err := t.tend(ctx, each)
			if err != nil {
				return err
			}
			if w == nil {
				continue
			}
			r.works = append(r.works, w)
			if !r.plan {
				continue
			}
			r.stored.NextNode()
			if err := r.planNode(ctx, w, t.state); err != nil {
				return err
			}
		}
		r.dirty = r.head.Tidy() || r.dirty
		return r.keepPast(ctx)
	})
}

// tending is the work on one node without a document.
type tending struct {
	*partition
	id     string
	state  *ledger.NodeState
	before map[string]map[string]*ledger.Share // by type and source: the shares before they were changed
}

// tend changes the node, and returns what is to be put to it then; nil: nothing.
func (t *tending) tend(ctx context.Context, each func(context.Context, *tending) error) (*work, error) {
	n := t.state
	if !n.Gone.IsZero() && !t.now().Before(n.Gone.Add(forgetAfter)) {
		delete(t.head.Nodes, t.id)
		t.dirty = true
		t.part.Forgotten++
		return nil, nil
	}
	if err := each(ctx, t); err != nil {
		return nil, err
	}
	t.forgetEmpty(t.id, n)
	if n.Intent == nil || !n.Gone.IsZero() {
		return nil, nil
	}
	w := newWork(t.id)
	w.before = t.before
	return w, nil
}

// keepBefore keeps the shares of a type as they are before they are changed.
func (t *tending) keepBefore(name string) {
	if t.before[name] == nil {
		t.before[name] = ledger.CopyShares(t.state.Types[name].Shares)
	}
}

// clear empties the shares of a source. That the source states nothing, and since when, stays: older rows may come later.
func (t *tending) clear(source string, known *ledger.Source) {
	at, before := known.Missing.Stamp, *known
	forms := map[string]*past.Form{source: {At: at, Whole: true}}
	for _, name := range sortedTypes(t.state) {
		share := t.state.Types[name].Shares[source]
		if share == nil {
			continue
		}
		t.keepBefore(name)
		t.state.Types[name].Shares[source] = &ledger.Share{Captured: at.Captured, Written: at.Written, Stated: t.now()}
		t.openChanged(t.state, name, share)
		t.past.Change(t.head, t.id, name, t.before[name], func(string) *ledger.Source { return &before }, forms)
	}
	known.Captured, known.Written, known.Missing, known.Cleared, known.ClearedBy = at.Captured, at.Written, nil, t.now(), known.Missing.Import
	t.part.ClearedNodes++
	t.dirty = true
}

// removeSource removes the shares of a source, and all that is known of it.
func (t *tending) removeSource(source string) {
	for _, name := range sortedTypes(t.state) {
		if share := t.state.Types[name].Shares[source]; share != nil {
			t.removeShare(name, source, share)
		}
	}
	untied := t.state.Untie(source)
	if t.state.Sources[source] != nil || untied {
		t.state.Remove(source, ledger.Removal{At: t.now()})
		t.dirty = true
	}
}

func (t *tending) removeShare(name, source string, share *ledger.Share) {
	t.keepBefore(name)
	delete(t.state.Types[name].Shares, source)
	t.dirty = true
	t.openChanged(t.state, name, share)
}
