package delivery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// writeRows stores a share's rows and returns their name; in a plan they are kept in memory.
func (p *partition) writeRows(ctx context.Context, t *inventory.Type, rows *ledger.Rows) (string, error) {
	if p.plan {
		name := fmt.Sprintf("planned %d", len(p.fresh))
		p.fresh[name] = rows
		return name, nil
	}
	return p.config.Ledger.WriteRows(ctx, t, rows)
}

func (p *partition) readRows(ctx context.Context, t *inventory.Type, name string) (*ledger.Rows, error) {
	if rows, ok := p.fresh[name]; ok {
		return rows, nil
	}
	return p.config.Ledger.ReadRows(ctx, t, name)
}

// compose composes the shares of a type.
func (p *partition) compose(ctx context.Context, t *inventory.Type, shares map[string]*ledger.Share) (inventory.Composition, error) {
	var list []inventory.Share
	for _, source := range slices.Sorted(maps.Keys(shares)) {
		share := shares[source]
		if share.Count == 0 {
			continue
		}
		rows, err := p.readRows(ctx, t, share.Rows)
		if err != nil {
			return inventory.Composition{}, err
		}
		list = append(list, inventory.Share{Source: source, Rows: rows.Rows, Captured: share.Captured, Times: times(share, rows)})
	}
	return inventory.Compose(t, list), nil
}

// times returns the capture times of rows that have their own; nil: all have that of the share's snapshot.
func times(share *ledger.Share, rows *ledger.Rows) []time.Time {
	if rows.Stamps == nil {
		return nil
	}
	times := make([]time.Time, len(rows.Stamps))
	for i, stamp := range rows.Stamps {
		times[i] = stamp.Captured
		if stamp.IsZero() {
			times[i] = share.Captured
		}
	}
	return times
}
