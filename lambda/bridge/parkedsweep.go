package bridge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/numbers"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// parked looks for the nodes of machines that had none, and delivers the statements about those that have one now. What is parked of one
// import is looked at together. Each sweep begins with another import, so that bounded look-ups reach all of them in time.
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
		resolver = nodes.Asking(ctx, s.b.clients.Own(), s.b.clients.Listing)
	}
	tied := numbers.Of(ctx, s.b.Ledger, true)
	imports := byImport(keys)
	first := int(s.b.Now().Unix()/3600) % len(imports)
	var errs []error
	of := &waitingSource{}
	for _, one := range slices.Concat(imports[first:], imports[:first]) {
		if of.newer == nil || of.newer.source != one[0].Source {
			if of, err = s.b.waitingSource(ctx, ofOne(keys, one[0].Source)); err != nil {
				errs, of = append(errs, err), &waitingSource{} // the other sources go on
				continue
			}
		}
		errs = append(errs, s.parkedImport(ctx, one, resolver, tied, of))
	}
	if asking, ok := resolver.(*node.Asker); ok {
		errs = append(errs, asking.Err())
	}
	return errors.Join(append(errs, tied.Err())...)
}

// byImport groups keys, which are sorted, by import.
func byImport(keys []ledger.ParkedKey) [][]ledger.ParkedKey {
	var imports [][]ledger.ParkedKey
	for i, k := range keys {
		if i == 0 || k.Source != keys[i-1].Source || k.Import != keys[i-1].Import || k.Merge != keys[i-1].Merge {
			imports = append(imports, nil)
		}
		imports[len(imports)-1] = append(imports[len(imports)-1], k)
	}
	return imports
}

// parkedObject reads the statements of one object. An object that counts no longer, or has waited long enough, is deleted; ok is false
// then.
func (s *sweep) parkedObject(ctx context.Context, k ledger.ParkedKey, of *waitingSource) (h ledger.Header, list statements, ok bool, err error) {
	h, list, err = s.b.readParked(ctx, k)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return h, nil, false, nil
	case errors.Is(err, allowed.ErrNotBelieved): // what else waits of its source goes on
		s.Notes = receipt.AddNotes(s.Notes, []receipt.Note{{Text: err.Error() + ": delete the object", Count: 1}})
		return h, nil, false, nil
	case err != nil:
		return h, nil, false, err
	}
	age := s.b.Now().Sub(h.Received)
	switch {
	case replacedAll(k, h, of.last):
		if age < openLong { // it may be about to become the last one
			return h, nil, false, nil
		}
		return h, nil, false, s.b.Ledger.DeleteParked(ctx, k)
	case age >= ledger.ParkedFor:
		return h, nil, false, s.expireParked(ctx, k, h, list, of.newer)
	}
	if _, ok = s.b.Mappings.Head(h.Mapping); !ok { // it may be loaded again
		text := fmt.Sprintf("records of source %s wait on: the mapping %s is not loaded here: name your mappings with --mappings", k.Source, h.Mapping)
		s.Notes = receipt.AddNotes(s.Notes, []receipt.Note{{Text: text, Count: 1}})
	}
	return h, list, ok, nil
}

// ofOne returns the keys of one source. They are sorted by source.
func ofOne(keys []ledger.ParkedKey, source string) []ledger.ParkedKey {
	from := slices.IndexFunc(keys, func(k ledger.ParkedKey) bool { return k.Source == source })
	n := slices.IndexFunc(keys[from:], func(k ledger.ParkedKey) bool { return k.Source != source })
	if n < 0 {
		return keys[from:]
	}
	return keys[from : from+n]
}

// waitingSource is what decides which of a source's parked statements wait.
type waitingSource struct {
	last  *ledger.Parking
	newer *newer
}

func (b *Bridge) waitingSource(ctx context.Context, keys []ledger.ParkedKey) (*waitingSource, error) {
	last, err := b.parking(ctx, keys[0].Source)
	if err != nil {
		return nil, err
	}
	n, err := b.newerOf(ctx, keys)
	if err != nil {
		return nil, err
	}
	return &waitingSource{last, n}, nil
}

// replacedAll reports whether a later document that proved absence replaces all snapshots of an object.
func replacedAll(k ledger.ParkedKey, h ledger.Header, last *ledger.Parking) bool {
	return !k.Merge && last.Import != "" && last.Import != k.Import && !h.Written.After(last.Written)
}

func (b *Bridge) rules(m *mapping.Head) node.Rules { return intake.RulesOf(m, b.Account, b.Region) }

// expireParked deletes an object that has waited long enough, with a note on the receipt.
func (s *sweep) expireParked(ctx context.Context, k ledger.ParkedKey, h ledger.Header, list statements, newer *newer) error {
	found, err := s.b.book.FoundWhole(ctx, k.Import)
	if err != nil {
		return err
	}
	n, err := stillWaiting(found, h, list, newer)
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
		outcomes[receipt.FoundKey(d.Number, d.Node, list[0].Source)] = d.Outcome
	})
	if errors.Is(err, allowed.ErrSkew) {
		return 1, nil // its types have changed: the next document of the source has their new form
	}
	s.add(part)
	if err := errors.Join(err, s.b.settle(ctx, settled)); err != nil {
		return again, err
	}
	s.Found += len(outcomes)
	return again, s.b.book.AddFound(ctx, h.Import, outcomes)
}

// allFound reports whether the records of a parked statement are known to have been delivered to a node.
func allFound(f *receipt.Found, s *ledger.Statement, node string) bool {
	for _, r := range s.Records {
		if !f.Has(r.Number, node, s.Source) {
			return false
		}
	}
	return true
}
