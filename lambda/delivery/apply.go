package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// apply makes the delivery's statements part of the head in memory; rows are stored, the head is not.
func (r *run) apply(ctx context.Context, open Open) error {
	h, statements, err := open()
	if err != nil {
		return fmt.Errorf("delivery: opening it: %w", err)
	}
	r.header, r.part.Import, r.part.Partition, r.part.Received = h, h.Import, h.Partition, h.Received
	r.types, err = r.load(h)
	if err != nil {
		return err
	}
	r.head, err = r.config.Ledger.Load(ctx, h.Partition)
	if err != nil {
		return err
	}
	for s, err := range statements {
		if err != nil {
			return fmt.Errorf("delivery: reading it: %w", err)
		}
		if err := r.next(ctx, s); err != nil {
			return err
		}
	}
	if err := r.endNode(ctx); err != nil {
		return err
	}
	return r.missing(ctx)
}

// next applies a statement; where it is about another node than the one before, that one is complete.
func (r *run) next(ctx context.Context, s *ledger.Statement) error {
	if len(r.works) == 0 || r.works[len(r.works)-1].node != s.Node {
		if r.seen[s.Node] {
			return fmt.Errorf("delivery: the statements about node %s do not stand together", s.Node)
		}
		if err := r.endNode(ctx); err != nil {
			return err
		}
		r.seen[s.Node] = true
		r.works = append(r.works, newWork(s.Node))
		r.fresh = map[string]*ledger.Rows{}
	}
	return r.statement(ctx, r.works[len(r.works)-1], s)
}

// statement applies what a source says, unless it may not say it or has stated something newer.
func (r *run) statement(ctx context.Context, w *work, s *ledger.Statement) error {
	first := len(w.records)
	rejected := false
	for _, f := range s.Records {
		w.records = append(w.records, record{f.Number, f.Line, f.Outcome, f.Reason})
		rejected = rejected || f.Outcome == receipt.Rejected
	}
	reason, err := r.refuses(ctx, s)
	if err != nil {
		return err
	}
	if reason != "" {
		w.decideAll(first, receipt.Rejected, reason)
		return nil
	}
	n := r.node(s.Node)
	at, clamped := r.captured(s)
	if clamped {
		r.part.Note("a capture time in the future was taken as the time of receipt")
	}
	stamp := ledger.Stamp{Captured: at, Written: r.header.Written}.UTC()
	a := application{run: r, work: w, node: n, statement: s, at: stamp, first: first, merge: s.Merge || rejected}
	if known := n.Sources[s.Source]; r.header.Found && !s.Merge && known != nil && known.Import == r.header.Import && known.Cleared.IsZero() {
		a.merge, a.joins = true, true
	}
	if err := a.apply(ctx); err != nil {
		return err
	}
	if a.counts {
		r.remember(n, s, stamp)
	}
	return nil
}

func (w *work) decideAll(first int, o receipt.Outcome, reason string) {
	for i := first; i < len(w.records); i++ {
		w.decide(int32(i), o, reason) //nolint:gosec // records of one node
	}
}

// node returns what the head knows of a node, and makes room for it.
func (r *run) node(id string) *ledger.NodeState {
	n := r.head.Nodes[id]
	if n == nil {
		n = &ledger.NodeState{}
		r.head.Nodes[id] = n
	}
	return n
}

// captured is the time of a statement, never later than when its document was taken in.
func (r *run) captured(s *ledger.Statement) (at time.Time, clamped bool) {
	at, received := s.Captured, r.header.Received
	if at.IsZero() {
		at = r.header.Written
	}
	if now := r.now(); received.IsZero() || received.After(now) {
		received = now
	}
	if at.IsZero() {
		return received, false
	}
	if at.After(received) {
		return received, true
	}
	return at.UTC(), false
}

// received is when the delivery's document was taken in, by our clock.
func (r *run) received() time.Time {
	if at := r.header.Received; !at.IsZero() && at.Before(r.now()) {
		return at.UTC()
	}
	return r.now()
}

// remember notes who spoke, when, and what led to the node. What is older than the source's last word moves nothing but the time at
// which it was heard of.
func (r *run) remember(n *ledger.NodeState, s *ledger.Statement, at ledger.Stamp) {
	var last ledger.Source
	if old := n.Sources[s.Source]; old != nil {
		last = *old
	}
	known := last
	if last.Import != r.header.Import {
		known.Received = r.received()
	}
	if s.Merge {
		known.Merged = newest(known.Merged, at.Captured)
	}
	if at.Compare(ledger.Newest(last.Stamp(), ledger.Stamp{Captured: last.Merged})) >= 0 || last.Import == "" {
		known.Import, known.Mapping = r.header.Import, r.header.Mapping
		known.Subject = slices.Compact(slices.Sorted(slices.Values(s.Subject)))
		known.Cleared, known.Missing = time.Time{}, nil
		if !s.Merge {
			known.Captured, known.Written = at.Captured, at.Written
		}
	}
	if sameSource(last, known) {
		return
	}
	if n.Sources == nil {
		n.Sources = map[string]*ledger.Source{}
	}
	n.Sources[s.Source] = &known
	r.dirty = true
}

func sameSource(a, b ledger.Source) bool {
	return a.Stamp().Compare(b.Stamp()) == 0 && a.Merged.Equal(b.Merged) && a.Received.Equal(b.Received) &&
		a.Import == b.Import && a.Mapping == b.Mapping && a.Missing == b.Missing && a.Cleared.Equal(b.Cleared) && slices.Equal(a.Subject, b.Subject)
}

func newest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
