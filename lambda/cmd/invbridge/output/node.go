package output

import (
	"fmt"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// nodeLine is a node in the JSON of all commands that put or plan.
type nodeLine struct {
	Node  string     `json:"node"`
	Items []itemLine `json:"items"`
}

// itemLine is an item of a node. Outcome and Reason are left out where nothing is put.
type itemLine struct {
	Type      string          `json:"type"`
	Change    delivery.Change `json:"change"`
	Added     int             `json:"added"`
	Removed   int             `json:"removed"`
	Changed   int             `json:"changed"`
	Entries   int             `json:"entries"`
	Truncated int             `json:"cut,omitempty"`
	Outcome   receipt.Outcome `json:"outcome,omitempty"`
	Reason    string          `json:"reason,omitempty"`
}

// Node writes what was done at a node.
func (l *Lines) Node(n delivery.NodeResult) {
	if !l.JSON {
		writeNode(l.w, n)
		return
	}
	line := nodeLine{Node: n.Node, Items: []itemLine{}}
	for _, it := range n.Items {
		line.Items = append(line.Items, itemLine(it))
	}
	l.Object(line)
}

// writeNode shows what changed at a node; what did not is left out.
func writeNode(w io.Writer, n delivery.NodeResult) {
	for _, it := range n.Items {
		if it.Change == delivery.ChangeSame && it.Outcome.Good() {
			continue
		}
		state := string(it.Change)
		if it.Outcome != "" {
			state = string(it.Outcome)
		}
		if it.Reason != "" {
			state += " (" + it.Reason + ")"
		}
		fmt.Fprintf(w, "%-20s %-32s %5d entries  +%d -%d ~%d  %s\n",
			n.Node, it.Type, it.Entries, it.Added, it.Removed, it.Changed, state)
	}
}
