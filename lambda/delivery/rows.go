package delivery

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// writeRows stores a shard's rows; in a plan they are kept in memory.
func (r *run) writeRows(ctx context.Context, t *inventory.Type, rows []inventory.Entry) (string, error) {
	if r.plan {
		name := fmt.Sprintf("planned %d", len(r.fresh))
		r.fresh[name] = &ledger.Rows{Rows: rows}
		return name, nil
	}
	return r.config.Ledger.WriteRows(ctx, t, &ledger.Rows{Rows: rows})
}

func (r *run) readRows(ctx context.Context, t *inventory.Type, name string) ([]inventory.Entry, error) {
	if rows, ok := r.fresh[name]; ok {
		return rows.Rows, nil
	}
	rows, err := r.config.Ledger.ReadRows(ctx, t, name)
	if err != nil {
		return nil, err
	}
	return rows.Rows, nil
}

// compose makes the item of a type from the shards given, by source. Its fates are by source and row.
func (r *run) compose(ctx context.Context, t *inventory.Type, shards map[string]*ledger.Shard) (composed, error) {
	sources := slices.Sorted(maps.Keys(shards))
	list := make([]inventory.Shard, len(sources))
	for i, source := range sources {
		rows, err := r.readRows(ctx, t, shards[source].Rows)
		if err != nil {
			return composed{}, err
		}
		list[i] = inventory.Shard{Source: source, Rows: rows, Captured: shards[source].Captured}
	}
	c := composed{Composition: inventory.Compose(t, list), fates: map[string][]inventory.RowFate{}}
	for i, source := range sources {
		c.fates[source] = c.Fates[i]
	}
	return c, nil
}

// composed is a composition whose fates are found by source.
type composed struct {
	inventory.Composition
	fates map[string][]inventory.RowFate
}
