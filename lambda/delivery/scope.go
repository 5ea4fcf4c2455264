package delivery

import (
	"cmp"
	"context"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// applyScoped replaces the source's rows of the type within the statement's scope by the statement's, and keeps the others.
func (a *application) applyScoped(ctx context.Context, c *change, tw *typeWork) error {
	share := cmp.Or(a.node.Type(c.t.Name).Shares[a.statement.Source], &ledger.Share{})
	if a.at.Compare(share.Stamp()) < 0 {
		a.decideStale(c)
		return nil
	}
	name, err := a.stored.WriteLooked(ctx, c.scope, share)
	if err != nil {
		return err
	}
	for _, row := range c.removed {
		a.work.decide(row.Record, receipt.Unchanged, "")
	}
	c.removed = nil
	looked := ledger.Looked{Scope: name, At: a.at}
	if a.restatesScope(c, share, looked) {
		a.notStale(tw)
		tw.general = append(tw.general, c.general...)
		a.lookedAgain(c, tw, looked)
		return nil
	}
	m, before, err := a.merging(ctx, c, share, tw)
	if err != nil {
		return err
	}
	m.Clear(a.stored.Cover(c.scope, c.t))
	if !m.Counts && !m.Changed && share.HasLooked(looked) && !slices.ContainsFunc(share.Scopes, looked.Same) {
		a.decideStale(c)
		return nil
	}
	a.notStale(tw)
	tw.general = append(append(tw.general, c.general...), m.Removed...)
	if !m.Changed && slices.ContainsFunc(share.Scopes, looked.Same) {
		return a.restate(c.t, tw, before)
	}
	return a.store(ctx, c.t, tw, m.Result(), m.Parts, looked)
}

// restatesScope reports whether a share's rows are all those that its source has stated last with the same scope, and the statement states
// them again: only its time moves.
func (a *application) restatesScope(c *change, share *ledger.Share, looked ledger.Looked) bool {
	return share.By == looked.Scope && ledger.Newest(share.Merged, share.Looked()).Compare(a.at) <= 0 &&
		share.Count == len(c.set.Rows) && share.Compare == c.t.CompareSum(c.set.Rows)
}

func (a *application) lookedAgain(c *change, tw *typeWork, looked ledger.Looked) {
	held, source := a.node.Type(c.t.Name), a.statement.Source
	share := held.Shares[source]
	next := *share
	next.Scopes, next.Stated = share.WithScope(looked, true), a.received()
	a.setShare(held, share, next)
	tw.sources[source] = &sourceRows{rows: share.Rows, records: c.rows(a.work).Records, merge: true}
}

// setOwn sets the statement's rows. Those outside what it looked at count only where the source has looked at them in no other statement.
// Where not the key alone decides what lies outside, as with a scanner's families of tests, a row was found all the same, and counts.
func (a *application) setOwn(ctx context.Context, c *change, share *ledger.Share, m *stated.Merge) error {
	own, scope := c.rows(a.work), c.scope
	if scope != nil && (len(scope.Clauses) == 0 || !a.stored.Cover(scope, c.t).ByKey()) {
		scope = nil
	}
	outside := m.SetWithin(own, a.stored.Cover(scope, c.t))
	if len(outside) == 0 {
		return nil
	}
	looks, err := a.stored.Looked(ctx, c.t, share, ledger.Stamp{})
	for _, i := range outside {
		m.Fill(own.Rows[i], own.Records[i], looks)
	}
	return err
}
