package delivery

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/composed"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// byContext makes an item of the rows of each context. One that was put before and has no rows now is put empty. Where there is none at all,
// one that is not put stands for the type.
func (c *composer) byContext(w *work, n *ledger.NodeState, t *inventory.Type, rows []inventory.Entry) []*composed.Item {
	groups := map[string][]inventory.Entry{}
	for _, row := range rows {
		value := t.Value(row, inventory.ContextKey)
		groups[value] = append(groups[value], row)
	}
	for name, held := range n.Types {
		if value, ok := strings.CutPrefix(name, t.Name+" "); ok && held.Accepted != nil && groups[value] == nil {
			groups[value] = []inventory.Entry{}
		}
	}
	whole, all := t.CompareSum(rows), len(rows)
	var made []*composed.Item
	for value, rows := range groups {
		i := c.item(w, n, t, t.Name+" "+value, t.Name, t.ContentOf(rows))
		i.Context, i.Whole, i.WholeEntries = t.ContextOf(value, rows), whole, all
		made = append(made, i)
	}
	if len(made) == 0 {
		return []*composed.Item{c.withoutContext(w, n, t)}
	}
	slices.SortFunc(made, composed.ByName)
	return made
}

// withoutContext is the item of a type of which nothing is stated and nothing was accepted. It cannot be put, since its context is not
// known: what may have been put of it is left to the service to forget.
func (c *composer) withoutContext(w *work, n *ledger.NodeState, t *inventory.Type) *composed.Item {
	i := c.item(w, n, t, t.Name, t.Name, t.ContentOf(nil))
	if i.Unsure {
		c.part.Note(fmt.Sprintf("entries of %s that may have been put and are no longer stated stay for up to %d days", t.Name, inventory.RetentionDays))
	}
	i.Needed = false
	return i
}
