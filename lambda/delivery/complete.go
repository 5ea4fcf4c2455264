package delivery

import (
	"context"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// pageRows are rows that a page states.
type pageRows struct {
	at      ledger.Stamp
	rows    []inventory.Entry
	records []int32 // by row; nil: they are of no record of this delivery
	stale   []int32 // records of rows for which there is a newer one
}

// pageRows reads what a page states in a share.
func (a *applier) pageRows(ctx context.Context, t *inventory.Type, p ledger.PageRows) (pageRows, error) {
	if p.Rows == "" {
		return pageRows{at: p.At}, nil
	}
	rows, err := a.readRows(ctx, t, p.Rows)
	if err != nil {
		return pageRows{}, err
	}
	return pageRows{at: p.At, rows: rows.Rows}, nil
}

// newestOf puts together what pages state: of rows with one key those of the newest statement.
func newestOf(t *inventory.Type, parts []pageRows) pageRows {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b pageRows) int { return b.at.Compare(a.at) })
	var out pageRows
	keys, stamps := t.Keys(0), []ledger.Stamp(nil)
	for _, p := range parts {
		out.at = ledger.Newest(out.at, p.at)
		for i, row := range p.rows {
			record := int32(stated.NoRecord)
			if p.records != nil {
				record = p.records[i]
			}
			at, added := keys.Add(row)
			if added {
				stamps = append(stamps, p.at)
			} else if stamps[at].Compare(p.at) > 0 {
				out.stale = append(out.stale, record)
				continue
			}
			out.rows, out.records = append(out.rows, row), append(out.records, record)
		}
	}
	return out
}

// completeOthers completes the lists on the nodes of which other pages speak, and not this one. Where that was done already, and is not put
// yet, it is put.
func (a *applier) completeOthers(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(a.head.Nodes)) {
		n := a.head.Nodes[id]
		if a.seen[id] || !a.inLists(n) {
			continue
		}
		w := newWork(id)
		a.fresh = map[string]*ledger.Rows{}
		for _, source := range slices.Sorted(maps.Keys(a.lists)) {
			if err := a.completeNode(ctx, w, n, source, nil); err != nil {
				return err
			}
		}
		if !n.Gone.IsZero() || len(w.types) == 0 && n.Intent == nil {
			continue
		}
		a.works = append(a.works, w)
		if err := a.closeNode(ctx, w, n); err != nil {
			return err
		}
	}
	a.applied()
	return nil
}

// inLists reports whether a page of a list that is complete now speaks of a node.
func (a *applier) inLists(n *ledger.NodeState) bool {
	for source, l := range a.lists {
		for _, t := range n.Types {
			share := t.Shares[source]
			if share == nil {
				continue
			}
			if l.own != nil && len(ofList(share, *l.own)) > 0 ||
				slices.ContainsFunc(l.other, func(list ledger.PageList) bool { return len(ofList(share, list)) > 0 }) {
				return true
			}
		}
	}
	return false
}

// ofList returns what the pages of a list state in a share.
func ofList(share *ledger.Share, list ledger.PageList) []ledger.PageRows {
	return slices.DeleteFunc(slices.Clone(share.Pages), func(p ledger.PageRows) bool { return !slices.Contains(list.Imports, p.Import) })
}

// completeNode applies what all pages of a source's lists state of a node. Changes are those of the delivery's own page.
func (a *applier) completeNode(ctx context.Context, w *work, n *ledger.NodeState, source string, changes []waitingChange) error {
	changes = slices.DeleteFunc(slices.Clone(changes), func(c waitingChange) bool { return c.application.statement.Source != source })
	for _, list := range a.lists[source].other {
		if _, err := a.completeList(ctx, w, n, source, list, nil); err != nil {
			return err
		}
	}
	own := a.lists[source].own
	if own == nil {
		return nil
	}
	fresh, err := a.completeList(ctx, w, n, source, *own, changes)
	for i := range changes {
		if c := changes[i].application; fresh || c.fresh {
			a.remember(n, c.statement, c.at)
		}
	}
	return err
}

// completeList applies what all pages of a list state of a node, and reports whether any of it is not stale.
func (a *applier) completeList(
	ctx context.Context, w *work, n *ledger.NodeState, source string, list ledger.PageList, changes []waitingChange,
) (fresh bool, err error) {
	var newest ledger.Stamp
	for _, t := range a.loadedTypes(n) {
		share := n.Types[t.Name].Shares[source]
		if share == nil {
			continue
		}
		pages := ofList(share, list)
		if len(pages) == 0 {
			continue
		}
		one := completion{applier: a, work: w, node: n, source: source, t: t, pages: pages, changes: changes}
		if err := one.apply(ctx, list.Applied); err != nil {
			return fresh, err
		}
		newest, fresh = ledger.Newest(newest, one.at), fresh || one.fresh
	}
	if known := n.Sources[source]; fresh && known != nil && newest.Compare(known.Stamp()) > 0 {
		known.Captured, known.Written, a.dirty = newest.Captured, newest.Written, true
	}
	return fresh, nil
}

// completion is what the pages of a list state together of a share.
type completion struct {
	*applier
	work    *work
	node    *ledger.NodeState
	source  string
	t       *inventory.Type
	pages   []ledger.PageRows
	changes []waitingChange // of the delivery's own page

	at    ledger.Stamp
	fresh bool // some of it is not stale
}

// apply applies it as one snapshot. Where that was done before, only what is the delivery's own is stated again.
func (c *completion) apply(ctx context.Context, before bool) error {
	own := slices.DeleteFunc(slices.Clone(c.changes), func(o waitingChange) bool { return o.change.t != c.t })
	for _, p := range c.pages {
		c.at = ledger.Newest(c.at, p.At)
	}
	if len(own) == 0 && before {
		return nil
	}
	ch, err := c.change(ctx, own)
	if err != nil {
		return err
	}
	if ch.over { // together they are too many: as in one document, they remove nothing
		for i := range own {
			if err := own[i].merge(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	one := application{applier: c.applier, work: c.work, node: c.node, statement: &ledger.Statement{Node: c.work.node, Source: c.source}, at: c.at}
	err = one.applyType(ctx, &ch)
	c.fresh = one.fresh
	return err
}

// change is what the pages state together.
func (c *completion) change(ctx context.Context, own []waitingChange) (change, error) {
	out := change{t: c.t}
	var parts []pageRows
	for _, p := range c.pages {
		if p.Import == c.header.Import && len(own) > 0 && !c.header.Found {
			continue // they are the delivery's own changes
		}
		rows, err := c.pageRows(ctx, c.t, p)
		if err != nil {
			return out, err
		}
		if p.Import == c.header.Import {
			rows.rows = without(c.t, rows.rows, own)
		}
		parts = append(parts, rows)
	}
	for _, o := range own {
		parts = append(parts, pageRows{at: o.application.at, rows: o.change.given, records: o.change.records})
		out.general = append(out.general, o.change.general...)
	}
	var err error
	out.scope, err = c.scope(ctx)
	if err != nil {
		return out, err
	}
	all := newestOf(c.t, parts)
	for _, record := range all.stale {
		stated.Decide(c.work.decide).Stale(record)
	}
	out.records = all.records
	out.arrange(all.rows)
	return out, nil
}

// scope returns what the pages looked at together; nil: all of the type.
func (c *completion) scope(ctx context.Context) (*inventory.Scope, error) {
	var scopes []*inventory.Scope
	for _, p := range c.pages {
		if p.Scope == "" {
			return nil, nil
		}
		s, err := c.readScope(ctx, p.Scope)
		if err != nil {
			return nil, err
		}
		scopes = append(scopes, s)
	}
	return inventory.Together(scopes), nil
}

// without returns rows but for those with the keys of changes.
func without(t *inventory.Type, rows []inventory.Entry, changes []waitingChange) []inventory.Entry {
	keys := t.Keys(0)
	for _, c := range changes {
		for _, row := range c.change.given {
			keys.Add(row)
		}
	}
	return slices.DeleteFunc(slices.Clone(rows), func(row inventory.Entry) bool { return keys.Find(row) >= 0 })
}
