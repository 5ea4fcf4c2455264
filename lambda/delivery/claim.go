package delivery

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/account"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/doubt"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/lanes"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/quota"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

const lease = 2 * time.Minute // how long a claim runs

// claimer claims nodes: while a claim runs, only its holder puts to the node.
type claimer struct {
	*partition
	settler *settler
	lane    func(target.Key) *lanes.Lane
	run     string // names the piece of work among all that write the state
}

// due returns the nodes that have something to be put that may be put now, in order. Nodes on which nothing can be done now are settled:
// they stay pending, or failed.
func (c *claimer) due(works []*work) []*work {
	var due []*work
	for _, w := range works {
		if w.done || w.claimed {
			continue
		}
		n := c.head.Nodes[w.node]
		switch {
		case n == nil || n.Intent == nil:
			c.settler.doneByOther(w, n)
		case c.heldByOther(n.Intent.Claim):
			c.settler.postpone(w, n, "another writer is putting to the node")
		case len(c.intents.Due(n.Intent)) == 0:
			c.settler.postpone(w, n, "")
		default:
			due = append(due, w)
		}
	}
	return due
}

// heldByOther reports whether another piece of work holds a claim. One that has run out, or whose writer is dead, holds nothing.
func (c *claimer) heldByOther(claim *ledger.Claim) bool {
	if claim == nil || claim.Run == c.run || !c.now().Before(claim.Until) {
		return false
	}
	return claim.Writer == c.config.Writer || c.config.Alive == nil || c.config.Alive(claim.Writer)
}

// claim claims the first nodes of each lane that does not put now, as many as its rate allows in a batch. From here on they may be put to, which
// the head holds before anything is sent. What has to be known before is asked for here.
func (c *claimer) claim(ctx context.Context, due []*work, now time.Time) error {
	claimed := map[*lanes.Lane]int{}
	for _, w := range due {
		n := c.head.Nodes[w.node]
		l := c.lane(n.Target())
		switch {
		case l.IsRunning() || claimed[l] > 0 && claimed[l] >= l.Batch(c.config.batch):
			continue
		case l.Stopped() != "":
			c.settler.postpone(w, n, l.Stopped())
			continue
		}
		ready, err := c.prepare(ctx, l, w, n)
		if err != nil {
			return err
		}
		if ready {
			c.claimNode(l, w, n, now)
			claimed[l]++
		}
	}
	return nil
}

func (c *claimer) claimNode(l *lanes.Lane, w *work, n *ledger.NodeState, now time.Time) {
	quota.Today(n, c.now())
	quota.Lost(n, n.Intent.Claim)
	due := c.intents.Due(n.Intent)
	n.Intent.Claim = &ledger.Claim{Writer: c.config.Writer, Run: c.run, Until: now.Add(lease), Reserved: quota.Reserve(n, c.intents.Composable(n, due))}
	w.doubts = doubt.Of(n.Intent, due)
	for _, name := range due {
		want := n.Intent.Types[name]
		want.Unsure, want.Sent = true, ledger.Latest(want.Sent, now)
	}
	w.lane, w.claimed, c.dirty = l, true, true
}

// prepare makes sure that what a node's claim needs is known: whether its types may be put, and what it held before. A node of which
// that cannot be found out now is postponed.
func (c *claimer) prepare(ctx context.Context, l *lanes.Lane, w *work, n *ledger.NodeState) (ready bool, err error) {
	for _, name := range c.intents.Due(n.Intent) {
		err := c.prepareType(ctx, l, w, n, name)
		if unanswered, ok := errors.AsType[*account.Error](err); ok {
			c.settler.postpone(w, n, l.Unanswered(unanswered))
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	l.Answered()
	return true, nil
}

func (c *claimer) prepareType(ctx context.Context, l *lanes.Lane, w *work, n *ledger.NodeState, name string) error {
	t, ok := c.config.Types(name)
	if !ok {
		return nil
	}
	answer, err := l.Admit(ctx, t, c.plan)
	if err != nil {
		return err
	}
	w.refuse(name, answer.Refusal)
	if mayHold, sure := c.mayHold(n, t); !mayHold || !answer.Existed && !sure || answer.Refusal != "" {
		return nil
	}
	found, err := l.Holds(ctx, w.node, t)
	if err == nil {
		err = found.Adopt(ctx, &c.stored, &c.part, n.Type(name), t, c.now())
		n.Intent.Types[name].Look, c.dirty = false, true
	}
	return err
}

// mayHold reports whether a node may hold rows of a type that nobody has stated; sure: also where the account had no such type before.
func (c *claimer) mayHold(n *ledger.NodeState, t *inventory.Type) (mayHold, sure bool) {
	held, want := cmp.Or(n.Types[t.Name], &ledger.Type{}), n.Intent.Types[t.Name]
	fresh := held.Accepted == nil && held.Looked.IsZero() && !want.Unsure
	return (want.Look || fresh) && len(t.Context) == 0 && !inventory.IsRollup(c.intents.Loaded(n), t.Name), want.Look
}
