package delivery

import (
	"context"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/paged"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// A page of a list is merged when it comes: it removes nothing. What it states of a node, source and type is kept besides, by itself. Once all
// pages of the list have come, what they state together is applied as if it had come in one document: a snapshot of the nodes and types
// of which any page speaks, with the stamp of the newest statement about them.

// waitingChange is what a page states of a type of the node at hand. It is applied when all of the page's statements about the node are known.
type waitingChange struct {
	application *application
	change      change
	scope       string // name of the change's scope; "": it has none
}

func (c *waitingChange) source() string { return c.application.statement.Source }

// same reports whether another change is of the same share and scope.
func (c *waitingChange) same(other waitingChange) bool {
	return c.source() == other.source() && c.change.t == other.change.t && c.scope == other.scope
}

func (c *waitingChange) rows() paged.Rows {
	return paged.Rows{At: c.application.at, Rows: c.change.given, Records: c.change.records}
}

// isPage reports whether what a statement states of a type counts for a list. Where it removes rows, or sets only what it has values for, it
// is no part of a snapshot.
func (a *application) isPage(c *change) bool {
	source := a.statement.Source
	if !a.statement.Merge || a.statement.Partial || len(c.removed) > 0 || !a.lists.Has(source) {
		return false
	}
	if a.rejected {
		a.lists.Reject(source)
	}
	return !a.rejected
}

// wait keeps a change until all of the page's statements about the node are known. The statement itself is valid until the next one.
func (a *application) wait(c *change) {
	s := *a.statement
	s.Subject, s.Records, s.Types = slices.Clone(s.Subject), nil, nil
	a.statement = &s
	a.waiting = append(a.waiting, waitingChange{application: a, change: *c})
}

// endPage applies what a page states of a node.
func (a *applier) endPage(ctx context.Context, w *work, n *ledger.NodeState) error {
	waiting := a.waiting
	a.waiting = nil
	for i := range waiting {
		one := &waiting[i]
		if a.lists.Own(one.source()) == nil {
			if err := one.merge(ctx); err != nil {
				return err
			}
		}
		if one.change.scope != nil {
			var err error
			one.scope, err = a.stored.WriteScope(ctx, one.change.scope)
			if err != nil {
				return err
			}
		}
	}
	for i := range waiting {
		if slices.ContainsFunc(waiting[i+1:], waiting[i].same) {
			continue // they are kept together
		}
		if err := a.keepPage(ctx, n, waiting, &waiting[i]); err != nil {
			return err
		}
	}
	if len(waiting) == 0 && !a.lists.Speak(n) {
		return nil
	}
	return a.completeNode(ctx, w, n, waiting)
}

// merge sets the rows of a page, and removes none.
func (c *waitingChange) merge(ctx context.Context) error {
	a := c.application
	a.merge = true
	if err := a.applyType(ctx, &c.change); err != nil {
		return err
	}
	if a.fresh {
		a.remember(a.node, a.statement, a.at)
	}
	return nil
}

// keepPage keeps what the page states of a type on a node, for the time when its list is complete: a change, and those that go with it.
func (a *applier) keepPage(ctx context.Context, n *ledger.NodeState, waiting []waitingChange, c *waitingChange) (err error) {
	t, source := c.change.t, c.source()
	var parts []paged.Rows
	for i := range waiting {
		if c.same(waiting[i]) {
			parts = append(parts, waiting[i].rows())
		}
	}
	held := n.Type(t.Name)
	if old := paged.Find(held.Shares[source], a.header.Import, c.scope); old != nil && a.header.Found {
		rows, err := paged.Read(ctx, &a.stored, t, *old)
		if err != nil {
			return err
		}
		parts = append(parts, rows)
	}
	all := paged.Newest(t, parts)
	kept := ledger.PageRows{Import: a.header.Import, At: all.At, Scope: c.scope}
	if len(all.Rows) > 0 {
		kept.Rows, err = a.stored.WriteRows(ctx, t, all.Stored(t))
		if err != nil {
			return err
		}
	}
	if held.Shares == nil {
		held.Shares = map[string]*ledger.Share{}
	}
	if held.Shares[source] == nil {
		held.Shares[source] = &ledger.Share{Stated: a.received()}
	}
	if paged.Keep(held.Shares[source], kept) {
		a.dirty = true
	}
	return nil
}

// completeOthers completes the lists on the nodes of which other pages speak, and not this one. Where that was done already, and is not put
// yet, it is put.
func (a *applier) completeOthers(ctx context.Context) error {
	for _, id := range inventory.Sorted(a.head.Nodes) {
		n := a.head.Nodes[id]
		if a.seen[id] || !a.lists.Speak(n) {
			continue
		}
		w := newWork(id)
		a.stored.NextNode()
		if err := a.putBack(ctx, w, a.completeNode(ctx, w, n, nil)); err != nil {
			return err
		}
		if w.damaged != "" || !n.Gone.IsZero() || len(w.types) == 0 && n.Intent == nil {
			continue
		}
		a.works = append(a.works, w)
		if err := a.putBack(ctx, w, a.closeNode(ctx, w, n)); err != nil {
			return err
		}
	}
	a.lists.Applied()
	a.dirty = a.dirty || a.lists.Changed
	return nil
}

// completeNode applies what all pages of the lists that are complete state of a node. Changes are those of the delivery's own page.
func (a *applier) completeNode(ctx context.Context, w *work, n *ledger.NodeState, changes []waitingChange) error {
	for _, source := range a.lists.Sources() {
		for _, list := range a.lists.Other(source) {
			if _, err := a.completeList(ctx, w, n, source, list, nil); err != nil {
				return err
			}
		}
		list := a.lists.Own(source)
		if list == nil {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(changes), func(c waitingChange) bool { return c.source() != source })
		fresh, err := a.completeList(ctx, w, n, source, *list, own)
		if err != nil {
			return err
		}
		for i := range own {
			if c := own[i].application; fresh || c.fresh {
				a.remember(n, c.statement, c.at)
			}
		}
	}
	return nil
}

// completeList applies what all pages of a list state of a node, and reports whether any of it is not stale.
func (a *applier) completeList(
	ctx context.Context, w *work, n *ledger.NodeState, source string, list ledger.PageList, changes []waitingChange,
) (fresh bool, err error) {
	var newest ledger.Stamp
	for _, t := range a.intents.Loaded(n) {
		share := n.Types[t.Name].Shares[source]
		if share == nil {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(changes), func(o waitingChange) bool { return o.change.t != t })
		pages := paged.Kept(share, list)
		if len(pages) == 0 || len(own) == 0 && list.Applied {
			continue
		}
		c, at, err := a.together(ctx, w, t, pages, own)
		if err != nil {
			return fresh, err
		}
		one := application{applier: a, work: w, node: n, statement: &ledger.Statement{Node: w.node, Source: source}, at: at}
		if err := one.applyTogether(ctx, &c, own); err != nil {
			return fresh, err
		}
		newest, fresh = ledger.Newest(newest, at), fresh || one.fresh
	}
	if known := n.Sources[source]; fresh && known != nil && newest.Compare(known.Stamp()) > 0 {
		known.Captured, known.Written, a.dirty = newest.Captured, newest.Written, true
	}
	return fresh, nil
}

// applyTogether applies what pages state together as one snapshot. Where that is too much for an item, they remove nothing, and their rows
// are set as they came.
func (a *application) applyTogether(ctx context.Context, c *change, own []waitingChange) error {
	if !c.over {
		return a.applyType(ctx, c)
	}
	for i := range own {
		if err := own[i].merge(ctx); err != nil {
			return err
		}
	}
	return nil
}

// together is what pages state together of a type, and when. Own are the changes of the delivery's own page, whose records are known.
func (a *applier) together(
	ctx context.Context, w *work, t *inventory.Type, pages []ledger.PageRows, own []waitingChange,
) (change, ledger.Stamp, error) {
	c := change{t: t}
	var parts []paged.Rows
	var rows []inventory.Entry
	for i := range own {
		parts, rows = append(parts, own[i].rows()), append(rows, own[i].change.given...)
		c.general = append(c.general, own[i].change.general...)
	}
	scopes := make([]*inventory.Scope, len(pages))
	for i, p := range pages {
		other, err := paged.Read(ctx, &a.stored, t, p)
		if err == nil && p.Scope != "" {
			scopes[i], err = a.stored.ReadScope(ctx, p.Scope)
		}
		if err != nil {
			return c, ledger.Stamp{}, err
		}
		if p.Import == a.header.Import {
			other.Without(t, rows)
		}
		parts = append(parts, other)
	}
	c.scope = inventory.Together(scopes)
	all := paged.Newest(t, parts)
	for _, record := range all.Stale {
		stated.Decide(w.decide).Stale(record)
	}
	c.records = all.Records
	c.arrange(all.Rows)
	return c, all.At, nil
}
