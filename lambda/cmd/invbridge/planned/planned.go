// Package planned is what a put would do, for people: node by node and row by row, and as a file that a put can be held to. It does not
// know how a plan is made.
package planned

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// MostRows is how many rows a plan holds at most to be shown. Those beyond are counted, and are part of the plan all the same.
const MostRows = 200_000

// Plan is what a put of some documents would do.
type Plan struct {
	Filter

	nodes     []Node
	unchanged int
	rows      int               // that are held
	prints    map[string]string // of nodes that change or are stale: what would become of them
	stale     map[string]bool   // nodes of which something newer was stated, and that stay as they are
	changing  Places            // nodes that change now, since they were taken last
	waiting   map[string]bool   // nodes that change, and of which an account and region cannot be reached
}

// Places is how many nodes there are of each account and region; the zero Key is the installation's own.
type Places map[target.Key]int

// Filter is what of a plan is shown. The plan itself is all of it.
type Filter struct {
	All   bool     // unchanged nodes, too
	Nodes []string // by ID or name, in whatever case; empty: all
	Types []string // with Custom: or without; empty: all
}

// Node is a node of a plan, with its name.
type Node struct {
	differ.Node
	Name string `json:"name,omitempty"`
}

// Add takes a node into the plan. One that several documents speak of may come several times.
func (p *Plan) Add(n Node) {
	changes := n.Changes() && !n.Stale()
	switch {
	case changes:
		p.print(n.Node)
		p.place(n.Node)
		delete(p.stale, n.Node.Node)
	case n.Stale():
		p.addStale(n.Node)
	default:
		p.unchanged++
	}
	if changes && p.shows(n) || p.All && p.shows(n) {
		p.nodes = append(p.nodes, p.held(n))
	}
}

// place notes where a node is that changes: it is put to now, or waits for its account and region.
func (p *Plan) place(n differ.Node) {
	if n.Waits() {
		if p.waiting == nil {
			p.waiting = map[string]bool{}
		}
		p.waiting[n.Node] = true
		return
	}
	if p.changing == nil {
		p.changing = Places{}
	}
	p.changing[n.Target()]++
}

// TakeChanging returns where the nodes are that change, and begins to count anew.
func (p *Plan) TakeChanging() Places {
	taken := p.changing
	p.changing = nil
	return taken
}

// addStale notes a node that stays as it is, since something newer was stated.
func (p *Plan) addStale(n differ.Node) {
	if p.stale == nil {
		p.stale = map[string]bool{}
	}
	p.stale[n.Node] = p.stale[n.Node] || p.prints[n.Node] == ""
	p.print(n)
}

// print notes what would become of a node: its whole result with all rows.
func (p *Plan) print(n differ.Node) {
	data, err := json.Marshal(n)
	if err != nil {
		panic(fmt.Sprintf("planned: a node's result is no JSON: %v", err)) // it has nothing that JSON has not
	}
	if p.prints == nil {
		p.prints = map[string]string{}
	}
	sum := sha256.Sum256(append(data, p.prints[n.Node]...))
	p.prints[n.Node] = hex.EncodeToString(sum[:16])
}

func (p *Plan) shows(n Node) bool {
	is := func(want string) bool { return strings.EqualFold(want, n.Node.Node) || strings.EqualFold(want, n.Name) }
	return len(p.Nodes) == 0 || slices.ContainsFunc(p.Nodes, is)
}

// held is what is kept of a node to be shown.
func (p *Plan) held(n Node) Node {
	n.Items = slices.DeleteFunc(slices.Clone(n.Items), func(i differ.Item) bool { return !p.showsType(i.Type) })
	for at := range n.Items {
		rows := n.Items[at].Rows
		if p.rows+len(rows) > MostRows {
			n.Items[at].Rows = nil
			continue
		}
		p.rows += len(rows)
	}
	return n
}

func (p *Plan) showsType(name string) bool {
	is := func(want string) bool {
		return strings.EqualFold(want, name) || strings.EqualFold("Custom:"+want, name)
	}
	return len(p.Types) == 0 || slices.ContainsFunc(p.Types, is)
}

// Sorted returns the nodes that are shown, by name.
func (p *Plan) Sorted() []Node {
	slices.SortStableFunc(p.nodes, func(a, b Node) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.title()), strings.ToLower(b.title())), cmp.Compare(a.Node.Node, b.Node.Node))
	})
	return p.nodes
}

func (n *Node) title() string { return cmp.Or(n.Name, n.Node.Node) }

// Unchanged is how many nodes stay as they are.
func (p *Plan) Unchanged() int { return p.unchanged }

// Stale is how many nodes stay as they are since something newer was stated.
func (p *Plan) Stale() int {
	n := 0
	for _, stale := range p.stale {
		if stale {
			n++
		}
	}
	return n
}

// Waiting is how many of the nodes that change wait, since their account and region cannot be reached.
func (p *Plan) Waiting() int { return len(p.waiting) }

// Changing is how many nodes do not stay as they are.
func (p *Plan) Changing() int { return len(p.prints) - p.Stale() }
