package delivery

import (
	"context"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// markMissing marks the nodes that the delivery's document does not name though it proves absence. Whether the shares of its source are
// cleared there is decided once the nodes of all partitions are counted.
func (a *applier) markMissing(ctx context.Context) error {
	absence := a.header.Absence
	if absence == nil {
		return nil
	}
	named := absence.Named
	if named == nil {
		var err error
		named, err = a.config.Ledger.ReadNamedIdentifiers(ctx, a.header.Import)
		if err != nil {
			return err
		}
	}
	for _, source := range absence.Sources {
		count := receipt.Absent{Source: source}
		for _, id := range slices.Sorted(maps.Keys(a.head.Nodes)) {
			known := a.head.Nodes[id].Sources[source]
			if known == nil || !known.Cleared.IsZero() {
				continue
			}
			count.Nodes++
			if a.isMissing(id, known, named) {
				count.Absent++
			}
		}
		a.part.Absent = append(a.part.Absent, count)
	}
	return nil
}

// isMissing reports whether the document proves that a node is no longer among those of a source, and marks it. It proves nothing where
// it has a statement about the node, where it names one of the identifiers that led to the node (though they may lead to no node now),
// and where the source has made a newer statement about the node.
func (a *applier) isMissing(id string, known *ledger.Source, named *ledger.NamedIdentifiers) bool {
	at := a.header.Absence.UTC()
	switch {
	case a.seen[id] || known.Stamp().Compare(at) > 0:
		return false
	case slices.ContainsFunc(known.Subject, named.Has):
		if known.Missing != nil && known.Missing.Compare(at) < 0 {
			known.Missing, a.dirty = nil, true
		}
		return false
	}
	if known.Missing != nil && known.Missing.Compare(at) >= 0 {
		return known.Missing.Import == a.header.Import
	}
	known.Missing = &ledger.Missing{Stamp: at, Import: a.header.Import, Since: a.received()}
	a.dirty = true
	return true
}
