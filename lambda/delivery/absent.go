package delivery

import (
	"context"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// missing marks the nodes that the delivery's document does not name though it speaks for them. Whether what its source states of them
// is cleared is decided when it is known how many there are in all partitions.
func (r *run) missing(ctx context.Context) error {
	absence := r.header.Absence
	if absence == nil {
		return nil
	}
	names := absence.Names
	if names == nil {
		var err error
		if names, err = r.config.Ledger.ReadNamed(ctx, r.header.Import); err != nil {
			return err
		}
	}
	for _, source := range absence.Sources {
		count := receipt.Absent{Source: source}
		for _, id := range slices.Sorted(maps.Keys(r.head.Nodes)) {
			said := r.head.Nodes[id].Sources[source]
			if said == nil || !said.Cleared.IsZero() {
				continue
			}
			count.Nodes++
			is, err := r.isMissing(ctx, id, said, names)
			if err != nil {
				return err
			}
			if is {
				count.Absent++
			}
		}
		r.part.Absent = append(r.part.Absent, count)
	}
	return nil
}

// isMissing says whether the document proves that a node is no longer among those of a source, and marks it. It does not where it says
// something of the node, where one of the identifiers that led to the node is in it and still may (though they may lead to no node now),
// and where the source has said something of the node since.
func (r *run) isMissing(ctx context.Context, id string, said *ledger.Source, names *ledger.Named) (bool, error) {
	at := r.header.Absence.UTC()
	switch {
	case clearsByNode():
		if r.seen[id] {
			return false, nil
		}
	case r.seen[id] || said.Stamp().Compare(at) > 0:
		return false, nil
	case slices.ContainsFunc(said.Subject, names.Has):
		elsewhere, err := r.leadsElsewhere(ctx, id, said)
		if err != nil {
			return false, err
		}
		if elsewhere {
			break
		}
		if said.Missing != nil && said.Missing.Compare(at) < 0 {
			said.Missing, r.dirty = nil, true
		}
		return false, nil
	}
	if said.Missing != nil && said.Missing.Compare(at) >= 0 {
		return said.Missing.Import == r.header.Import, nil
	}
	said.Missing = &ledger.Missing{Stamp: at, Import: r.header.Import, Since: r.received()}
	r.dirty = true
	return true, nil
}

// leadsElsewhere reports whether what a source states of a node is of a machine that is another node, as is known now.
func (r *run) leadsElsewhere(ctx context.Context, id string, said *ledger.Source) (bool, error) {
	if r.config.Misplaced == nil {
		return false, nil
	}
	return r.config.Misplaced(ctx, id, said)
}

// Clear takes away what sources state of the nodes that an import's document no longer names, as far as no source has spoken of
// them since, and puts the rest.
func (d *Deliverer) Clear(ctx context.Context, partition int, id string) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(_ context.Context, r *run, n *ledger.Node) error {
		for source, said := range n.Sources {
			if said.Missing != nil && said.Missing.Import == id {
				r.clear(n, source, said)
			}
		}
		return nil
	})
}

// clear makes a source state nothing of a node. That it says so, and since when, stays: what it said before may come later.
func (r *run) clear(n *ledger.Node, source string, said *ledger.Source) {
	at := said.Missing.Stamp
	for _, name := range sortedTypes(n) {
		shard := n.Types[name].Shards[source]
		if shard == nil {
			continue
		}
		r.keepBefore(n, name)
		n.Types[name].Shards[source] = &ledger.Shard{Captured: at.Captured, Written: at.Written, Stated: r.now()}
		if t, ok := r.config.Types.Type(name); ok && shard.Count > 0 {
			r.open(n, t)
		}
	}
	said.Captured, said.Written, said.Missing, said.Cleared = at.Captured, at.Written, nil, r.now()
	r.part.ClearedNodes++
	r.dirty = true
}

// Remove takes a source away: what it states of the nodes of a partition, or of some of them, and that it ever spoke. The rest is put.
func (d *Deliverer) Remove(ctx context.Context, partition int, source string, nodes ...string) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(_ context.Context, r *run, n *ledger.Node) error {
		if len(nodes) == 0 || slices.Contains(nodes, r.tended) {
			r.forget(n, source)
		}
		return nil
	})
}

// forget drops all that a source states of a node, and that it did.
func (r *run) forget(n *ledger.Node, source string) {
	for _, name := range sortedTypes(n) {
		if shard := n.Types[name].Shards[source]; shard != nil {
			r.keepBefore(n, name)
			delete(n.Types[name].Shards, source)
			r.dirty = true
			if t, ok := r.config.Types.Type(name); ok && shard.Count > 0 {
				r.open(n, t)
			}
		}
	}
	if n.Sources[source] != nil {
		delete(n.Sources, source)
		r.dirty = true
	}
}
