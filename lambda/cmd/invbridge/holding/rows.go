package holding

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Entry is a row that a source states.
type Entry struct {
	Source string            `json:"source"`
	Import string            `json:"import,omitempty"`
	Values map[string]string `json:"values"`
}

// Entries returns the rows of a type that sources state about a node, by source.
func Entries(ctx context.Context, l *ledger.Ledger, h *ledger.Head, n *ledger.NodeState, t *inventory.Type) ([]Entry, error) {
	held := n.Types[t.Name]
	if held == nil {
		return nil, nil
	}
	var list []Entry
	for _, source := range slices.Sorted(maps.Keys(held.Shares)) {
		share := held.Shares[source]
		if share.Rows == "" {
			continue
		}
		rows, err := l.ReadRows(ctx, h, t, share.Rows)
		if err != nil {
			return nil, fmt.Errorf("rows of source %s: %w", source, err)
		}
		from := ""
		if known := n.Sources[source]; known != nil {
			from = known.Import
		}
		for _, row := range rows.Rows {
			list = append(list, Entry{Source: source, Import: from, Values: values(t, row)})
		}
	}
	return list, nil
}

func values(t *inventory.Type, row inventory.Entry) map[string]string {
	v := map[string]string{}
	for i, name := range t.Attributes {
		if row[i] != "" {
			v[name] = row[i]
		}
	}
	return v
}

// Drift returns the rows by which the service differs from what the ledger's sources make: those that it lacks are removed, those that it
// has besides are added.
func Drift(ctx context.Context, l *ledger.Ledger, h *ledger.Head, n *ledger.NodeState, t *inventory.Type, service Item) ([]differ.Row, error) {
	var shares map[string]*ledger.Share
	if held := n.Types[t.Name]; held != nil {
		shares = held.Shares
	}
	objects := stored.Objects{Ledger: l, Head: h, Plan: true}
	whole, err := objects.Compose(ctx, t, shares)
	if err != nil {
		return nil, err
	}
	var there []inventory.Entry
	for _, e := range service.Entries {
		there = append(there, t.EntryOf(e))
	}
	return differ.Compare(t, whole.Rows, there, true).Rows, nil
}
