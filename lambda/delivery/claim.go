package delivery

import (
	"cmp"
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
	lease       = 2 * time.Minute  // how long a claim runs
	callTimeout = 30 * time.Second // of one call
	margin      = 10 * time.Second // between the last moment of a call and the end of its claim
	batchTime   = time.Minute      // what a batch should take at the rate given
	batchNodes  = 500              // at most
)

// due returns the nodes of the delivery that have something to be put that may be put now, in order. Nodes on which nothing can be
// done now are settled: they stay pending, or failed.
func (r *run) due() []*work {
	var due []*work
	for _, w := range r.works {
		if w.done {
			continue
		}
		n := r.head.Nodes[w.node]
		if n == nil || n.Intent == nil {
			r.doneByOther(w, n)
			continue
		}
		if r.heldByOther(n.Intent) {
			r.postpone(w, n, "another writer is putting to the node")
			continue
		}
		if len(r.dueTypes(n.Intent)) == 0 {
			r.postpone(w, n, "")
			continue
		}
		due = append(due, w)
	}
	return due
}

// heldByOther reports whether another run is at work on an intent. A claim that has run out, or whose writer is dead, holds nothing.
func (r *run) heldByOther(i *ledger.Intent) bool {
	if i == nil || i.Claim == nil || i.Claim.Run == r.id || !r.now().Before(i.Claim.Until) {
		return false
	}
	return i.Claim.Writer == r.config.Writer || r.config.Alive == nil || r.config.Alive(i.Claim.Writer)
}

// dueTypes are the types of an intent that may be tried now, in order.
func (r *run) dueTypes(i *ledger.Intent) []string {
	var due []string
	for _, name := range slices.Sorted(maps.Keys(i.Types)) {
		if !r.now().Before(i.Types[name].NotBefore) {
			due = append(due, name)
		}
	}
	return due
}

// claim takes the first nodes, as many as the rate allows in a batch. From here on puts may be sent for them, which the head says
// before any is sent. What has to be known before is asked for here.
func (r *run) claim(ctx context.Context, due []*work) error {
	r.claimed = r.now()
	r.until = r.claimed.Add(lease)
	for _, w := range due[:min(len(due), r.batchSize())] {
		n := r.head.Nodes[w.node]
		ready, err := r.prepare(ctx, w, n)
		if err != nil {
			return err
		}
		if ready {
			r.claimNode(w, n)
		}
	}
	return nil
}

func (r *run) claimNode(w *work, n *ledger.NodeState) {
	i := n.Intent
	r.today(n)
	r.spend(n, i.Claim)
	w.doubts = map[string]doubt{}
	due := r.dueTypes(i)
	i.Claim = &ledger.Claim{Writer: r.config.Writer, Run: r.id, Until: r.until, Reserved: r.reserve(n, due)}
	for _, name := range due {
		want := i.Types[name]
		w.doubts[name] = doubt{want.Unsure, want.Sent}
		want.Unsure, want.Sent = true, newest(want.Sent, r.claimed)
	}
	w.claimed, r.dirty = true, true
}

// spend counts what a claim reserved whose holder did not come back: it may have been put.
func (r *run) spend(n *ledger.NodeState, c *ledger.Claim) {
	if c != nil && c.Reserved > 0 && c.Until.UTC().Format(time.DateOnly) >= n.Day.Date {
		n.Day.Bytes += c.Reserved
	}
}

// rollupBytes is more than a roll-up's row has.
const rollupBytes = 2 << 10

// reserve is what a node may put of the day's quota under one claim: some times what all its types together can have, since an answer
// may be lost.
func (r *run) reserve(n *ledger.NodeState, due []string) int64 {
	bound := int64(0)
	for _, t := range r.composable(n, due) {
		own := int64(0)
		for _, s := range n.Type(t.Name).Shares {
			own += int64(cmp.Or(s.Bytes, s.Count*inventory.MaxValueBytes)) + 2
			bound += rollupBytes
		}
		bound += min(own, inventory.PlannedItemBytes) + 2
	}
	most := max(2*bound, min(failedAttempts*bound, 1<<20))
	return max(0, min(most, inventory.PlannedDayBytes-n.Day.Bytes))
}

// prepare makes sure that what a node's claim needs is known: whether its types may be put, and what it held before. A node of which
// that cannot be found out now is postponed.
func (r *run) prepare(ctx context.Context, w *work, n *ledger.NodeState) (ready bool, err error) {
	for _, name := range r.dueTypes(n.Intent) {
		err := r.prepareType(ctx, w, n, name)
		var asked *askError
		if errors.As(err, &asked) {
			r.postpone(w, n, asked.reason())
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

func (r *run) prepareType(ctx context.Context, w *work, n *ledger.NodeState, name string) error {
	t, ok := r.config.Types.Type(name)
	if !ok {
		return nil
	}
	refusal, existed, err := r.account.admit(ctx, r, t)
	if err != nil {
		return err
	}
	w.refused[name] = refusal
	held := n.Type(name)
	fresh := held.Accepted == nil && held.Looked.IsZero() && !n.Intent.Types[name].Unsure
	if !existed || !fresh || refusal != "" || len(t.Context) > 0 || r.isRollup(n, name) {
		return nil
	}
	return r.adopt(ctx, w.node, held, t)
}

func (r *run) batchSize() int {
	return int(max(1, min(r.config.Pace.perSecond()*batchTime.Seconds(), float64(cmp.Or(r.config.batch, batchNodes)))))
}

// postpone settles a node on which this run does nothing more: its types stay open.
func (r *run) postpone(w *work, n *ledger.NodeState, reason string) {
	w.done = true
	if n.Intent != nil && len(w.types) > 0 {
		r.wait(n.Intent)
	}
	for _, name := range slices.Sorted(maps.Keys(w.types)) {
		t, ok := r.config.Types.Type(name)
		if !ok || !r.isOpen(n, t) {
			continue
		}
		o, why := receipt.Pending, reason
		for ; t != nil; t = rollupOf(t) {
			if want := n.Intent.Types[t.Name]; want != nil {
				o, why = stillOpen(want, why)
				r.pendingItem(w, n, t.Name, o, why)
			}
		}
		w.settle(name, n, o, why, nil)
	}
}

// stillOpen is what an intent that is not tried now means for its records.
func stillOpen(want *ledger.Want, reason string) (receipt.Outcome, string) {
	if want.Failed != "" {
		return receipt.Failed, want.Failed
	}
	if want.Reason != "" {
		return receipt.Pending, want.Reason
	}
	return receipt.Pending, reason
}

func (r *run) pendingItem(w *work, n *ledger.NodeState, name string, o receipt.Outcome, reason string) {
	item := w.items[name]
	if item == nil {
		item = &ItemResult{Type: name, Change: ChangeChanged}
		if accepted := n.Type(name).Accepted; accepted == nil {
			item.Change = ChangeNew
		}
		for _, s := range n.Type(name).Shares {
			item.Entries += s.Count
		}
		w.items[name] = item
	}
	item.Reason = reason
	if !r.plan {
		item.Outcome = o
	}
}
