package delivery

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/composed"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/intents"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/lanes"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

const (
	defaultReserve = 10 * time.Second
	saveTimeout    = 20 * time.Second // for saving what was accepted when there is no time left otherwise
	maxConflicts   = 50               // times that a head is written anew because somebody else wrote it
)

// run is one piece of work on a partition, from the head that it changes to the puts that follow.
type run struct {
	*partition
	works      []*work              // in the order of the delivery
	emitted    int                  // works that are done and counted
	eachRecord func(receipt.Detail) // called with each record; may be nil
	claimer    claimer
	composer   composer
	settler    settler
	lanes      map[target.Key]*lanes.Lane
	putter     *put.Service // of the installation's own lane
}

// newRun begins a piece of work. The id names it among all that write the state.
func (d *Deliverer) newRun(id string, plan bool) *run {
	p := &partition{config: d.config, targets: d.targets, plan: plan, stored: stored.Objects{Ledger: d.config.Ledger, Plan: plan}}
	p.intents = intents.Intents{Types: d.config.Types, Now: p.now, Dirty: &p.dirty}
	r := &run{partition: p}
	r.settler = settler{partition: p, run: id}
	r.lanes = map[target.Key]*lanes.Lane{}
	r.claimer = claimer{partition: p, settler: &r.settler, lane: r.lane, run: id}
	r.composer = composer{partition: p}
	r.putter = r.lane(target.Key{}).Putter
	return r
}

// run does a piece of work: what begin changes in a head is saved with the first claims, and then put.
func (d *Deliverer) run(ctx context.Context, plan bool, begin func(context.Context, *run) error) (receipt.Part, []Settled, error) {
	id := rand.Text()
	for conflicts := 1; ; conflicts++ {
		r := d.newRun(id, plan)
		err := r.begin(ctx, begin)
		if errors.Is(err, ledger.ErrConflict) && conflicts < maxConflicts {
			if err := fault.Pause(ctx, conflicts); err != nil {
				return r.part, nil, err
			}
			continue
		}
		if err == nil && !plan {
			err = r.finish(ctx)
		}
		if err == nil {
			err = r.end()
		}
		if plan {
			return r.part, nil, err
		}
		return r.part, r.settler.settled, err
	}
}

// begin changes the head and saves it with the first claims.
func (r *run) begin(ctx context.Context, begin func(context.Context, *run) error) error {
	if err := begin(ctx, r); err != nil || r.plan {
		return err
	}
	if err := r.claim(ctx, r.next()); err != nil {
		return err
	}
	if !r.dirty {
		return nil
	}
	return r.save(ctx)
}

// claim claims the next batch of nodes.
func (r *run) claim(ctx context.Context, due []*work) error {
	if err := r.ask(ctx, due); err != nil {
		return err
	}
	now := r.now()
	for _, l := range r.lanes {
		if !l.IsRunning() {
			l.Claimed, l.Putter.Until = now, now.Add(lease)
		}
	}
	return r.claimer.claim(ctx, due, now)
}

// finish puts what is claimed, batch after batch. Each time the head is written it holds what was accepted, and the claims of the next
// batch.
func (r *run) finish(ctx context.Context) error {
	for {
		if list := r.claimedLanes(); len(list) > 1 || len(list) == 1 && !list[0].Key.IsOwn() {
			return r.spread(ctx, list)
		}
		r.composer.claimed = r.lane(target.Key{}).Claimed
		batch := r.putBatch(ctx)
		r.lane(target.Key{}).Take(&r.part)
		r.emit()
		if len(batch) == 0 {
			return nil
		}
		if err := r.closeBatch(ctx, batch); err != nil {
			return err
		}
		r.emit()
	}
}

// nodePut is a claimed node, and what became of the items that were put to it.
type nodePut struct {
	work  *work
	begun bool
	items []*composed.Item // none: nothing was sent
	to    put.Node
	err   error // its rows could not be read
}

// putBatch puts to the nodes that are claimed, as far as there is time. What was accepted is noted in the head in memory when the batch
// is closed, not before.
func (r *run) putBatch(ctx context.Context) []*nodePut {
	var batch []*nodePut
	r.putter.Each(ctx, func(yield func(*put.Node, []*put.Item) bool) {
		for _, w := range r.works {
			if !w.claimed {
				continue
			}
			d := &nodePut{work: w, begun: r.putter.Begin(ctx, r.config.Reserve)}
			batch = append(batch, d)
			if d.begun && !yield(r.ready(ctx, d)) {
				return
			}
		}
	})
	return batch
}

// ready composes the items of a node that is claimed.
func (r *run) ready(ctx context.Context, d *nodePut) (*put.Node, []*put.Item) {
	n := r.head.Nodes[d.work.node]
	d.items, d.err = r.composer.items(ctx, d.work, n, r.intents.Due(n.Intent))
	d.to = put.Node{ID: d.work.node, Today: n.Day.Bytes, Reserved: n.Intent.Claim.Reserved}
	return &d.to, composed.ToPut(d.items)
}

// closeBatch saves what became of a batch, and claims the next. Where somebody else has written the head, that is done to the new one.
func (r *run) closeBatch(ctx context.Context, batch []*nodePut) error {
	if ctx.Err() != nil || r.isHalted() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
		defer cancel()
	}
	for conflicts := 1; ; conflicts++ {
		for _, d := range batch {
			r.settler.close(d)
		}
		if err := r.claim(ctx, r.next()); err != nil {
			return err
		}
		err := r.save(ctx)
		if !errors.Is(err, ledger.ErrConflict) || conflicts == maxConflicts {
			return err
		}
		if err := r.reload(ctx, batch, conflicts); err != nil {
			return err
		}
	}
}

// next returns the nodes that are due, and postpones those of lanes where nothing more is put.
func (r *run) next() []*work {
	due := r.claimer.due(r.works)
	return slices.DeleteFunc(due, func(w *work) bool {
		n := r.head.Nodes[w.node]
		l := r.lane(n.Target())
		isHalted := !l.IsRunning() && l.Stopped() != ""
		if isHalted {
			r.settler.postpone(w, n, l.Stopped())
		}
		return isHalted
	})
}

// reload reads the head that somebody else has written. What is not yet claimed in it is looked at anew.
func (r *run) reload(ctx context.Context, batch []*nodePut, conflicts int) error {
	if err := fault.Pause(ctx, conflicts); err != nil {
		return err
	}
	if err := r.load(ctx); err != nil {
		return err
	}
	for _, w := range r.works {
		w.claimed = w.claimed && w.lane.IsRunning()
	}
	for _, d := range batch {
		d.work.done = false
	}
	return nil
}

// end counts what is left and sums up.
func (r *run) end() error {
	for _, w := range r.works {
		w.done = true
	}
	r.emit()
	r.part.Nodes = len(r.works)
	r.part.Ended = r.now()
	if err := r.part.Check(); err != nil {
		return fmt.Errorf("delivery: %w", err)
	}
	return nil
}

// emit counts the records of the nodes that are done, in the delivery's order, and hands the nodes to Config.Observe.
func (r *run) emit() {
	for ; r.emitted < len(r.works) && r.works[r.emitted].done; r.emitted++ {
		w := r.works[r.emitted]
		of := r.head.Nodes[w.node].Target()
		if !of.IsOwn() {
			r.part.Targets.Add(of.String(), 1)
		}
		for _, rec := range w.records {
			outcome := cmp.Or(rec.Outcome, receipt.Unchanged)
			d := receipt.Detail{Number: rec.Number, Line: rec.Line, Outcome: outcome, Reason: rec.Reason, Node: w.node, Account: of.Account, Region: of.Region}
			r.part.Record(d)
			if r.eachRecord != nil {
				r.eachRecord(d)
			}
		}
		if r.config.Observe != nil {
			r.config.Observe(w.result(of))
		}
		w.records, w.types, w.before, w.items, w.known, w.refused, w.doubts = nil, nil, nil, nil, nil, nil, nil
	}
}
