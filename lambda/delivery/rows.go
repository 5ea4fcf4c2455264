package delivery

import (
	"context"
	"maps"
	"slices"
	"time"

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
		list = append(list, inventory.Share{Source: source, Rows: rows.Rows, Captured: share.Base().Captured, Times: times(share, rows)})
	}
	return inventory.Compose(t, list), nil
}

// times returns the capture times of rows that have their own; nil: all have that of the share's snapshot.
func times(share *ledger.Share, rows *ledger.Rows) []time.Time {
	if rows.Stamps == nil && rows.Patches == nil {
		return nil
	}
	base := share.Base()
	times := make([]time.Time, len(rows.Rows))
	for i := range times {
		stamp := base
		if i < len(rows.Stamps) && !rows.Stamps[i].IsZero() {
			stamp = rows.Stamps[i]
		}
		if i < len(rows.Patches) {
			stamp = ledger.Newest(stamp, rows.Patches[i].Newest())
		}
		times[i] = stamp.Captured
	}
	return times
}
