package delivery

import (
	"maps"
	"slices"
	"time"

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

// heldByOther says whether another run is at work on an intent. A claim that has run out, or whose writer is dead, holds nothing.
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
// before any is sent.
func (r *run) claim(due []*work) {
	r.until = r.now().Add(lease)
	for _, w := range due[:min(len(due), r.batchSize())] {
		i := r.head.Nodes[w.node].Intent
		i.Claim = &ledger.Claim{Writer: r.config.Writer, Run: r.id, Until: r.until}
		for _, name := range r.dueTypes(i) {
			w.unsure[name] = i.Types[name].Unsure
			i.Types[name].Unsure = true
		}
		w.claimed, r.dirty = true, true
	}
}

func (r *run) batchSize() int {
	if r.config.Limiter == nil {
		return batchNodes
	}
	n := float64(r.config.Limiter.Limit()) * batchTime.Seconds()
	return int(max(1, min(n, batchNodes)))
}

// postpone settles a node on which this run does nothing more: its types stay open.
func (r *run) postpone(w *work, n *ledger.Node, reason string) {
	w.done = true
	for _, name := range slices.Sorted(maps.Keys(w.spoken)) {
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

func (r *run) pendingItem(w *work, n *ledger.Node, name string, o receipt.Outcome, reason string) {
	item := w.items[name]
	if item == nil {
		item = &ItemResult{Type: name, Change: ChangeChanged}
		if accepted := n.Type(name).Accepted; accepted == nil {
			item.Change = ChangeNew
		}
		for _, s := range n.Type(name).Shards {
			item.Entries += s.Count
		}
		w.items[name] = item
	}
	if item.Reason = reason; !r.plan {
		item.Outcome = o
	}
}
