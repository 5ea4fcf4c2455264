package planned

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
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

// WaitText says how many of the nodes that change wait for their account and region, and what to do; "" where none does.
func (p *Plan) WaitText() string {
	n := len(p.waiting)
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s would wait as pending, since the account and region cannot be reached: see invbridge target check\n", output.Plural(n, "node"))
}

// cost is how many calls a plan takes, how long these take at the rate, and how many bytes they put.
func cost(calls int, bytes int64, rate float64) string {
	if calls == 0 {
		return ""
	}
	text := fmt.Sprintf(" (%s", size(bytes))
	if rate > 0 {
		text += fmt.Sprintf(", %s at %g a second", time.Duration(math.Ceil(float64(calls)/rate))*time.Second, rate)
	}
	return text + ")"
}

// CostOf is what a plan costs where nodes of several accounts and regions change, which are put to side by side: the slowest of them takes the time.
func CostOf(calls int, bytes int64, rate float64, set *target.Set, changing Places) string {
	nodes, longest, slowest := 0, 0.0, target.Key{}
	for _, of := range slices.SortedFunc(maps.Keys(changing), target.Key.Compare) {
		nodes += changing[of]
		if takes := float64(changing[of]) / rateOf(set, of, rate); takes > longest {
			longest, slowest = takes, of
		}
	}
	if calls == 0 || rate <= 0 || nodes == changing[target.Key{}] {
		return cost(calls, bytes, rate)
	}
	where := cmp.Or(slowest.String(), output.OwnPlace)
	longest *= float64(calls) / float64(nodes)
	return fmt.Sprintf(" (%s, about %s for %s, the others beside it)", size(bytes), time.Duration(math.Ceil(longest))*time.Second, where)
}

// rateOf is how many calls a second are made to a target.
func rateOf(set *target.Set, of target.Key, otherwise float64) float64 {
	t, _ := set.Find(of)
	return cmp.Or(t.Rate, otherwise)
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
