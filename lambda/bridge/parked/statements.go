package parked

import (
	"iter"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

type statements = iter.Seq2[*ledger.Statement, error]

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

// turns divides statements of one document so that no two machines that are one node stand in a delivery: what the second one has joins what the
// first one has, and does not take its place.
func turns(list []*ledger.Statement) [][]*ledger.Statement {
	machines := map[string][]string{} // by node and source: the machines, as identifiers
	var turns [][]*ledger.Statement
	for _, s := range list {
		of, machine := s.Node+"\n"+s.Source, strings.Join(s.Subject, "\n")
		turn := slices.Index(machines[of], machine)
		if turn < 0 {
			turn = len(machines[of])
			machines[of] = append(machines[of], machine)
		}
		if turn == len(turns) {
			turns = append(turns, nil)
		}
		turns[turn] = append(turns[turn], s)
	}
	return turns
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
