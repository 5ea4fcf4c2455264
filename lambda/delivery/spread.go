package delivery

import (
	"context"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/lanes"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// longestBatch is when a batch that is done is closed at the latest, while others still put: before its claims run out.
const longestBatch = lease * 3 / 4

// lane returns the lane of an account and region.
func (r *run) lane(k target.Key) *lanes.Lane {
	if r.lanes[k] == nil {
		r.lanes[k] = r.targets.Lane(k)
	}
	return r.lanes[k]
}

// isHalted reports whether nothing more is put to the nodes of a lane, but for one whose account and region does not answer.
func (r *run) isHalted() bool {
	for _, l := range r.lanes {
		if !l.IsRunning() && l.Putter.Halted != "" && l.Putter.Halted != target.Unreachable {
			return true
		}
	}
	return false
}

// ask asks the accounts of all lanes at once about what is to be put there, where that is not known.
func (r *run) ask(ctx context.Context, due []*work) error {
	var q lanes.Questions
	for _, w := range due {
		n := r.head.Nodes[w.node]
		if n.Target().IsOwn() {
			continue
		}
		for _, name := range r.intents.Due(n.Intent) {
			if t, loaded := r.config.Types(name); loaded {
				mayHold, sure := r.claimer.mayHold(n, t)
				q.Add(r.lane(n.Target()), w.node, t, mayHold, sure)
			}
		}
	}
	return q.Ask(ctx, r.plan)
}

// claimedLanes returns the lanes of which nodes are claimed and that do not put yet, in order.
func (r *run) claimedLanes() []*lanes.Lane {
	found := map[*lanes.Lane]bool{}
	for _, w := range r.works {
		if w.claimed && !w.lane.IsRunning() {
			found[w.lane] = true
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b *lanes.Lane) int { return a.Key.Compare(b.Key) })
}

// spread is a run that puts to the nodes of several accounts and regions at once.
type spread struct {
	*run
	given   map[*lanes.Lane][]*work // that are claimed and not put yet
	batches map[*lanes.Lane][]*nodePut
}

// spread puts what is claimed of all lanes, and what is claimed next.
func (r *run) spread(ctx context.Context, list []*lanes.Lane) error {
	s := &spread{run: r, given: map[*lanes.Lane][]*work{}, batches: map[*lanes.Lane][]*nodePut{}}
	return lanes.Together(ctx, s, list, r.config.Reserve, longestBatch)
}

// Next makes the next node of a lane ready. One that another writer has claimed or done meanwhile is left to be settled.
func (s *spread) Next(ctx context.Context, l *lanes.Lane, begun bool) *lanes.Job {
	if s.batches[l] == nil {
		s.batches[l] = []*nodePut{}
		s.given[l] = slices.DeleteFunc(slices.Clone(s.works), func(w *work) bool { return !w.claimed || w.lane != l })
	}
	for len(s.given[l]) > 0 {
		d := &nodePut{work: s.given[l][0]}
		s.given[l], s.batches[l] = s.given[l][1:], append(s.batches[l], d)
		n := s.head.Nodes[d.work.node]
		d.begun = begun && n != nil && n.Intent != nil && n.Intent.Claim != nil && n.Intent.Claim.Run == s.claimer.run
		if d.begun {
			s.composer.claimed = l.Claimed
			to, items := s.ready(ctx, d)
			return &lanes.Job{Node: to, Items: items}
		}
	}
	return nil
}

// Waits reports whether more nodes of a lane wait to be claimed.
func (s *spread) Waits(l *lanes.Lane) bool {
	return l.Stopped() == "" && slices.ContainsFunc(s.works, func(w *work) bool {
		n := s.head.Nodes[w.node]
		return !w.done && !w.claimed && n != nil && n.Target() == l.Key
	})
}

// Close saves what became of the batches of lanes, and claims the next.
func (s *spread) Close(ctx context.Context, done []*lanes.Lane) ([]*lanes.Lane, error) {
	var batch []*nodePut
	for _, l := range done {
		batch = append(batch, s.batches[l]...)
		delete(s.batches, l)
		l.Take(&s.part)
	}
	s.emit()
	err := s.closeBatch(ctx, batch)
	s.emit()
	return s.claimedLanes(), err
}
