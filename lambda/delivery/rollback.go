package delivery

import (
	"context"
	"iter"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Rollback makes sources state what they did before an import, as another import does.
func (d *Deliverer) Rollback(ctx context.Context, of *undo.Delivery) (receipt.Part, []Settled, error) {
	return d.run(ctx, d.config.Plan, func(ctx context.Context, r *run) error {
		of.Objects, of.Dirty, of.Were = &r.stored, &r.dirty, undo.Shares{}
		a := applier{partition: r.partition, seen: map[string]bool{}, were: of.Were, undoes: true}
		if r.plan {
			a.planNode = r.planNode
		}
		err := a.apply(ctx, func() (ledger.Header, iter.Seq2[*ledger.Statement, error], error) { return of.Open(ctx) })
		for _, node := range of.Damaged {
			r.part.Record(node)
		}
		r.works = a.works
		return err
	})
}
