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

// writeRows stores a share's rows; in a plan they are kept in memory.
func (r *run) writeRows(ctx context.Context, t *inventory.Type, rows *ledger.Rows) (string, error) {
	if r.plan {
		name := fmt.Sprintf("planned %d", len(r.fresh))
		r.fresh[name] = rows
		return name, nil
	}
	return r.config.Ledger.WriteRows(ctx, t, rows)
}

func (r *run) readRows(ctx context.Context, t *inventory.Type, name string) (*ledger.Rows, error) {
	if rows, ok := r.fresh[name]; ok {
		return rows, nil
	}
	return r.config.Ledger.ReadRows(ctx, t, name)
}

// compose makes the item of a type from the shares given, by source. Its outcomes are by source and row.
func (r *run) compose(ctx context.Context, t *inventory.Type, shares map[string]*ledger.Share) (composed, error) {
	var sources []string
	var list []inventory.Share
	for _, source := range slices.Sorted(maps.Keys(shares)) {
		share := shares[source]
		if share.Count == 0 {
			continue
		}
		rows, err := r.readRows(ctx, t, share.Rows)
		if err != nil {
			return composed{}, err
		}
		sources, list = append(sources, source), append(list, inventory.Share{Source: source, Rows: rows.Rows, Captured: share.Captured, Times: times(share, rows)})
	}
	c := composed{Composition: inventory.Compose(t, list), outcomes: map[string][]inventory.RowOutcome{}}
	for i, source := range sources {
		c.outcomes[source] = c.Outcomes[i]
	}
	return c, nil
}

// composed is a composition whose outcomes are found by source.
type composed struct {
	inventory.Composition
	outcomes map[string][]inventory.RowOutcome
}

// times are when rows that were set one by one were true; nil: all when the share's snapshot was.
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
