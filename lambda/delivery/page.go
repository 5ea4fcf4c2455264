package delivery

import (
	"context"
	"maps"
	"slices"

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

// lists are those of a source that are complete with the delivery's document.
type lists struct {
	pages *ledger.PageSet
	own   *ledger.PageList  // of which the document is a page; nil: some pages are missing
	other []ledger.PageList // not applied yet: with the document known, they are lists
}

// beginPage notes that the delivery's document is a page of its sources' lists.
func (a *applier) beginPage() {
	a.lists = map[string]*lists{}
	if a.header.Page == nil {
		return
	}
	sources := a.header.Page.Sources
	if len(sources) == 0 {
		sources = []string{a.header.Mapping}
	}
	for _, source := range sources {
		a.listsOf(source)
	}
}

// listsOf returns the complete lists of a source.
func (a *applier) listsOf(source string) *lists {
	if l := a.lists[source]; l != nil {
		return l
	}
	page := a.header.Page
	name := page.List(source)
	if !a.header.Found && a.head.AddPage(name, ledger.PageDocument{
		Import: a.header.Import, Number: page.Number, Of: page.Of, Written: a.header.Written.UTC(), Received: a.received(),
	}) {
		a.dirty = true
	}
	l := &lists{pages: a.head.Pages[name]}
	a.lists[source] = l
	if l.pages == nil {
		return l
	}
	for _, list := range l.pages.Lists(page.Of) {
		switch {
		case slices.Contains(list.Imports, a.header.Import):
			l.own = &list
		case !list.Applied:
			l.other = append(l.other, list)
		}
	}
	return l
}

// applied notes that the lists which are complete have been applied.
func (a *applier) applied() {
	for _, l := range a.lists {
		for _, list := range l.other {
			l.pages.Apply(list)
			a.dirty = true
		}
		if l.own != nil && !l.own.Applied {
			l.pages.Apply(*l.own)
			a.dirty = true
		}
	}
}

// rejectPage notes that a row of the document was rejected, so that the lists of which it is a page remove nothing.
func (a *applier) rejectPage(source string) {
	if page := a.header.Page; page == nil || len(page.Sources) > 0 && !slices.Contains(page.Sources, source) {
		return
	}
	l := a.listsOf(source)
	l.own = nil
	if l.pages == nil {
		return
	}
	for i := range l.pages.Pages {
		if p := &l.pages.Pages[i]; p.Import == a.header.Import && !p.Rejected {
			p.Rejected, a.dirty = true, true
		}
	}
}

// isPage reports whether what a statement states of a type counts for a list. Where it removes rows, or sets only what it has values for, it
// is no part of a snapshot.
func (a *application) isPage(c *change) bool {
	page := a.header.Page
	if page == nil || !a.statement.Merge || a.statement.Partial || len(c.removed) > 0 ||
		len(page.Sources) > 0 && !slices.Contains(page.Sources, a.statement.Source) {
		return false
	}
	if a.rejected {
		a.rejectPage(a.statement.Source)
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
	if len(waiting) == 0 {
		return nil
	}
	for i := range waiting {
		one := &waiting[i]
		if a.listsOf(one.application.statement.Source).own == nil {
			if err := one.merge(ctx); err != nil {
				return err
			}
		}
	}
	if err := a.keepPage(ctx, n, waiting); err != nil {
		return err
	}
	for _, source := range slices.Sorted(maps.Keys(a.lists)) {
		if err := a.completeNode(ctx, w, n, source, waiting); err != nil {
			return err
		}
	}
	return nil
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

// keepPage keeps what the page states of a node, for the time when its list is complete.
func (a *applier) keepPage(ctx context.Context, n *ledger.NodeState, waiting []waitingChange) error {
	for i := range waiting {
		c := &waiting[i]
		if c.change.scope == nil {
			continue
		}
		var err error
		c.scope, err = a.writeScope(ctx, c.change.scope)
		if err != nil {
			return err
		}
	}
	for i := range waiting {
		c := &waiting[i]
		same := func(other waitingChange) bool { return other.sameShare(c) && other.scope == c.scope }
		if slices.IndexFunc(waiting, same) < i {
			continue
		}
		if err := a.keepPageRows(ctx, n, c, slices.DeleteFunc(slices.Clone(waiting), func(other waitingChange) bool { return !same(other) })); err != nil {
			return err
		}
	}
	return nil
}

func (c *waitingChange) sameShare(other *waitingChange) bool {
	return c.application.statement.Source == other.application.statement.Source && c.change.t == other.change.t
}

// keepPageRows keeps what the page states in a share.
func (a *applier) keepPageRows(ctx context.Context, n *ledger.NodeState, c *waitingChange, changes []waitingChange) error {
	t, source := c.change.t, c.application.statement.Source
	share := n.Type(t.Name).Shares[source]
	kept := ledger.PageRows{Import: a.header.Import, Scope: c.scope}
	var old []ledger.PageRows
	if share != nil {
		old = share.Pages
	}
	at := slices.IndexFunc(old, func(p ledger.PageRows) bool { return p.Import == kept.Import && p.Scope == kept.Scope })
	var parts []pageRows
	if at >= 0 && a.header.Found {
		rows, err := a.pageRows(ctx, t, old[at])
		if err != nil {
			return err
		}
		parts = append(parts, rows)
	}
	for _, one := range changes {
		parts = append(parts, pageRows{at: one.application.at, rows: one.change.given})
	}
	for _, p := range parts {
		kept.At = ledger.Newest(kept.At, p.at)
	}
	if rows := t.Arrange(newestOf(t, parts).rows).Rows; len(rows) > 0 {
		var err error
		kept.Rows, err = a.writeRows(ctx, t, &ledger.Rows{Rows: rows})
		if err != nil {
			return err
		}
	}
	a.setPageRows(n, t, source, kept)
	return nil
}

// setPageRows makes rows what a page states in a share; one that there is not yet is made.
func (a *applier) setPageRows(n *ledger.NodeState, t *inventory.Type, source string, kept ledger.PageRows) {
	held := n.Type(t.Name)
	share := held.Shares[source]
	if share == nil {
		if held.Shares == nil {
			held.Shares = map[string]*ledger.Share{}
		}
		share = &ledger.Share{Stated: a.received()}
		held.Shares[source] = share
	}
	pages := slices.Clone(share.Pages)
	at := slices.IndexFunc(pages, func(p ledger.PageRows) bool { return p.Import == kept.Import && p.Scope == kept.Scope })
	switch {
	case at < 0:
		pages = append(pages, kept)
	case samePage(pages[at], kept):
		return
	default:
		pages[at] = kept
	}
	share.Pages, a.dirty = pages, true
}
