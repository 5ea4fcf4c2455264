package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/account"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// mayDeliver returns an error for a delivery that cannot be applied here, before anything of it is. It finds the types of the header.
func (a *applier) mayDeliver() (err error) {
	if a.config.Allow != nil {
		if err := a.config.Allow.Header(&a.header); err != nil {
			return fmt.Errorf("delivery: %w", err)
		}
	}
	a.types, err = allowed.Types(&a.header, a.config.Ledger.Partitions(), a.config.Types)
	a.refused = map[string]string{}
	for name, t := range a.types {
		if reason := account.Refuses(t); reason != "" {
			a.refused[name] = reason
		}
	}
	return err
}

// refuses returns why a statement may not be written at all, "" where it may. An error ends the delivery.
func (a *applier) refuses(ctx context.Context, s *ledger.Statement) (string, error) {
	if !inventory.NodeID(s.Node) {
		return "it has no valid node ID", nil
	}
	if p := a.config.Ledger.Partition(s.Node); p != a.header.Partition {
		return "", fmt.Errorf("delivery: node %s is of partition %d, not %d", s.Node, p, a.header.Partition)
	}
	if s.Source == "" {
		return "the source has no name", nil
	}
	for _, ts := range s.Types {
		if a.types[ts.Type] == nil {
			return "a type is not in the delivery's header", nil
		}
		if reason := a.refused[ts.Type]; reason != "" {
			return reason, nil
		}
	}
	if a.config.Allow == nil {
		return "", nil
	}
	err := a.config.Allow.Statement(ctx, &a.header, s)
	if refused, ok := errors.AsType[*allowed.Refusal](err); ok {
		return refused.Reason, nil
	}
	if err != nil {
		return "", fmt.Errorf("delivery: asking whether node %s may be written: %w", s.Node, err)
	}
	return "", nil
}

// check returns the entries of a type that the service takes, with their records, and the rows that are removed. The records of the others are
// rejected.
func (a *application) check(t *inventory.Type, rows []ledger.Row) (set []inventory.Entry, records []int32, removed []ledger.Row) {
	set, records = make([]inventory.Entry, 0, len(rows)), make([]int32, 0, len(rows))
	for _, row := range rows {
		if row.Record < 0 || int(row.Record) >= len(a.statement.Records) {
			row.Record = -1
		} else {
			row.Record += int32(a.first) //nolint:gosec // records of one node
		}
		if reason := cmp.Or(t.Refuses(row.Values), t.LacksContext(row.Values)); reason != "" {
			a.reject(row.Record, reason)
			continue
		}
		if row.Remove {
			removed = append(removed, row)
		} else {
			set, records = append(set, row.Values), append(records, row.Record)
		}
	}
	return set, records, removed
}
