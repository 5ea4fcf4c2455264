package bridge

import (
	"iter"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// cloned returns a statement as one about a node, which stays valid when the next one is read.
func cloned(s *ledger.Statement, node string) *ledger.Statement {
	c := *s
	c.Node, c.Subject, c.Records = node, slices.Clone(s.Subject), slices.Clone(s.Records)
	c.Types = slices.Clone(s.Types)
	for i, t := range c.Types {
		c.Types[i].Rows = slices.Clone(t.Rows)
		for r, row := range t.Rows {
			c.Types[i].Rows[r].Values = append(inventory.Entry(nil), row.Values...)
		}
	}
	return &c
}

// inOrder yields statements so that those of one node stand together.
func inOrder(list []*ledger.Statement) iter.Seq2[*ledger.Statement, error] {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *ledger.Statement) int { return strings.Compare(a.Node, b.Node) })
	return func(yield func(*ledger.Statement, error) bool) {
		for _, s := range list {
			if !yield(s, nil) {
				return
			}
		}
	}
}
