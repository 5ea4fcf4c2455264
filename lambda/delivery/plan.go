package delivery

import (
	"context"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// planNode notes what would be put to a node.
func (r *run) planNode(ctx context.Context, w *work, n *ledger.NodeState) error {
	defer func() { w.done = true }()
	if n.Intent == nil || len(r.claimer.due([]*work{w})) == 0 {
		return nil
	}
	if ready, err := r.claimer.prepare(ctx, w, n); !ready || err != nil {
		return err
	}
	r.composer.claimed = r.now()
	due := r.dueTypes(n.Intent)
	w.doubt(n.Intent, due)
	items, err := r.composer.items(ctx, w, n, due)
	if err != nil {
		return err
	}
	r.putter.Plan(toPut(items))
	r.settler.decide(w, n, items)
	for _, name := range due {
		delete(n.Intent.Types, name)
	}
	r.settler.postpone(w, n, "") // what is open and not due
	return nil
}
