package planned

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
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

// CostOf is Cost where nodes are of several accounts and regions, which are put to side by side: the slowest of them takes the time.
func CostOf(calls int, bytes int64, rate float64, set *target.Set, r *receipt.Receipt) string {
	if calls == 0 || rate <= 0 || len(r.Targets) == 0 {
		return Cost(calls, bytes, rate)
	}
	own := r.Nodes
	longest, slowest := 0.0, ""
	for of, nodes := range r.Targets {
		own -= nodes
		if takes := float64(min(nodes, calls)) / rateOf(set, of, rate); takes > longest || takes == longest && of < slowest {
			longest, slowest = takes, of
		}
	}
	if takes := float64(min(own, calls)) / rate; takes > longest {
		longest, slowest = takes, "the installation's own account and region"
	}
	return fmt.Sprintf(" (%s, about %s for %s, the others beside it)", size(bytes), time.Duration(math.Ceil(longest))*time.Second, slowest)
}

// rateOf is how many calls a second are made to a target, by "account/region".
func rateOf(set *target.Set, of string, otherwise float64) float64 {
	account, region, _ := strings.Cut(of, "/")
	t, _ := set.Find(target.Key{Account: account, Region: region})
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
