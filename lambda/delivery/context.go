package delivery

import (
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// The attributes of a context: which items of one type a node has, and when they came about.
const (
	contextKey  = "ComplianceType"
	contextTime = "ExecutionTime"
)

// byContext makes an item of the rows of each context. One that was put and has no rows any more is put empty.
func (r *run) byContext(w *work, n *ledger.NodeState, t *inventory.Type, rows []inventory.Entry) []*item {
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
		i := r.item(w, n, t, t.Name+" "+value, t.Name, rows)
		i.context, i.whole, i.wholeEntries = contextOf(t, value, rows), whole, all
		made = append(made, i)
	}
	slices.SortFunc(made, func(a, b *item) int { return compareNames(a.name, b.name) })
	return made
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

// hasContextKey reports whether a type's context says which of its items an entry belongs to.
func hasContextKey(t *inventory.Type) bool {
	return slices.ContainsFunc(t.Context, func(i int) bool { return t.Attributes[i] == contextKey })
}

// lacksContext says why an entry belongs to no item of its type; "": it does, or its type has one item only.
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

// wholeAccepted is what is remembered of a type with a context besides its items: what they are made of together.
func (i *item) wholeAccepted(now time.Time) *ledger.Accepted {
	return &ledger.Accepted{
		Compare: i.whole, Schema: i.t.SchemaVersion, Definition: i.t.Definition(), Captured: i.captured, At: now,
		Entries: i.wholeEntries, Truncated: i.truncated, Duplicates: i.duplicates,
	}
}
