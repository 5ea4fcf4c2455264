package delivery

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

const (
	saveTimeout = 20 * time.Second // for saving what was accepted when there is no time left otherwise
	maxRounds   = 10               // times that a node is put because another writer changed it meanwhile
)

// attempted is a node whose claim is to be closed, with what became of its items; none: nothing was sent.
type attempted struct {
	work  *work
	begun bool
	items []*item
	bytes int64 // that were put, or may have been
	err   error // its rows could not be read
}

// finish puts what is claimed, batch after batch. Each time the head is written it says what was accepted and claims the next batch.
func (r *run) finish(ctx context.Context) error {
	for {
		batch := r.putBatch(ctx)
		r.emit()
		if len(batch) == 0 {
			return r.saveLate(ctx)
		}
		if err := r.close(ctx, batch); err != nil {
			return err
		}
		r.emit()
	}
}

// putBatch puts the nodes that are claimed, as far as there is time. What was accepted is noted in the head in memory when the
// batch is closed, not before.
func (r *run) putBatch(ctx context.Context) []attempted {
	var batch []attempted
	for _, w := range r.works {
		if !w.claimed {
			continue
		}
		a := attempted{work: w}
		if r.goesOn(ctx) {
			r.attempt(ctx, &a)
		}
		batch = append(batch, a)
	}
	return batch
}

func (r *run) attempt(ctx context.Context, a *attempted) {
	n := r.head.Nodes[a.work.node]
	a.begun = true
	a.items, a.err = r.items(ctx, a.work, n, r.dueTypes(n.Intent))
	if a.err != nil {
		return
	}
	r.putNode(ctx, a, n)
	for _, i := range a.items {
		i.rows = nil // they may be large
	}
}

// goesOn reports whether a further node may be begun: nothing has halted the run, the caller still waits, and the claims run.
func (r *run) goesOn(ctx context.Context) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < r.config.Reserve && r.halted == "" {
		r.halted = "no time is left"
	}
	if ctx.Err() != nil && r.halted == "" {
		r.halted = "it was ended"
	}
	return r.halted == "" && r.time(callTimeout)
}

// close saves what became of a batch, and claims the next. Where somebody else has written the head, that is done to the new one.
func (r *run) close(ctx context.Context, batch []attempted) error {
	if ctx.Err() != nil || r.halted != "" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
		defer cancel()
	}
	for n := 1; ; n++ {
		for _, a := range batch {
			r.closeNode(a)
		}
		due := r.due()
		if r.halted != "" {
			for _, w := range due {
				r.postpone(w, r.head.Nodes[w.node], r.halted)
			}
			due = nil
		}
		if err := r.claim(ctx, due); err != nil {
			return err
		}
		err := r.save(ctx)
		if err == nil || !errors.Is(err, ledger.ErrConflict) || n == maxConflicts {
			return err
		}
		if err := r.reload(ctx, batch, n); err != nil {
			return err
		}
	}
}

// reload reads the head that somebody else has written. What is not yet claimed in it is looked at anew.
func (r *run) reload(ctx context.Context, batch []attempted, n int) error {
	if err := pause(ctx, n); err != nil {
		return err
	}
	head, err := r.config.Ledger.Load(ctx, r.head.Partition)
	if err != nil {
		return err
	}
	r.head = head
	for _, w := range r.works {
		w.claimed = false
	}
	for _, a := range batch {
		a.work.done = false
	}
	return nil
}

// closeNode notes in the head what became of a node's items. Where the claim is no longer this run's, somebody else puts the node in
// full, and nothing is noted.
func (r *run) closeNode(a attempted) {
	w := a.work
	w.claimed = false
	n := r.head.Nodes[w.node]
	if n == nil || n.Intent == nil {
		r.doneByOther(w, n)
		return
	}
	if c := n.Intent.Claim; c == nil || c.Run != r.id {
		r.postpone(w, n, "another writer has taken the node over")
		return
	}
	n.Intent.Claim = nil
	r.dirty = true
	r.unclaim(w, n)
	if !a.begun {
		return
	}
	if len(a.items) == 0 {
		r.unmade(a, n)
		return
	}
	r.today(n)
	n.Day.Bytes += a.bytes
	open := map[string]bool{}
	for _, i := range a.items {
		r.closeItem(n, i, open)
	}
	r.closeTypes(n, a.items, open)
	r.closeIntent(w, n, a.items)
}

// doneByOther settles a node whose intent another writer has closed: it has put what this run's shares made too.
func (r *run) doneByOther(w *work, n *ledger.NodeState) {
	w.done = true
	if n == nil {
		w.decideAll(0, receipt.Pending, "another writer has forgotten the node")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(w.types)) {
		w.settle(name, n, receipt.Put, "", nil)
	}
}

// unclaim gives a claim back as if it had not been there.
func (r *run) unclaim(w *work, n *ledger.NodeState) {
	for name, d := range w.doubts {
		if want := n.Intent.Types[name]; want != nil {
			want.Unsure, want.Sent = d.unsure, d.sent
		}
	}
}

// unmade settles a node of which no item could be made.
func (r *run) unmade(a attempted, n *ledger.NodeState) {
	reason := "its types are not loaded"
	if a.err != nil {
		reason = "its rows in the state could not be read"
		r.part.Note("rows in the state could not be read")
	}
	r.postpone(a.work, n, reason)
}

// closeItem notes what was accepted, and why the type's intent stays open where it does.
func (r *run) closeItem(n *ledger.NodeState, i *item, open map[string]bool) {
	held := n.Type(i.name)
	switch i.outcome {
	case receipt.Put:
		held.Accepted = i.accepted(r.now())
		return
	case receipt.Unchanged:
		if held.Accepted != nil {
			held.Accepted.Definition, held.Accepted.Truncated, held.Accepted.Duplicates = i.t.Definition(), i.truncated, i.duplicates
		}
		return
	}
	want := n.Intent.Types[i.t.Name]
	open[i.t.Name] = true
	if want == nil {
		return
	}
	want.Unsure = want.Unsure || i.unsure || i.sent
	if i.sent {
		want.Sent = newest(want.Sent, i.captured)
	}
	want.Reason, want.NotBefore, want.Tried, want.Failed = i.reason, i.until, "", ""
	if !i.until.IsZero() {
		want.Tried = i.statedHash
	}
	if i.outcome == receipt.Failed {
		want.Failed = i.reason
	}
}

// closeTypes closes the intents of the types whose items are all as they should be.
func (r *run) closeTypes(n *ledger.NodeState, items []*item, open map[string]bool) {
	for _, i := range items {
		want := n.Intent.Types[i.t.Name]
		if want == nil || open[i.t.Name] {
			continue
		}
		*want = (ledger.Want{})
		if n.Type(i.of).SharesHash() == i.sharesHash {
			delete(n.Intent.Types, i.t.Name)
		}
		if i.name != i.t.Name {
			n.Type(i.t.Name).Accepted = i.wholeAccepted(r.now())
		}
	}
}

// closeIntent ends the work on a node, unless another writer has changed meanwhile what it should hold.
func (r *run) closeIntent(w *work, n *ledger.NodeState, items []*item) {
	if isGone(items) {
		r.settled(w, n, receipt.Parked, reasonGone)
		n.Intent, n.Gone = nil, r.now()
	}
	r.tell(w, n, items)
	w.done = true
	if n.Intent == nil {
		return
	}
	if len(n.Intent.Types) == 0 {
		r.settled(w, n, receipt.Put, "")
		n.Intent = nil
		return
	}
	w.rounds++
	if w.rounds < maxRounds && r.changedMeanwhile(n, items) {
		w.done = false
		return
	}
	r.postpone(w, n, "")
}

func isGone(items []*item) bool {
	return slices.ContainsFunc(items, func(i *item) bool { return i.outcome == receipt.Parked })
}

// changedMeanwhile reports whether another writer has opened something that can be put now.
func (r *run) changedMeanwhile(n *ledger.NodeState, items []*item) bool {
	for _, name := range r.dueTypes(n.Intent) {
		at := slices.IndexFunc(items, func(i *item) bool { return i.t.Name == name })
		if at >= 0 && !items[at].settled() {
			continue
		}
		if len(r.composable(n, []string{name})) > 0 {
			return true
		}
	}
	return false
}

// settled reports whether the node holds the item.
func (i *item) settled() bool { return i.outcome == receipt.Put || i.outcome == receipt.Unchanged }

// verdict is what became of a type, for the records that speak of it.
type verdict struct {
	outcome  receipt.Outcome
	reason   string
	outcomes map[string][]inventory.RowOutcome
}

// tell notes what became of a node's items, for its records and for who asks. A roll-up that stays open keeps the records open of
// which it is made.
func (r *run) tell(w *work, n *ledger.NodeState, items []*item) {
	verdicts := map[string]*verdict{}
	for _, i := range items {
		if result := w.items[i.t.Name]; result != nil && !r.plan {
			result.Outcome, result.Reason = i.outcome, i.reason
		}
		v := verdicts[i.of]
		if v == nil {
			v = &verdict{outcome: receipt.Unchanged}
			verdicts[i.of] = v
		}
		if i.t.Name == i.of {
			v.outcomes = i.outcomes
		} else if i.settled() {
			continue
		}
		if worst := receipt.Worst(v.outcome, i.outcome); worst != v.outcome {
			v.outcome, v.reason = worst, i.reason
		}
	}
	for _, name := range slices.Sorted(maps.Keys(verdicts)) {
		v := verdicts[name]
		w.settle(name, n, v.outcome, v.reason, v.outcomes)
	}
}
