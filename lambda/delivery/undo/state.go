package undo

import (
	"cmp"
	"context"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// stating makes the statements about one type.
type stating struct {
	*Delivery
	t      *typeFound
	node   string
	at     ledger.Stamp // of the statements
	before *ledger.Rows // what the source stated before
	beyond inventory.Beyond
	held   stated.Rows // what it states now
	base   ledger.Stamp
	keys   *inventory.Keys // of held.Rows
	gone   *inventory.Keys // of held.Removed
}

// statements returns those that make a source state of a type what it did before: a snapshot of what the import's own was one of, and else rows that are
// set and removed by key.
func (d *Delivery) statements(ctx context.Context, n *nodeFound, t *typeFound) ([]*ledger.Statement, error) {
	node := d.Objects.Head.Nodes[n.id]
	s := &stating{Delivery: d, t: t, node: n.id, at: ledger.Stamp{Captured: t.before.Form.At.Captured, Written: d.Header.Written}}
	if err := s.read(ctx, t.share(node)); err != nil {
		return nil, err
	}
	subject := node.Sources[t.source].Subject
	if t.known != nil && len(t.known.Subject) > 0 {
		subject = t.known.Subject
	}
	var list []*ledger.Statement
	add := func(merge bool, ts ledger.TypeStatement) {
		ts.Type = t.of.Name
		list = append(list, &ledger.Statement{
			Node: n.id, Source: t.source, Captured: s.at.Captured, Merge: merge, Subject: slices.Clone(subject), Types: []ledger.TypeStatement{ts},
			Target: node.Target(),
		})
	}
	if t.before.Form.Whole {
		add(false, ledger.TypeStatement{Rows: s.set(nil), Beyond: s.beyond})
		return list, nil
	}
	var covers []*inventory.Cover
	for _, name := range slices.Compact(slices.Sorted(slices.Values(t.before.Form.Scopes))) {
		scope, err := d.Objects.ReadScope(ctx, name)
		if err != nil {
			return nil, err
		}
		cover := scope.Of(t.of)
		covers = append(covers, cover)
		add(false, ledger.TypeStatement{Scope: scope, Rows: s.set(cover)})
	}
	rows := s.differing(covers)
	if len(list) == 0 || len(rows) > 0 {
		add(true, ledger.TypeStatement{Rows: rows})
	}
	return list, nil
}

// read reads what the source stated before, and what it states now.
func (s *stating) read(ctx context.Context, share *ledger.Share) (err error) {
	share = cmp.Or(share, &ledger.Share{})
	s.before, s.base = &ledger.Rows{}, share.Base()
	if old := s.t.before.Share; old != nil {
		s.beyond = old.Beyond
		if old.Rows != "" {
			s.Objects.Head.Recall(old.Rows, s.t.before.Rows)
			s.before, err = s.Objects.ReadRows(ctx, s.t.of, old.Rows)
		}
	}
	if err == nil {
		s.held, err = s.Objects.Stated(ctx, s.t.of, share)
	}
	s.keys, s.gone = s.t.of.Keys(len(s.held.Rows)), s.t.of.Keys(len(s.held.Removed))
	for _, row := range s.held.Rows {
		s.keys.Add(row)
	}
	for _, r := range s.held.Removed {
		s.gone.Add(r.Key)
	}
	return err
}

// set returns the rows of before within a cover; nil: all. Where the source has stated something since of a key, that stands.
func (s *stating) set(cover *inventory.Cover) []ledger.Row {
	rows := []ledger.Row{}
	for _, row := range s.before.Rows {
		if (cover == nil || cover.Has(row)) && !s.isNewer(row) {
			rows = append(rows, ledger.Row{Values: row})
		}
	}
	return rows
}

// isNewer reports whether the source has stated a whole row of a key since, or removed it.
func (s *stating) isNewer(row inventory.Entry) bool {
	if at := s.keys.Find(row); at >= 0 {
		stamp := s.held.Stamps[at]
		if stamp.IsZero() {
			stamp = s.base
		}
		return stamp.Compare(s.at) > 0
	}
	at := s.gone.Find(row)
	return at >= 0 && s.held.Removed[at].At.Compare(s.at) > 0
}

// differing returns the rows outside all covers that differ from what they were: to be set or removed.
func (s *stating) differing(covers []*inventory.Cover) []ledger.Row {
	outside := func(row inventory.Entry) bool {
		return !slices.ContainsFunc(covers, func(c *inventory.Cover) bool { return c.Has(row) }) && !s.isNewer(row)
	}
	var rows []ledger.Row
	was := s.t.of.Keys(len(s.before.Rows))
	for _, row := range s.before.Rows {
		was.Add(row)
		at := s.keys.Find(row)
		if outside(row) && (at < 0 || !slices.Equal(row, s.held.Rows[at])) {
			rows = append(rows, ledger.Row{Values: row})
		}
	}
	for _, row := range s.held.Rows {
		if was.Find(row) < 0 && outside(row) {
			rows = append(rows, ledger.Row{Values: s.t.of.KeyOnly(row), Remove: true})
		}
	}
	return rows
}
