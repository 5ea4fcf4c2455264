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
			missing, err := a.isMissing(ctx, id, known, named)
			if err != nil {
				return err
			}
			if missing {
				count.Absent++
			}
		}
		a.part.Absent = append(a.part.Absent, count)
	}
	return nil
}

// isMissing reports whether the document proves that a node is no longer among those of a source, and marks it. It proves nothing where
// it has a statement about the node, where it names one of the identifiers that led to the node and still may (though they may lead to
// no node now), and where the source has made a newer statement about the node.
func (a *applier) isMissing(ctx context.Context, id string, known *ledger.Source, named *ledger.NamedIdentifiers) (bool, error) {
	at := a.header.Absence.UTC()
	switch {
	case a.seen[id] || known.Stamp().Compare(at) > 0:
		return false, nil
	case slices.ContainsFunc(known.Subject, named.Has):
		elsewhere, err := a.leadsElsewhere(ctx, id, known)
		if err != nil {
			return false, err
		}
		if elsewhere {
			break
		}
		if known.Missing != nil && known.Missing.Compare(at) < 0 {
			known.Missing, a.dirty = nil, true
		}
		return false, nil
	}
	if known.Missing != nil && known.Missing.Compare(at) >= 0 {
		return known.Missing.Import == a.header.Import, nil
	}
	known.Missing = &ledger.Missing{Stamp: at, Import: a.header.Import, Since: a.received()}
	a.dirty = true
	return true, nil
}

// leadsElsewhere reports whether the machine of a source's statement about a node is another node, as is known now.
func (a *applier) leadsElsewhere(ctx context.Context, id string, known *ledger.Source) (bool, error) {
	if a.config.Misplaced == nil {
		return false, nil
	}
	return a.config.Misplaced(ctx, id, known)
}
