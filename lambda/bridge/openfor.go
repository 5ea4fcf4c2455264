package bridge

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// OpenFor is why intents stay open, and on how many nodes.
type OpenFor struct {
	Type   string `json:"type"`
	Reason string `json:"reason"`
	Nodes  int    `json:"nodes"`
}

// openReasons counts the nodes that wait, by type and reason.
type openReasons map[OpenFor]int

// count adds an open intent.
func (b *Bridge) count(reasons openReasons, in *ledger.Intent) {
	for name, want := range in.Types {
		reasons[OpenFor{Type: name, Reason: b.openReason(name, want)}]++
	}
}

func (b *Bridge) openReason(name string, w *ledger.Want) string {
	_, isKnown := b.inventoryType(name)
	switch {
	case !isKnown:
		return "no mapping here declares it: name your mappings with --mappings"
	case w.Failed != "":
		return "refused: " + w.Failed
	case b.Now().Before(w.NotBefore):
		return fmt.Sprintf("%s: not before %s", cmp.Or(w.Reason, "put off"), w.NotBefore.UTC().Format(time.DateOnly))
	}
	return cmp.Or(w.Reason, "it is still to be put")
}

// sorted returns the reasons, those of most nodes first.
func (r openReasons) sorted() []OpenFor {
	var list []OpenFor
	for o, n := range r {
		o.Nodes = n
		list = append(list, o)
	}
	slices.SortFunc(list, func(x, y OpenFor) int {
		return cmp.Or(cmp.Compare(y.Nodes, x.Nodes), cmp.Compare(x.Type, y.Type), cmp.Compare(x.Reason, y.Reason))
	})
	return list
}
