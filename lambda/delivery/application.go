package delivery

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// application is a statement on its way into the head.
type application struct {
	*applier
	work      *work
	node      *ledger.NodeState
	statement *ledger.Statement
	at        ledger.Stamp
	first     int  // index of its first record in work.records
	merge     bool // rows are set and removed; no others are removed
	rejected  bool // some of its rows are not known, so it removes none
	joins     bool // the same document has stated rows of the node already: both together are what it states
	fresh     bool // some of it is not stale
}

// change is what a statement states of one type, checked and in order.
type change struct {
	t         *inventory.Type
	scope     *inventory.Scope  // nil: all of the type
	given     []inventory.Entry // of a page
	set       inventory.Arranged
	records   []int32 // by entry given: its record
	removed   []ledger.Row
	displaced []displaced
	general   []int32 // all records of a statement without a row of the type: together they state that there is none
	over      bool    // it has more rows than the type takes from one source
	beyond    inventory.Beyond
}

// displaced is an entry of which another one takes the place.
type displaced struct {
	record int32
	empty  []string // attributes of its key that have no value, where none has
}

// applyTypes changes the shares that the statement is about. A snapshot with a rejected record removes nothing, so all rows are checked
// before any is applied.
func (a *application) applyTypes(ctx context.Context) error {
	changes := make([]change, 0, len(a.statement.Types))
	for _, ts := range a.statement.Types {
		changes = append(changes, a.change(a.types[ts.Type], ts))
	}
	a.fresh = len(changes) == 0
	for i := range changes {
		if a.isPage(&changes[i]) {
			a.wait(&changes[i])
			continue
		}
		if err := a.applyType(ctx, &changes[i]); err != nil {
			return err
		}
	}
	return nil
}

func (a *application) change(t *inventory.Type, ts ledger.TypeStatement) change {
	entries, records, removed := a.check(t, ts.Rows)
	c := change{t: t, records: records, removed: removed, scope: ts.Scope, beyond: ts.Beyond.From(a.first)}
	for i := a.first; len(ts.Rows) == 0 && i < len(a.work.records); i++ {
		c.general = append(c.general, int32(i)) //nolint:gosec // records of one node
	}
	c.arrange(entries)
	c.over = c.over && !a.undoes
	if a.header.Page != nil {
		c.given = entries
	}
	if c.over {
		for _, record := range slices.Concat(c.records, c.beyond.Records) {
			a.reject(record, fmt.Sprintf("%d entries are more than an item of %s takes", len(c.set.Rows)+c.beyond.Rows, t.Name))
		}
	}
	return c
}

// arrange puts entries in order, whose records are known.
func (c *change) arrange(entries []inventory.Entry) {
	c.set = c.t.Arrange(entries)
	for _, i := range c.set.Displaced {
		c.displaced = append(c.displaced, displaced{c.records[i], c.t.EmptyKey(entries[i])})
	}
	c.over = c.t.OverLimit(len(c.set.Rows) + c.beyond.Rows)
}

func (a *application) reject(record int32, reason string) {
	a.work.decide(record, receipt.Rejected, reason)
	a.merge, a.rejected = true, true
}

// rows are those that the statement itself states.
func (c *change) rows(w *work) stated.Rows {
	s := stated.Rows{Rows: c.set.Rows, Stamps: make([]ledger.Stamp, len(c.set.Rows)), Records: make([]int32, len(c.set.From)), Beyond: c.beyond}
	for i, from := range c.set.From {
		s.Records[i] = c.records[from]
	}
	for _, u := range c.set.United {
		list := []int32{s.Records[u.Row]}
		for _, from := range u.Others {
			if r := c.records[from]; !slices.Contains(list, r) {
				list = append(list, r)
			}
		}
		if len(list) > 1 {
			s.Records[u.Row] = w.together(list)
		}
	}
	return s
}

// decideDropped decides about the entries that are not kept: those that are stated anyhow, and those that another one displaces.
func (a *application) decideDropped(c *change) {
	for _, i := range c.set.Duplicates {
		a.decide().Duplicate(c.records[i])
	}
	for _, d := range c.displaced {
		a.decide().Displaced(d.record, d.empty)
	}
	a.decide().Beyond(c.t, c.beyond)
	a.part.NoteTimes(receipt.NoteDisplaced, len(c.displaced)+c.beyond.Displaced)
	a.part.NoteTimes(receipt.NoteCut, c.set.Cuts+c.beyond.Cuts)
}

func (a *application) applyType(ctx context.Context, c *change) error {
	tw := a.work.typeWork(a.node, c.t.Name)
	if c.over {
		a.notStale(tw)
		return nil
	}
	a.decideDropped(c)
	switch {
	case a.merge:
		return a.applyMerge(ctx, c, tw)
	case c.scope != nil:
		return a.applyScoped(ctx, c, tw)
	}
	return a.applySnapshot(ctx, c, tw)
}

func (a *application) decide() stated.Decide { return a.work.decide }

// notStale records that a part of the statement is not stale.
func (a *application) notStale(tw *typeWork) { tw.stale, a.fresh = false, true }

// applySnapshot replaces the source's rows of the type by the statement's, and keeps the rows that the source has set since.
func (a *application) applySnapshot(ctx context.Context, c *change, tw *typeWork) error {
	share := a.node.Type(c.t.Name).Shares[a.statement.Source]
	if share != nil && a.at.Compare(share.Stamp()) < 0 { // the same snapshot again is not stale
		a.decideStale(c)
		return nil
	}
	a.notStale(tw)
	for _, row := range c.removed {
		a.work.decide(row.Record, receipt.Unchanged, "")
	}
	tw.general = append(tw.general, c.general...)
	own := c.rows(a.work)
	if share != nil && ledger.Newest(share.Merged, share.Looked()).Compare(a.at) > 0 {
		before, err := a.before(ctx, c.t, share, tw)
		if err != nil {
			return err
		}
		later, err := a.stored.Looked(ctx, c.t, share, a.at)
		if err != nil {
			return err
		}
		own = stated.Replacing{Type: c.t, At: a.at, Later: later, Decide: a.work.decide}.Replace(own, before)
	}
	parts, err := a.stored.Parts(ctx, c.t, share, false)
	if err != nil {
		return err
	}
	if parts != nil {
		looks, err := a.stored.Looked(ctx, c.t, share, ledger.Stamp{})
		if err != nil {
			return err
		}
		own = parts.Beside(stated.Merge{Type: c.t, At: a.at, Received: a.received(), Floor: a.at, Later: looks, Decide: a.work.decide}, own)
	}
	return a.store(ctx, c.t, tw, own, parts)
}

// decideStale marks the records of a type as stale: the source has stated a newer snapshot.
func (a *application) decideStale(c *change) {
	for _, record := range slices.Concat(c.general, c.records, c.beyond.Records) {
		a.decide().Stale(record)
	}
	for _, row := range c.removed {
		a.decide().Stale(row.Record)
	}
}

// applyMerge sets and removes rows by key.
func (a *application) applyMerge(ctx context.Context, c *change, tw *typeWork) error {
	share := cmp.Or(a.node.Type(c.t.Name).Shares[a.statement.Source], &ledger.Share{})
	m, before, err := a.merging(ctx, c, share, tw)
	if err != nil {
		return err
	}
	tw.general = append(tw.general, m.Removed...)
	if m.Counts || m.Changed || len(c.set.Rows)+len(c.removed) == 0 {
		a.notStale(tw)
	}
	if !m.Changed && (m.Parts == nil || !m.Parts.Changed()) {
		return a.restate(c.t, tw, before)
	}
	result := m.Result()
	if m.Counts && !c.beyond.IsZero() {
		result.Beyond = c.beyond
	}
	return a.store(ctx, c.t, tw, result, m.Parts)
}

// merging sets and removes the rows of a statement in what its source stated before.
func (a *application) merging(ctx context.Context, c *change, share *ledger.Share, tw *typeWork) (*stated.Merge, stated.Rows, error) {
	before, err := a.before(ctx, c.t, share, tw)
	if err != nil {
		return nil, before, err
	}
	parts, err := a.stored.Parts(ctx, c.t, share, a.statement.Part)
	if err != nil {
		return nil, before, err
	}
	since := a.at
	if parts != nil {
		since = ledger.Stamp{} // their rows may be older
	}
	later, err := a.stored.Looked(ctx, c.t, share, since)
	if err != nil {
		return nil, before, err
	}
	m := stated.NewMerge(stated.Merge{
		Type: c.t, At: a.at, Received: a.received(), Floor: share.Stamp(), Later: later, Joins: a.joins || !a.merge,
		Parts: parts, Part: a.statement.Part, Partial: a.statement.Partial, Decide: a.work.decide, Both: func(x, y int32) int32 { return a.work.together([]int32{x, y}) },
	}, before)
	for _, row := range c.removed {
		m.Remove(row.Values, row.Record)
	}
	if err := a.setOwn(ctx, c, share, m); err != nil {
		return nil, before, err
	}
	a.part.NoteTimes(receipt.NoteDisplaced, m.Dropped)
	a.part.NoteTimes(receipt.NoteCut, m.Cuts)
	return m, before, nil
}

// before returns the rows of a share, with the records of this delivery from which they come.
func (a *application) before(ctx context.Context, t *inventory.Type, share *ledger.Share, tw *typeWork) (stated.Rows, error) {
	s, err := a.stored.Stated(ctx, t, share)
	if err == nil && share.Rows != "" {
		s.Records = slices.Clone(tw.recordsOf(a.statement.Source, share.Rows, len(s.Rows)))
	}
	return s, err
}
