package delivery

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

const (
	defaultReserve = 10 * time.Second
	maxConflicts   = 50 // times that a head is written anew because somebody else wrote it
)

// ErrSkew is returned for a delivery that was made with other types than are loaded here.
var ErrSkew = errors.New("delivery: it was made with other types than are loaded here")

// run is the work on one delivery.
type run struct {
	config     Config
	id         string // names the run among all that write the state
	plan       bool
	header     ledger.Header
	types      map[string]*inventory.Type // of the header
	refused    map[string]string          // types of the header that may not be put, and why
	head       *ledger.Head               // as it is stored, with what this run has changed since
	dirty      bool                       // something has changed since
	fresh      map[string]*ledger.Rows    // in a plan: rows that would be written, of the node at hand
	works      []*work                    // in the order of the delivery
	seen       map[string]bool            // nodes among works
	emitted    int                        // works that are done and called with
	claimed    time.Time                  // when the claims at hand were made: nothing that is sent was captured later
	until      time.Time                  // of the claims at hand
	streak     int                        // nodes in a row whose calls failed
	halted     string                     // why nothing more is put; "": it goes on
	part       receipt.Part
	account    *account
	tellRecord func(receipt.Detail)                // called with each record; nil: nobody asks
	tended     string                              // the node at hand, where nodes are tended one by one
	before     map[string]map[string]*ledger.Share // of that node, by type and source: what was stated before it was tended
	after      []Settled                           // what was waited for and is settled now
}

// run does a piece of work: what begin changes in a head is saved with the first claims, and then put.
func (d *Deliverer) run(ctx context.Context, plan bool, begin func(context.Context, *run) error) (receipt.Part, []Settled, error) {
	id := rand.Text()
	for n := 1; ; n++ {
		r := &run{config: d.config, account: &d.account, id: id, plan: plan, seen: map[string]bool{}, refused: map[string]string{}}
		err := r.begin(ctx, begin)
		if errors.Is(err, ledger.ErrConflict) && n < maxConflicts {
			if err := pause(ctx, n); err != nil {
				return r.part, nil, err
			}
			continue
		}
		if err == nil && !plan {
			err = r.finish(ctx)
		}
		if err != nil {
			return r.part, r.after, err
		}
		part, err := r.end()
		return part, r.after, err
	}
}

// begin changes the head and saves it with the first claims.
func (r *run) begin(ctx context.Context, begin func(context.Context, *run) error) error {
	if err := begin(ctx, r); err != nil || r.plan {
		return err
	}
	if err := r.claim(ctx, r.due()); err != nil {
		return err
	}
	if !r.dirty || savesAfterPut() {
		return nil
	}
	return r.save(ctx)
}

// saveLate saves what a mutant has not saved before it put.
func (r *run) saveLate(ctx context.Context) error {
	if !savesAfterPut() || !r.dirty {
		return nil
	}
	return r.save(ctx)
}

func (r *run) save(ctx context.Context) error {
	if err := r.config.Ledger.Save(ctx, r.head); err != nil {
		return err
	}
	r.dirty = false
	return nil
}

// end tells of what is left and sums up.
func (r *run) end() (receipt.Part, error) {
	for _, w := range r.works {
		w.done = true
	}
	r.emit()
	r.part.Nodes = len(r.works)
	r.part.Ended = r.now()
	if err := r.part.Check(); err != nil {
		return r.part, fmt.Errorf("delivery: %w", err)
	}
	return r.part, nil
}

// emit counts the records of the nodes that are done, in the delivery's order, and tells of the nodes.
func (r *run) emit() {
	for ; r.emitted < len(r.works) && r.works[r.emitted].done; r.emitted++ {
		w := r.works[r.emitted]
		for _, rec := range w.records {
			if rec.outcome == "" {
				rec.outcome = receipt.Unchanged
			}
			d := receipt.Detail{Number: rec.number, Line: rec.line, Outcome: rec.outcome, Reason: rec.reason, Node: w.node}
			r.part.Record(d)
			if r.tellRecord != nil {
				r.tellRecord(d)
			}
		}
		if r.config.Observe != nil {
			r.config.Observe(w.result())
		}
		w.records, w.types, w.before = nil, nil, nil
	}
}

func (r *run) now() time.Time { return r.config.Clock().UTC() }

// pause waits a random time, longer after each failure.
func pause(ctx context.Context, n int) error {
	return fault.Sleep(ctx, fault.Jitter(ctx, 10*time.Millisecond, 500*time.Millisecond, n))
}
