package delivery

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// The attributes of a context by which the items of a type differ, and their rows' executions.
const (
	contextKey  = "ComplianceType"
	contextTime = "ExecutionTime"
)

// byContext makes an item of the rows of each context. One that was put before and has no rows now is put empty. Where there is none at all,
// one that is not put stands for the type.
func (c *composer) byContext(w *work, n *ledger.NodeState, t *inventory.Type, rows []inventory.Entry) []*item {
	groups := map[string][]inventory.Entry{}
	for _, row := range rows {
		value := attribute(t, row, contextKey)
		groups[value] = append(groups[value], row)
	}
	for name, held := range n.Types {
		if value, ok := strings.CutPrefix(name, t.Name+" "); ok && held.Accepted != nil && groups[value] == nil {
			groups[value] = []inventory.Entry{}
		}
	}
	whole, all := t.CompareSum(rows), len(rows)
	var made []*item
	for value, rows := range groups {
		i := c.item(w, n, t, t.Name+" "+value, t.Name, rows)
		i.Context, i.whole, i.wholeEntries = contextOf(t, value, rows), whole, all
		made = append(made, i)
	}
	if len(made) == 0 {
		return []*item{c.withoutContext(w, n, t)}
	}
	slices.SortFunc(made, byName)
	return made
}

// withoutContext is the item of a type of which nothing is stated and nothing was accepted. It cannot be put, since its context is not
// known: what may have been put of it is left to the service to forget.
func (c *composer) withoutContext(w *work, n *ledger.NodeState, t *inventory.Type) *item {
	i := c.item(w, n, t, t.Name, t.Name, nil)
	if i.unsure {
		c.part.Note(fmt.Sprintf("entries of %s that may have been put and are no longer stated stay for up to %d days", t.Name, inventory.RetentionDays))
	}
	i.Needed = false
	return i
}

// contextOf is the context of rows: that of the latest execution among them.
func contextOf(t *inventory.Type, value string, rows []inventory.Entry) map[string]string {
	context := map[string]string{contextKey: value}
	latest := ""
	for n, row := range rows {
		at := attribute(t, row, contextTime)
		if n > 0 && at <= latest {
			continue
		}
		latest = at
		for _, i := range t.Context {
			if row[i] != "" {
				context[t.Attributes[i]] = row[i]
			}
		}
	}
	return context
}

// lacksContext returns why an entry belongs to no item of its type; "": it does, or its type has one item only.
func lacksContext(t *inventory.Type, row inventory.Entry) string {
	if len(t.Context) > 0 && attribute(t, row, contextKey) == "" {
		return "it has no " + contextKey
	}
	return ""
}

// attribute is the value that a row has of an attribute; "" where the type has none of that name.
func attribute(t *inventory.Type, row inventory.Entry, name string) string {
	if i := slices.Index(t.Attributes, name); i >= 0 {
		return row[i]
	}
	return ""
}
