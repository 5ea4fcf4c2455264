package parked

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/numbers"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Finder looks for the nodes of machines that had none.
type Finder struct {
	*Records
	Nodes   func(context.Context) (intake.Resolver, error)                   // asked for only where something is parked
	Deliver func(context.Context, delivery.Open, func(receipt.Detail)) error // as Deliverer.DeliverRecords
	Note    func(receipt.Note)
	Result
}

// Result is what became of the records that waited.
type Result struct {
	Found       int            // have a node now
	Waiting     int            // wait on
	By          map[string]int // these, by source
	NotLookedUp int            // machines that only a MAC address could name, say, that was not looked up yet
	Expired     int            // have waited for 30 days, and wait no longer
}

// count counts records of a source that wait on.
func (r *Result) count(source string, records int) {
	r.Waiting += records
	if records == 0 {
		return
	}
	if r.By == nil {
		r.By = map[string]int{}
	}
	r.By[source] += records
}

// replacedFor is how old an object must be that is deleted since a later document replaces it: a younger one may be about to become the last one.
const replacedFor = 24 * time.Hour

// Find looks for the nodes, and delivers the statements about machines that have one now. What is parked of one import is looked at together. Each
// time it begins with another import, so that bounded look-ups reach all of them in time.
func (f *Finder) Find(ctx context.Context) error {
	keys, err := f.Ledger.Parked(ctx, "")
	if err != nil || len(keys) == 0 {
		return err
	}
	resolver, err := f.Nodes(ctx)
	if err != nil {
		return err
	}
	tied := numbers.Of(ctx, f.Ledger, true)
	imports := byImport(keys)
	first := int(f.Now().Unix()/3600) % len(imports)
	var errs []error
	of := &source{}
	for _, one := range slices.Concat(imports[first:], imports[:first]) {
		if of.newer == nil || of.newer.source != one[0].Source {
			if of, err = f.source(ctx, ofOne(keys, one[0].Source)); err != nil {
				errs, of = append(errs, err), &source{} // the other sources go on
				continue
			}
		}
		errs = append(errs, f.findOf(ctx, one, resolver, tied, of))
	}
	if asking, ok := resolver.(*node.Asker); ok {
		errs = append(errs, asking.Err())
	}
	return errors.Join(append(errs, tied.Err())...)
}

// byImport groups keys, which are sorted, by import.
func byImport(keys []ledger.ParkedKey) [][]ledger.ParkedKey {
	var imports [][]ledger.ParkedKey
	var last ledger.ParkedKey
	for _, k := range keys {
		if imports == nil || k.Source != last.Source || k.Import != last.Import || k.Merge != last.Merge {
			imports = append(imports, nil)
		}
		imports[len(imports)-1] = append(imports[len(imports)-1], k)
		last = k
	}
	return imports
}

// object reads the statements of one object. An object that counts no longer, or has waited long enough, is deleted; ok is false
// then.
func (f *Finder) object(ctx context.Context, k ledger.ParkedKey, of *source) (h ledger.Header, list statements, ok bool, err error) {
	h, list, err = f.read(ctx, k)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return h, nil, false, nil
	case errors.Is(err, allowed.ErrNotBelieved): // what else waits of its source goes on
		f.Note(receipt.Note{Text: err.Error() + ": delete the object", Count: 1})
		return h, nil, false, nil
	case err != nil:
		return h, nil, false, err
	}
	age := f.Now().Sub(h.Received)
	switch {
	case replacedAll(k, h, of.last):
		if age < replacedFor {
			return h, nil, false, nil
		}
		return h, nil, false, f.Ledger.DeleteParked(ctx, k)
	case age >= ledger.ParkedFor:
		return h, nil, false, f.expire(ctx, k, h, list, of.newer)
	}
	if _, ok = f.Mappings.Head(h.Mapping); !ok { // it may be loaded again
		text := fmt.Sprintf("records of source %s wait on: the mapping %s is not loaded here: name your mappings with --mappings", k.Source, h.Mapping)
		f.Note(receipt.Note{Text: text, Count: 1})
	}
	return h, list, ok, nil
}

// expire deletes an object that has waited long enough, with a note on the receipt.
func (f *Finder) expire(ctx context.Context, k ledger.ParkedKey, h ledger.Header, list statements, newer *newer) error {
	found, err := f.Book.FoundWhole(ctx, k.Import)
	if err != nil {
		return err
	}
	n, err := stillWaiting(found, h, list, newer)
	if err != nil {
		return err
	}
	if n > 0 {
		text := fmt.Sprintf("parked records waited for a node for %d days and are dropped (source %s)", int(ledger.ParkedFor.Hours()/24), k.Source)
		if err := f.Book.Notice(ctx, k.Import, receipt.Note{Text: text, Count: n}); err != nil {
			return err
		}
	}
	f.Expired += n
	return f.Ledger.DeleteParked(ctx, k)
}

// deliverFound delivers parked statements about nodes of a partition, and notes on the receipt what became of their records. It returns
// how many of these have to be delivered again: what is not put yet stays parked until it is.
func (f *Finder) deliverFound(ctx context.Context, h ledger.Header, p int, list []*ledger.Statement) (again int, err error) {
	h.Partition, h.Absence, h.Found = p, nil, true
	outcomes := map[string]receipt.Outcome{}
	err = f.Deliver(ctx, func() (ledger.Header, iter.Seq2[*ledger.Statement, error], error) {
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
	if err != nil {
		return again, err
	}
	f.Found += len(outcomes)
	return again, f.Book.AddFound(ctx, h.Import, outcomes)
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
