package planned

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// AddNamed adds a node under the name that it has in the directory.
func (p *Plan) AddNamed(nodes *node.Directory, n differ.Node) {
	known, _ := nodes.Lookup(n.Node)
	p.Add(Node{Node: n, Name: cmp.Or(known.ComputerName, known.Name)})
}

// Show shows the nodes.
func (p *Plan) Show(out *output.Lines) {
	for _, n := range p.Sorted() {
		out.Object(n)
		if !out.JSON {
			n.Write(out)
		}
	}
}

// Hint names the flag that shows what is hidden; "": nothing is.
func (p *Plan) Hint() string {
	if p.Unchanged()+p.Stale() == 0 || p.All {
		return ""
	}
	return " (--all shows them)"
}

// Cost is how many calls a plan takes, how long these take at the rate, and how many bytes they put.
func Cost(calls int, bytes int64, rate float64) string {
	if calls == 0 {
		return ""
	}
	text := fmt.Sprintf(" (%s", size(bytes))
	if rate > 0 {
		text += fmt.Sprintf(", %s at %g a second", time.Duration(math.Ceil(float64(calls)/rate))*time.Second, rate)
	}
	return text + ")"
}

func size(bytes int64) string {
	switch {
	case bytes < 10<<10:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 10<<20:
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}
