package bridge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// parked looks for the nodes of machines that had none, and delivers the statements about those that have one now.
func (s *sweep) parked(ctx context.Context) error {
	keys, err := s.b.Ledger.Parked(ctx, "")
	if err != nil || len(keys) == 0 {
		return err
	}
	nodes, err := s.b.directory(ctx, min(s.b.NodesFor, freshFor))
	if err != nil {
		return err
	}
	var resolver intake.Resolver = nodes
	if s.b.Nodes == nil {
		resolver = nodes.Asking(ctx, retrying{s.b.SSM, s.b.pace})
	}
	var errs []error
	last := map[string]string{} // by source: the import of its last snapshot
	for _, k := range keys {
		errs = append(errs, s.parkedObject(ctx, k, resolver, last))
	}
	if asking, ok := resolver.(*node.Asker); ok {
		errs = append(errs, asking.Err())
	}
	return errors.Join(errs...)
}

// parkedObject looks for the nodes of one object's machines. An object that counts no longer, or has waited long enough, is deleted.
func (s *sweep) parkedObject(ctx context.Context, k ledger.ParkedKey, r intake.Resolver, last map[string]string) error {
	if _, ok := last[k.Source]; !ok {
		p, err := s.b.Ledger.Parking(ctx, k.Source)
		if err != nil {
			return err
		}
		last[k.Source] = p.Import
	}
	h, list, err := s.b.Ledger.ReadParked(ctx, k)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	age := s.b.Now().Sub(h.Received)
	switch {
	case !k.Merge && last[k.Source] != k.Import:
		if age < openLong { // it may be about to become the last one
			return nil
		}
		return s.b.Ledger.DeleteParked(ctx, k)
	case age >= ledger.ParkedFor:
		return s.expireParked(ctx, k, list)
	}
	m, ok := s.b.Mappings.Mapping(h.Mapping)
	if !ok {
		return nil // it may be loaded again
	}
	return s.tryParked(ctx, k, h, list, func(subject node.Subject) node.Decision { return r.Resolve(subject, s.b.rules(m)) })
}

func (b *Bridge) rules(m *mapping.Mapping) node.Rules { return intake.RulesOf(m, b.Region) }

// expireParked deletes an object that has waited long enough, with a note on the receipt.
func (s *sweep) expireParked(ctx context.Context, k ledger.ParkedKey, list statements) error {
	found, err := s.b.book.Found(ctx, k.Import)
	if err != nil {
		return err
	}
	n, err := stillWaiting(found, list)
	if err != nil {
		return err
	}
	if n > 0 {
		text := fmt.Sprintf("parked records waited for a node for %d days and are dropped (source %s)", int(ledger.ParkedFor.Hours()/24), k.Source)
		if err := s.b.book.Notice(ctx, k.Import, receipt.Note{Text: text, Count: n}); err != nil {
			return err
		}
	}
	s.ParkExpired += n
	return s.b.Ledger.DeleteParked(ctx, k)
}

// tryParked delivers the statements about machines that have a node now. When none is left, the object is deleted.
func (s *sweep) tryParked(ctx context.Context, k ledger.ParkedKey, h ledger.Header, list statements, find func(node.Subject) node.Decision) error {
	found, err := s.b.book.Found(ctx, k.Import)
	if err != nil {
		return err
	}
	byPartition := map[int][]*ledger.Statement{}
	left := 0
	for st, err := range list {
		if err != nil {
			return err
		}
		d := find(intake.SubjectFrom(st.Subject))
		switch {
		case d.Outcome != node.Matched:
			left += len(st.Records)
		case !allFound(&found, st.Records, d.Node):
			p := s.b.Ledger.Partition(d.Node)
			byPartition[p] = append(byPartition[p], cloned(st, d.Node))
		}
	}
	s.park(k.Source, left)
	for p, list := range byPartition {
		pending, err := s.deliverFound(ctx, h, p, list)
		if err != nil {
			return err
		}
		left += pending
	}
	if left > 0 {
		return nil
	}
	return s.b.Ledger.DeleteParked(ctx, k)
}

// deliverFound delivers parked statements about nodes of a partition, and notes on the receipt what became of their records. It returns
// how many of these have to be delivered again: what is not put yet stays parked until it is.
func (s *sweep) deliverFound(ctx context.Context, h ledger.Header, p int, list []*ledger.Statement) (again int, err error) {
	h.Partition, h.Absence, h.Found = p, nil, true
	outcomes := map[string]receipt.Outcome{}
	part, settled, err := s.d.DeliverRecords(ctx, func() (ledger.Header, iter.Seq2[*ledger.Statement, error], error) {
		return h, inOrder(list), nil
	}, func(d receipt.Detail) {
		if d.Outcome == receipt.Pending {
			again++
			return
		}
		outcomes[receipt.FoundKey(d.Number, d.Node)] = d.Outcome
	})
	if errors.Is(err, delivery.ErrSkew) {
		return 1, nil // its types have changed: the next document of the source has their new form
	}
	s.add(part)
	if err := errors.Join(err, s.b.settle(ctx, settled)); err != nil {
		return again, err
	}
	s.Found += len(outcomes)
	return again, s.b.book.AddFound(ctx, h.Import, outcomes)
}

// allFound reports whether records are known to have been delivered to a node.
func allFound(f *receipt.Found, records []ledger.RecordResult, node string) bool {
	for _, r := range records {
		if _, ok := f.Outcomes[receipt.FoundKey(r.Number, node)]; !ok {
			return false
		}
	}
	return true
}
