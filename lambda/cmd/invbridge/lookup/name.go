// Package lookup finds the managed node that a person means, and what is known of a machine that has none. It does not know how it is shown.
package lookup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// ByName returns the nodes that a word means: an ID, the name of a machine with or without its domain, the name given at activation, or an
// address; case does not count. Where there is none, near are words that were perhaps meant.
func ByName(nodes *node.Directory, word string) (found []node.Node, near []string) {
	if n, ok := nodes.Lookup(word); ok {
		return []node.Node{n}, nil
	}
	var short []node.Node
	var names []string
	for n := range nodes.Nodes() {
		is := func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), word) }
		isShort := func(name string) bool { return name != "" && strings.EqualFold(host(name), host(word)) }
		switch {
		case slices.ContainsFunc(NamesOf(n), is):
			found = append(found, n)
		case isShort(n.ComputerName) || isShort(n.Name):
			short = append(short, n)
		}
		names = append(names, n.ID, n.ComputerName, host(n.ComputerName), n.Name)
	}
	if len(found) == 0 && !strings.Contains(word, ".") || len(found)+len(short) == 1 {
		found = append(found, short...)
	}
	if len(found) > 0 {
		return found, nil
	}
	for _, n := range short {
		near = append(near, n.ComputerName)
	}
	if like := problem.Nearest(word, slices.DeleteFunc(names, func(n string) bool { return n == "" })); like != "" {
		near = append(near, like)
	}
	slices.Sort(near)
	return nil, slices.Compact(near)
}

// Named returns the nodes that the ledger knows, by the names and addresses that led documents to them.
func Named(ctx context.Context, l *ledger.Ledger) (*node.Directory, error) {
	var nodes []node.Node
	for h, err := range l.Heads(ctx) {
		if err != nil {
			return nil, err
		}
		for id, n := range h.Nodes {
			nodes = append(nodes, named(id, n))
		}
	}
	return node.New(nodes), nil
}

// NameAt is what documents have called the machine of a node that the ledger knows; "": they had no name.
func NameAt(id string, n *ledger.NodeState) string {
	is := named(id, n)
	return is.ComputerName
}

// Called returns the nodes that have a name, none where it is "".
func Called(nodes *node.Directory, name string) []node.Node {
	if name == "" {
		return nil
	}
	found, _ := ByName(nodes, name)
	return found
}

func named(id string, n *ledger.NodeState) node.Node {
	is := node.Node{ID: id, Target: n.Target()}
	for _, source := range inventory.Sorted(n.Sources) {
		for _, identifier := range n.Sources[source].Subject {
			switch kind, value, _ := strings.Cut(identifier, "="); kind {
			case "hostname":
				is.ComputerName = longer(is.ComputerName, value)
			case "ip":
				is.IPAddress = value
			}
		}
	}
	return is
}

// longer is the name that says more: that with a domain.
func longer(a, b string) string {
	if len(b) > len(a) {
		return b
	}
	return a
}

// host is the first label of a name.
func host(name string) string {
	first, _, _ := strings.Cut(name, ".")
	return first
}

// IDs returns the IDs of the nodes that words mean, each of one. The error names what else was perhaps meant.
func IDs(nodes *node.Directory, words []string) ([]string, error) {
	var ids []string
	for _, word := range words {
		found, near := ByName(nodes, word)
		switch {
		case len(found) == 1:
			ids = append(ids, found[0].ID)
		case len(found) > 1:
			var list []string
			for _, n := range found {
				list = append(list, n.ID+n.Target.In())
			}
			return nil, fmt.Errorf("%d nodes are called %s: %s: name one by its ID", len(found), word, strings.Join(list, ", "))
		case inventory.NodeID(word): // it is not managed any more, and the ledger may know it
			ids = append(ids, word)
		case len(near) > 0:
			return nil, fmt.Errorf("no managed node is called %s, did you mean %s?", word, strings.Join(near, " or "))
		default:
			return nil, fmt.Errorf("no managed node is called %s", word)
		}
	}
	return ids, nil
}
