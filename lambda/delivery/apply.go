package delivery

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/absent"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/paged"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// applier applies a delivery's statements to the head in memory. Rows are stored, the head is not.
type applier struct {
	*partition
	types   map[string]*inventory.Type // of the header
	refused map[string]string          // types of the header that may not be put, and why
	seen    map[string]bool            // nodes that the delivery is about
	works   []*work                    // in the order of the delivery
	waiting []waitingChange            // of the node at hand: what a page states
	lists   *paged.Lists               // of which the delivery's document is a page
	were    undo.Shares                // of a rollback: what was held before it made anything ready
	undoes  bool                       // the delivery is a rollback: it states what was held before, however much that is

	// planNode plans the puts of a node whose statements are applied; nil: it is put later.
	planNode func(context.Context, *work, *ledger.NodeState) error
}

func (a *applier) apply(ctx context.Context, open Open) error {
	h, statements, err := open()
	if err != nil {
		return fmt.Errorf("delivery: opening it: %w", err)
	}
	a.header, a.part.Import, a.part.Partition, a.part.Received = h, h.Import, h.Partition, h.Received
	a.intents.Import = h.Import
	if err := a.mayDeliver(); err != nil {
		return err
	}
	if err := a.load(ctx); err != nil {
		return err
	}
	a.lists = paged.Of(a.head, h, a.received())
	for s, err := range statements {
		if err != nil {
			return fmt.Errorf("delivery: reading it: %w", err)
		}
		if err := a.next(ctx, s); err != nil {
			return err
		}
	}
	if err := a.endNode(ctx); err != nil {
		return err
	}
	if err := a.completeOthers(ctx); err != nil {
		return err
	}
	if err := a.markMissing(ctx); err != nil {
		return err
	}
	a.past.By = ledger.Past{Import: h.Import, Mapping: h.Mapping, Received: a.received()}
	return a.keepPast(ctx)
}

// markMissing marks the nodes that the delivery's document does not name though it proves absence.
func (a *applier) markMissing(ctx context.Context) (err error) {
	m := absent.Marking{
		Ledger: a.config.Ledger, Head: a.head, Header: a.header, Seen: a.seen, Received: a.received(), Misplaced: a.config.Misplaced,
		Serves: a.targets.Serves,
	}
	if a.config.Allow != nil {
		m.Allow = a.config.Allow.Absent
	}
	if a.plan && a.config.Observe != nil {
		m.Missing = a.planMissing
	}
	a.part.Absent, err = m.Mark(ctx)
	a.dirty = a.dirty || m.Changed
	return err
}

// next applies a statement. Where it is about another node than the one before, that one is complete.
func (a *applier) next(ctx context.Context, s *ledger.Statement) error {
	if len(a.works) == 0 || a.works[len(a.works)-1].node != s.Node {
		if a.seen[s.Node] {
			return fmt.Errorf("delivery: the statements about node %s do not stand together", s.Node)
		}
		if err := a.endNode(ctx); err != nil {
			return err
		}
		a.seen[s.Node] = true
		a.works = append(a.works, newWork(s.Node))
		a.works[len(a.works)-1].were = a.were[s.Node]
		a.stored.NextNode()
	}
	w := a.works[len(a.works)-1]
	if w.damaged != "" {
		a.fail(w, s)
		return nil
	}
	return a.putBack(ctx, w, a.statement(ctx, w, s))
}

// statement applies a statement, unless it may not be written or is stale.
func (a *applier) statement(ctx context.Context, w *work, s *ledger.Statement) error {
	first := len(w.records)
	w.records = append(w.records, s.Records...)
	rejected := slices.ContainsFunc(s.Records, func(r ledger.RecordResult) bool { return r.Outcome == receipt.Rejected })
	reason, err := a.refuses(ctx, s)
	if err != nil {
		return err
	}
	if reason != "" {
		w.decideAll(first, receipt.Rejected, reason)
		a.rejectPage(s.Source)
		return nil
	}
	n := a.node(s.Node)
	a.locate(ctx, s.Node, n, s.Target)
	at, clamped := s.CapturedAt(a.header.Written, a.received())
	if clamped {
		a.part.Note("a capture time in the future was replaced by the time at which the document was received")
	}
	stamp := ledger.Stamp{Captured: at, Written: a.header.Written}.UTC()
	one := application{
		applier: a, work: w, node: n, statement: s, at: stamp, first: first, merge: s.Merge || s.Partial || rejected, rejected: rejected,
	}
	known := w.knownBefore(n, s.Source)
	if known != nil && undo.Undoes(known.Import, a.header.Import) {
		w.decideAll(first, receipt.Stale, undo.NoteStale)
		a.part.NoteTimes(undo.NoteStale, len(s.Records))
		a.lists.Reject(s.Source)
		return nil
	}
	tied := maps.Clone(n.Numbers)
	if n.Tie(s, at) {
		a.past.Numbers(s.Node, tied)
		a.dirty = true
	}
	if a.header.Found && !s.Merge && a.hasStated(known) {
		one.merge, one.joins = true, true
	}
	if err := one.applyTypes(ctx); err != nil {
		return err
	}
	if one.fresh {
		a.remember(n, s, stamp)
	} else if known != nil && undo.IsRollback(known.Import) {
		a.part.NoteTimes(undo.NoteOlder, len(s.Records))
	}
	return nil
}

// hasStated reports whether a source's last snapshot of a node is of this document. One that has only set and removed rows with it has not
// stated all that it knows.
func (a *applier) hasStated(known *ledger.Source) bool {
	return known != nil && known.Import == a.header.Import && known.Cleared.IsZero() && !known.Captured.IsZero() && known.Written.Equal(a.header.Written)
}

// remember notes which source has made a statement about the node, when, and by which identifiers. A statement that is older than the
// source's last one moves nothing but the time at which it was received.
func (a *applier) remember(n *ledger.NodeState, s *ledger.Statement, at ledger.Stamp) {
	var last ledger.Source
	if old := n.Sources[s.Source]; old != nil {
		last = *old
	}
	next := stated.Remembered(last, s, &a.header, at, a.received(), a.undoes)
	if last.Same(&next) {
		return
	}
	if n.Sources == nil {
		n.Sources = map[string]*ledger.Source{}
	}
	n.Sources[s.Source] = &next
	delete(n.Removed, s.Source)
	a.dirty = true
}
