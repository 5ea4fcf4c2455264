package delivery

import (
	"cmp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/composed"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/quota"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// maxRounds is how often a node is put to because another writer changes it meanwhile.
const maxRounds = 10

// settler notes in the head what became of nodes and their items, and decides the outcomes of their records.
type settler struct {
	*partition
	run     string // names the piece of work among all that write the state
	settled []Settled
}

// close notes in the head what became of a node's items. Where the claim is no longer this run's, somebody else puts the node in full,
// and nothing is noted.
func (s *settler) close(d *nodePut) {
	w := d.work
	w.claimed = false
	n := s.head.Nodes[w.node]
	if n == nil || n.Intent == nil {
		s.doneByOther(w, n)
		return
	}
	if c := n.Intent.Claim; c == nil || c.Run != s.run {
		s.postpone(w, n, "another writer has claimed the node")
		return
	}
	n.Intent.Claim = nil
	s.dirty = true
	w.doubts.Restore(n.Intent)
	if !d.begun {
		return
	}
	if len(d.items) == 0 {
		s.noItems(d, n)
		return
	}
	quota.Today(n, s.now())
	n.Day.Bytes += d.to.Bytes
	open := map[string]bool{}
	for _, i := range d.items {
		if !i.Note(n, s.now()) {
			open[i.Type.Name] = true
		}
	}
	composed.Close(n, d.items, open, s.now())
	s.closeIntent(w, n, d.items)
}

// doneByOther settles a node whose intent another writer has closed: it has put what this run's shares made too.
func (s *settler) doneByOther(w *work, n *ledger.NodeState) {
	w.done = true
	if n == nil {
		w.decideAll(0, receipt.Pending, "another writer has forgotten the node")
		return
	}
	for _, name := range inventory.Sorted(w.types) {
		w.settle(name, n, receipt.Put, "", nil)
	}
}

// noItems settles a node of which no item could be made.
func (s *settler) noItems(d *nodePut, n *ledger.NodeState) {
	reason := composed.NotLoaded
	if d.err != nil {
		reason = "its rows in the state could not be read"
		s.part.Note(cmp.Or(stored.Damaged(d.err), "rows in the state could not be read"))
	}
	s.postpone(d.work, n, reason)
}

// closeIntent ends the work on a node, unless another writer has changed meanwhile what it should hold.
func (s *settler) closeIntent(w *work, n *ledger.NodeState, items []*composed.Item) {
	if slices.ContainsFunc(items, func(i *composed.Item) bool { return i.Outcome == receipt.Parked }) {
		s.settleWaits(w, n, receipt.Parked, put.NodeGone)
		n.Intent, n.Gone = nil, s.now()
	}
	s.decide(w, n, items)
	w.done = true
	if n.Intent == nil {
		return
	}
	if len(n.Intent.Types) == 0 {
		s.settleWaits(w, n, receipt.Put, "")
		n.Intent = nil
		return
	}
	w.rounds++
	if w.rounds < maxRounds && s.changedMeanwhile(n, items) {
		w.done = false
		return
	}
	s.postpone(w, n, "")
}

// changedMeanwhile reports whether another writer has opened something that can be put now.
func (s *settler) changedMeanwhile(n *ledger.NodeState, items []*composed.Item) bool {
	for _, name := range s.intents.Due(n.Intent) {
		at := slices.IndexFunc(items, func(i *composed.Item) bool { return i.Type.Name == name })
		if at >= 0 && !items[at].Settled() {
			continue
		}
		if len(s.intents.Composable(n, []string{name})) > 0 {
			return true
		}
	}
	return false
}

// decide decides the outcomes of records by what became of the node's items. A roll-up that stays open keeps the records open of which
// it is made.
func (s *settler) decide(w *work, n *ledger.NodeState, items []*composed.Item) {
	type decision struct {
		outcome receipt.Outcome
		reason  string
		rows    map[string][]inventory.RowOutcome
	}
	byType := map[string]*decision{}
	for _, i := range items {
		if result := w.items[i.Type.Name]; result != nil && !s.plan {
			result.Outcome, result.Reason = i.Outcome, i.Reason
		}
		d := byType[i.Of]
		if d == nil {
			d = &decision{outcome: receipt.Unchanged}
			byType[i.Of] = d
		}
		if i.Type.Name == i.Of {
			d.rows = i.Outcomes
		} else if i.Settled() {
			continue
		}
		if worst := receipt.Worst(d.outcome, i.Outcome); worst != d.outcome {
			d.outcome, d.reason = worst, i.Reason
		}
	}
	for _, name := range inventory.Sorted(byType) {
		d := byType[name]
		w.settle(name, n, d.outcome, d.reason, d.rows)
	}
}
