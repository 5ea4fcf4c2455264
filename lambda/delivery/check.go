package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// load finds the types that a delivery's header names, and makes sure that they are what they were when it was made.
func (r *run) load(h ledger.Header) (map[string]*inventory.Type, error) {
	if h.Partition < 0 || h.Partition >= r.config.Ledger.Partitions() {
		return nil, fmt.Errorf("delivery: partition %d: the state has %d", h.Partition, r.config.Ledger.Partitions())
	}
	types := make(map[string]*inventory.Type, len(h.Types))
	for _, shape := range h.Types {
		t, ok := r.config.Types.Type(shape.Name)
		if !ok {
			return nil, fmt.Errorf("%w: type %s is not loaded; hand the document in again", ErrSkew, shape.Name)
		}
		if !slices.Equal(t.Attributes, shape.Attributes) {
			return nil, fmt.Errorf("%w: type %s has other attributes; hand the document in again", ErrSkew, shape.Name)
		}
		types[shape.Name] = t
		if reason := refusesType(t); reason != "" {
			r.refused[shape.Name] = reason
		}
	}
	return types, nil
}

// refuses says why a statement may not be written at all, "" where it may. An error ends the delivery.
func (r *run) refuses(ctx context.Context, s *ledger.Statement) (string, error) {
	if !inventory.NodeID(s.Node) {
		return "the node's ID is none", nil
	}
	if p := r.config.Ledger.Partition(s.Node); p != r.header.Partition {
		return "", fmt.Errorf("delivery: node %s is of partition %d, not %d", s.Node, p, r.header.Partition)
	}
	if s.Source == "" {
		return "the source has no name", nil
	}
	for _, ts := range s.Types {
		if r.types[ts.Type] == nil {
			return "a type is not in the delivery's header", nil
		}
		if reason := r.refused[ts.Type]; reason != "" {
			return reason, nil
		}
	}
	if r.config.Allow == nil {
		return "", nil
	}
	err := r.config.Allow(ctx, r.header, s)
	var refused *Refusal
	if errors.As(err, &refused) {
		return refused.Reason, nil
	}
	if err != nil {
		return "", fmt.Errorf("delivery: asking whether node %s may be written: %w", s.Node, err)
	}
	return "", nil
}

func refusesType(t *inventory.Type) string {
	if err := t.Check(); err != nil {
		return err.Error()
	}
	if len(t.Context) > 0 && !hasContextKey(t) {
		return fmt.Sprintf("type %s: its context does not say the %s", t.Name, contextKey)
	}
	return ""
}

// check returns the rows of a type that the service takes, with their places in the statement. The records of the others are rejected.
func (a *application) check(t *inventory.Type, rows []ledger.Row) (set, removed []ledger.Row) {
	for _, row := range rows {
		if row.Record < 0 || int(row.Record) >= len(a.statement.Records) {
			row.Record = -1
		} else {
			row.Record += int32(a.first) //nolint:gosec // records of one node
		}
		if reason := cmp.Or(t.Refuses(row.Values), lacksContext(t, row.Values)); reason != "" {
			a.reject(row.Record, reason)
			continue
		}
		if row.Remove {
			removed = append(removed, row)
		} else {
			set = append(set, row)
		}
	}
	return set, removed
}
