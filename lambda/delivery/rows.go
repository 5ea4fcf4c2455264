package delivery

import (
	"context"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// compose composes the shares of a type.
func (p *partition) compose(ctx context.Context, t *inventory.Type, shares map[string]*ledger.Share) (inventory.Composition, error) {
	var list []inventory.Share
	for _, source := range slices.Sorted(maps.Keys(shares)) {
		share := shares[source]
		if share.Count == 0 {
			continue
		}
		rows, err := p.stored.ReadRows(ctx, t, share.Rows)
		if err != nil {
			return inventory.Composition{}, err
		}
		list = append(list, inventory.Share{Source: source, Rows: rows.Rows, Captured: share.Base().Captured, Times: share.Times(rows)})
	}
	return inventory.Compose(t, list), nil
}
