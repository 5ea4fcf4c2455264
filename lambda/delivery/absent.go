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
	names := absence.Named
	if names == nil {
		var err error
		names, err = r.config.Ledger.ReadNamedIdentifiers(ctx, r.header.Import)
		if err != nil {
			return err
		}
	}
	for _, source := range absence.Sources {
		count := receipt.Absent{Source: source}
		for _, id := range slices.Sorted(maps.Keys(r.head.Nodes)) {
			known := r.head.Nodes[id].Sources[source]
			if known == nil || !known.Cleared.IsZero() {
				continue
			}
			count.Nodes++
			if r.isMissing(id, known, names) {
				count.Absent++
			}
		}
		r.part.Absent = append(r.part.Absent, count)
	}
	return nil
}

// isMissing reports whether the document proves that a node is no longer among those of a source, and marks it. It does not where it says
// something of the node, where one of the identifiers that led to the node is in it (though it may lead to no node now), and where
// the source has stated something of the node since.
func (r *run) isMissing(id string, known *ledger.Source, names *ledger.NamedIdentifiers) bool {
	at := r.header.Absence.UTC()
	switch {
	case clearsByNode():
		if r.seen[id] {
			return false
		}
	case r.seen[id] || known.Stamp().Compare(at) > 0:
		return false
	case slices.ContainsFunc(known.Subject, names.Has):
		if known.Missing != nil && known.Missing.Compare(at) < 0 {
			known.Missing, r.dirty = nil, true
		}
		return false
	}
	if known.Missing != nil && known.Missing.Compare(at) >= 0 {
		return known.Missing.Import == r.header.Import
	}
	known.Missing = &ledger.Missing{Stamp: at, Import: r.header.Import, Since: r.received()}
	r.dirty = true
	return true
}

// Clear takes away what sources state of the nodes that an import's document no longer names, as far as no source has spoken of
// them since, and puts the rest.
func (d *Deliverer) Clear(ctx context.Context, partition int, id string) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(_ context.Context, r *run, n *ledger.NodeState) error {
		for source, known := range n.Sources {
			if known.Missing != nil && known.Missing.Import == id {
				r.clear(n, source, known)
			}
		}
		return nil
	})
}

// clear makes a source state nothing of a node. That it says so, and since when, stays: what it said before may come later.
func (r *run) clear(n *ledger.NodeState, source string, known *ledger.Source) {
	at := known.Missing.Stamp
	for _, name := range sortedTypes(n) {
		share := n.Types[name].Shares[source]
		if share == nil {
			continue
		}
		r.keepBefore(n, name)
		n.Types[name].Shares[source] = &ledger.Share{Captured: at.Captured, Written: at.Written, Stated: r.now()}
		if t, ok := r.config.Types.Type(name); ok && share.Count > 0 {
			r.open(n, t)
		}
	}
	known.Captured, known.Written, known.Missing, known.Cleared = at.Captured, at.Written, nil, r.now()
	r.part.ClearedNodes++
	r.dirty = true
}

// Remove takes a source away: what it states of the nodes of a partition, and that it ever spoke. The rest is put.
func (d *Deliverer) Remove(ctx context.Context, partition int, source string) (receipt.Part, []Settled, error) {
	return d.tend(ctx, partition, func(_ context.Context, r *run, n *ledger.NodeState) error {
		r.forget(n, source)
		return nil
	})
}

// forget drops all that a source states of a node, and that it did.
func (r *run) forget(n *ledger.NodeState, source string) {
	for _, name := range sortedTypes(n) {
		if share := n.Types[name].Shares[source]; share != nil {
			r.keepBefore(n, name)
			delete(n.Types[name].Shares, source)
			r.dirty = true
			if t, ok := r.config.Types.Type(name); ok && share.Count > 0 {
				r.open(n, t)
			}
		}
	}
	if n.Sources[source] != nil {
		delete(n.Sources, source)
		r.dirty = true
	}
}
