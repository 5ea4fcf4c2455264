package delivery

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/account"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/doubt"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/quota"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

const (
	lease      = 2 * time.Minute // how long a claim runs
	batchTime  = time.Minute     // what a batch should take at the rate given
	batchNodes = 500             // at most
)

// claimer claims nodes: while a claim runs, only its holder puts to the node.
type claimer struct {
	*partition
	settler *settler
	account *account.Account
	run     string // names the piece of work among all that write the state
}

// due returns the nodes that have something to be put that may be put now, in order. Nodes on which nothing can be done now are settled:
// they stay pending, or failed.
func (c *claimer) due(works []*work) []*work {
	var due []*work
	for _, w := range works {
		if w.done {
			continue
		}
		n := c.head.Nodes[w.node]
		switch {
		case n == nil || n.Intent == nil:
			c.settler.doneByOther(w, n)
		case c.heldByOther(n.Intent.Claim):
			c.settler.postpone(w, n, "another writer is putting to the node")
		case len(c.dueTypes(n.Intent)) == 0:
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

// claim claims the first nodes, as many as the rate allows in a batch. From here on they may be put to, which the head holds before
// anything is sent. What has to be known before is asked for here.
func (c *claimer) claim(ctx context.Context, due []*work, now time.Time) error {
	most := max(1, min(c.config.Pace.PerSecond()*batchTime.Seconds(), float64(cmp.Or(c.config.batch, batchNodes))))
	for _, w := range due[:min(len(due), int(most))] {
		n := c.head.Nodes[w.node]
		ready, err := c.prepare(ctx, w, n)
		if err != nil {
			return err
		}
		if ready {
			c.claimNode(w, n, now)
		}
	}
	return nil
}

func (c *claimer) claimNode(w *work, n *ledger.NodeState, now time.Time) {
	quota.Today(n, c.now())
	quota.Lost(n, n.Intent.Claim)
	due := c.dueTypes(n.Intent)
	n.Intent.Claim = &ledger.Claim{Writer: c.config.Writer, Run: c.run, Until: now.Add(lease), Reserved: quota.Reserve(n, c.composable(n, due))}
	w.doubts = doubt.Of(n.Intent, due)
	for _, name := range due {
		want := n.Intent.Types[name]
		want.Unsure, want.Sent = true, ledger.Latest(want.Sent, now)
	}
	w.claimed, c.dirty = true, true
}

// prepare makes sure that what a node's claim needs is known: whether its types may be put, and what it held before. A node of which
// that cannot be found out now is postponed.
func (c *claimer) prepare(ctx context.Context, w *work, n *ledger.NodeState) (ready bool, err error) {
	for _, name := range c.dueTypes(n.Intent) {
		err := c.prepareType(ctx, w, n, name)
		if unanswered, ok := errors.AsType[*account.Error](err); ok {
			c.settler.postpone(w, n, unanswered.Reason())
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

func (c *claimer) prepareType(ctx context.Context, w *work, n *ledger.NodeState, name string) error {
	t, ok := c.config.Types(name)
	if !ok {
		return nil
	}
	refusal, existed, err := c.account.Admit(ctx, t, c.plan)
	if err != nil {
		return err
	}
	w.refuse(name, refusal)
	held := n.Type(name)
	want := n.Intent.Types[name]
	fresh := existed && held.Accepted == nil && held.Looked.IsZero() && !want.Unsure
	if !want.Look && !fresh || refusal != "" || len(t.Context) > 0 || inventory.IsRollup(c.loadedTypes(n), name) {
		return nil
	}
	err = c.adopt(ctx, w.node, held, t)
	want.Look = want.Look && err != nil
	return err
}

// adopted is the source of rows that nodes held before this installation put anything.
const adopted = "found"

// adopt reads what a node holds of a type before it is put for the first time, so that what another program put is not erased: its
// rows become a share of their own, until the operator removes it.
func (c *claimer) adopt(ctx context.Context, id string, held *ledger.Type, t *inventory.Type) error {
	rows, captured, err := c.account.Entries(ctx, id, t)
	if err != nil {
		return err
	}
	held.Looked = c.now()
	c.dirty = true
	if len(rows) == 0 || held.Shares[adopted] != nil {
		return nil
	}
	arranged := t.Arrange(rows)
	c.part.NoteTimes(receipt.NoteDisplaced, len(arranged.Displaced))
	c.part.NoteTimes(receipt.NoteCut, arranged.Cuts)
	share, err := c.stored.Share(ctx, t, arranged.Rows)
	if err != nil {
		return err
	}
	share.Captured, share.Stated, share.Adopted = captured, c.now(), true
	if held.Shares == nil {
		held.Shares = map[string]*ledger.Share{}
	}
	held.Shares[adopted] = share
	c.part.Note("rows that a node held already were kept as the source " + adopted)
	return nil
}
