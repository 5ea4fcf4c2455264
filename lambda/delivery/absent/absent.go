// Package absent knows which nodes a document no longer names though it states all nodes of its sources. It does not know whether they may be
// cleared.
package absent

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Marking marks the nodes of a partition that are missing in a document.
type Marking struct {
	Ledger   *ledger.Ledger
	Head     *ledger.Head
	Header   ledger.Header   // of the document's delivery
	Seen     map[string]bool // nodes of which the document speaks
	Received time.Time       // when it was taken in

	// Misplaced reports whether the machine of a source's statement about a node leads to another node now. nil: no machine does.
	Misplaced func(ctx context.Context, node string, known *ledger.Source) (bool, error)

	// Allow returns a *allowed.Refusal for a node that the document may not mark. nil: it may mark any.
	Allow func(ctx context.Context, h *ledger.Header, node string) error

	Missing func(node, source string) // called with each that is missing; may be nil

	Serves func(target.Key) bool // reports whether the nodes of an account and region are put to

	Changed bool // the head has changed
}

// Mark marks the nodes that the document does not name though it proves absence. Whether the shares of its source are cleared there is
// decided once the nodes of all partitions are counted.
func (m *Marking) Mark(ctx context.Context) ([]receipt.Absent, error) {
	absence := m.Header.Absence
	if absence == nil {
		return nil, nil
	}
	named := absence.Named
	if named == nil {
		var err error
		named, err = m.Ledger.ReadNamedIdentifiers(ctx, m.Header.Import)
		if err != nil {
			return nil, err
		}
	}
	var counts []receipt.Absent
	for _, source := range absence.Sources {
		count, err := m.ofSource(ctx, source, named)
		if err != nil {
			return nil, err
		}
		counts = append(counts, count)
	}
	return counts, nil
}

// ofSource marks the nodes of one source.
func (m *Marking) ofSource(ctx context.Context, source string, named *ledger.NamedIdentifiers) (receipt.Absent, error) {
	count := receipt.Absent{Source: source}
	for _, id := range slices.Sorted(maps.Keys(m.Head.Nodes)) {
		n := m.Head.Nodes[id]
		known := n.Sources[source]
		if known == nil || !known.Cleared.IsZero() {
			continue
		}
		if m.isUnreachable(n.Target()) {
			m.keep(n.Account, known, named)
			continue
		}
		count.Nodes++
		missing, err := m.isAllowedMissing(ctx, id, known, named)
		if err != nil {
			return count, err
		}
		if !missing {
			continue
		}
		count.AddAbsent(n.Target().String())
		if m.Missing != nil {
			m.Missing(id, source)
		}
	}
	return count, nil
}

// isUnreachable reports whether the document proves nothing of the nodes of an account and region: they could not be listed when it was read, or
// are no longer put to.
func (m *Marking) isUnreachable(k target.Key) bool {
	return !k.IsOwn() && (slices.Contains(m.Header.Unreachable, k) || !m.Serves(k))
}

// keep notes that a node that the document names is not missing.
func (m *Marking) keep(account string, known *ledger.Source, named *ledger.NamedIdentifiers) {
	if known.Missing != nil && known.Missing.Compare(m.Header.Absence.UTC()) < 0 && named.Names(account, known.Subject) {
		known.Missing, m.Changed = nil, true
	}
}

// isAllowedMissing is isMissing for a node that the document may mark; of another one it proves nothing.
func (m *Marking) isAllowedMissing(ctx context.Context, id string, known *ledger.Source, named *ledger.NamedIdentifiers) (bool, error) {
	if m.Allow == nil || m.Seen[id] {
		return m.isMissing(ctx, id, known, named)
	}
	err := m.Allow(ctx, &m.Header, id)
	if _, refused := errors.AsType[*allowed.Refusal](err); refused {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return m.isMissing(ctx, id, known, named)
}

// isMissing reports whether the document proves that a node is no longer among those of a source, and marks it. It proves nothing where
// it has a statement about the node, where it names one of the identifiers that led to the node and still may (though they may lead to
// no node now), and where the source has made a newer statement about the node, or a part of a list has of which the document may be the end.
func (m *Marking) isMissing(ctx context.Context, id string, known *ledger.Source, named *ledger.NamedIdentifiers) (bool, error) {
	at := m.Header.Absence.UTC()
	switch {
	case m.Seen[id] || known.Stamp().Compare(at) > 0 || !known.Part.IsZero() && at.Follows(known.Part):
		return false, nil
	case named.Names(m.Head.Nodes[id].Account, known.Subject):
		elsewhere, err := m.leadsElsewhere(ctx, id, known)
		if err != nil {
			return false, err
		}
		if elsewhere {
			break
		}
		m.keep(m.Head.Nodes[id].Account, known, named)
		return false, nil
	}
	if known.Missing != nil && known.Missing.Compare(at) >= 0 {
		return known.Missing.Import == m.Header.Import, nil
	}
	known.Missing = &ledger.Missing{Stamp: at, Import: m.Header.Import, Since: m.Received}
	m.Changed = true
	return true, nil
}

// leadsElsewhere reports whether the machine of a source's statement about a node is another node, as is known now.
func (m *Marking) leadsElsewhere(ctx context.Context, id string, known *ledger.Source) (bool, error) {
	if m.Misplaced == nil {
		return false, nil
	}
	return m.Misplaced(ctx, id, known)
}
