package bridge

import (
	"iter"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// cloned is a statement that stays valid when the next one is read, about a node.
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

// united makes one statement of the snapshots of a source that reach one node. They are of one document, which named the machine in
// several ways: each by itself would replace what the others say.
func united(list []*ledger.Statement) []*ledger.Statement {
	type voice struct{ node, source string }
	first := map[voice]*ledger.Statement{}
	return slices.DeleteFunc(slices.Clone(list), func(s *ledger.Statement) bool {
		v := voice{s.Node, s.Source}
		if s.Merge || first[v] == nil {
			if !s.Merge {
				first[v] = s
			}
			return false
		}
		unite(first[v], s)
		return true
	})
}

// unite adds to a snapshot what another one says.
func unite(to, s *ledger.Statement) {
	offset := int32(len(to.Records)) //nolint:gosec // records of one node
	to.Records = append(to.Records, s.Records...)
	to.Subject = append(to.Subject, s.Subject...)
	if s.Captured.After(to.Captured) {
		to.Captured = s.Captured
	}
	for _, t := range s.Types {
		for i := range t.Rows {
			t.Rows[i].Record += offset
		}
		if at := slices.IndexFunc(to.Types, func(has ledger.TypeStatement) bool { return has.Type == t.Type }); at >= 0 {
			to.Types[at].Rows = append(to.Types[at].Rows, t.Rows...)
		} else {
			to.Types = append(to.Types, t)
		}
	}
}

// inOrder yields statements so that those of one node stand together.
func inOrder(list []*ledger.Statement) iter.Seq2[*ledger.Statement, error] {
	list = united(list)
	slices.SortStableFunc(list, func(a, b *ledger.Statement) int { return strings.Compare(a.Node, b.Node) })
	return func(yield func(*ledger.Statement, error) bool) {
		for _, s := range list {
			if !yield(s, nil) {
				return
			}
		}
	}
}
