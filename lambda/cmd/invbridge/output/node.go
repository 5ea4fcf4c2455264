package output

import (
	"cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
)

// Node writes what was done at a node. As text, what did not change is left out.
func (l *Lines) Node(n differ.Node) {
	l.Object(n)
	for _, it := range n.Items {
		if it.Change == differ.Same && it.Outcome.Good() {
			continue
		}
		state := cmp.Or(string(it.Outcome), string(it.Change))
		if it.Reason != "" {
			state += " (" + it.Reason + ")"
		}
		l.Text("%-20s %-32s %5d entries  +%d -%d ~%d  %s\n",
			n.Node+n.Target().In(), it.Type, it.Entries, it.Added, it.Removed, it.Changed, state)
	}
}
