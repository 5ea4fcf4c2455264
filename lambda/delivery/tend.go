package delivery

import (
	"context"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/tended"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Sweep does what is due in a partition and no delivery will do: it finishes intents that are open, confirms what grows old, and removes
// what has expired.
func (d *Deliverer) Sweep(ctx context.Context, partition int) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(ctx context.Context, t *tended.Node) error { return t.Sweep(ctx) })
}

// Clear clears the shares of sources on the nodes that an import's document no longer names, unless the source has made a newer
// statement about them, and puts the rest.
func (d *Deliverer) Clear(ctx context.Context, partition int, id string) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(_ context.Context, t *tended.Node) error {
		for source, known := range t.State.Sources {
			if known.Missing != nil && known.Missing.Import == id {
				t.Past.By = ledger.Past{Import: id, Mapping: known.Mapping, Received: t.Now()}
				t.Clear(source, known)
			}
		}
		return nil
	})
}

// Remove removes a source from the nodes of a partition, or from some of them: its shares, and all that is known of it. The rest is put.
func (d *Deliverer) Remove(ctx context.Context, partition int, source string, nodes ...string) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(_ context.Context, t *tended.Node) error {
		if len(nodes) == 0 || slices.Contains(nodes, t.ID) {
			t.RemoveSource(source)
		}
		return nil
	})
}

// Repair puts types of a node in full, since the service holds something else than was put.
func (d *Deliverer) Repair(ctx context.Context, node string, types ...string) (receipt.Part, []Settled, error) {
	return d.tend(ctx, d.config.Ledger.Partition(node), func(_ context.Context, t *tended.Node) error {
		for _, name := range types {
			held, typ := t.State.Types[name], (*inventory.Type)(nil)
			if t.ID == node && held != nil {
				typ, _ = t.Types(name)
			}
			if typ != nil {
				t.Open(t.State, typ).Unsure = true
			}
		}
		return nil
	})
}

// tend changes the nodes of a partition one by one, and puts what is open then.
func (d *Deliverer) tend(ctx context.Context, partition int, each func(context.Context, *tended.Node) error) (receipt.Part, []Settled, error) {
	return d.run(ctx, d.config.Plan, func(ctx context.Context, r *run) error {
		r.header = ledger.Header{Partition: partition, Received: r.now()}
		r.part.Partition = partition
		if err := r.load(ctx); err != nil {
			return err
		}
		r.dirty = r.head.ForgetPages(r.now())
		for _, id := range slices.Sorted(maps.Keys(r.head.Nodes)) {
			t := r.tended(id)
			w, err := r.tend(ctx, t, each)
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
			if err := r.planNode(ctx, w, t.State); err != nil {
				return err
			}
		}
		r.dirty = r.head.Tidy() || r.dirty
		return r.keepPast(ctx)
	})
}

// tended is a node of the head without a document.
func (p *partition) tended(id string) *tended.Node {
	return &tended.Node{
		Intents: &p.intents, Head: p.head, ID: id, State: p.head.Nodes[id], Stored: &p.stored, Past: &p.past, Part: &p.part,
		Before: map[string]map[string]*ledger.Share{}, Expires: p.config.Expires, Listed: p.config.Listed,
	}
}

// tend changes a node, and returns what is to be put to it then; nil: nothing.
func (p *partition) tend(ctx context.Context, t *tended.Node, each func(context.Context, *tended.Node) error) (*work, error) {
	if t.Forget() {
		return nil, nil
	}
	if err := each(ctx, t); err != nil {
		return nil, err
	}
	n := t.State
	p.forgetEmpty(t.ID, n)
	if n.Intent == nil || !n.Gone.IsZero() {
		return nil, nil
	}
	w := newWork(t.ID)
	w.before = t.Before
	return w, nil
}
