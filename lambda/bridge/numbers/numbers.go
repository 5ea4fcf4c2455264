// Package numbers finds out to which nodes the heads tie machines' numbers. It does not know what that decides.
package numbers

import (
	"context"
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Numbers finds out to which nodes the heads tie machines' numbers. The heads are read when a number is asked for, once, and of them the
// numbers of the families that are asked for are kept.
type Numbers struct {
	ctx    context.Context //nolint:containedctx // Tied has the signature of node.Numbers
	ledger *ledger.Ledger
	all    bool // numbers of all families will be asked for
	read   map[string]bool
	ties   map[node.Number][]node.Tie
	err    error // the first; after it no number is tied to a node
}

// Of returns what is asked for numbers while one document is taken in; nil where there is no ledger. Where numbers of machines of many mappings will
// be asked for, they are read at once.
func Of(ctx context.Context, l *ledger.Ledger, all bool) *Numbers {
	return &Numbers{ctx: ctx, ledger: l, all: all, read: map[string]bool{}, ties: map[node.Number][]node.Tie{}}
}

// Err is the first error. After it no number is tied to a node.
func (n *Numbers) Err() error { return n.err }

// Tied returns the nodes to which a number is tied.
func (n *Numbers) Tied(number node.Number) []node.Tie {
	family := number.Family
	if n.all {
		family = ""
	}
	if !n.read[family] && n.err == nil && n.ledger != nil {
		n.read[family] = true
		n.err = n.readHeads(family)
	}
	if n.err != nil {
		return nil
	}
	return n.ties[number]
}

// readHeads reads the numbers of a family; of all where none is given.
func (n *Numbers) readHeads(family string) error {
	for p := range n.ledger.Partitions() {
		nodes, err := n.ledger.Numbers(n.ctx, p)
		if err != nil {
			return fmt.Errorf("looking for the numbers of machines: %w", err)
		}
		for id, families := range nodes {
			for name, list := range families {
				if family == "" || name == family {
					n.add(id, name, list)
				}
			}
		}
	}
	return nil
}

func (n *Numbers) add(id, family string, list []ledger.Number) {
	for _, k := range list {
		mapping, _, _ := strings.Cut(k.By, "/") // what follows is out of a document
		number := node.Number{Family: family, Key: k.Key}
		n.ties[number] = append(n.ties[number], node.Tie{Node: id, By: mapping, At: k.At, Firm: k.Firm})
	}
}
