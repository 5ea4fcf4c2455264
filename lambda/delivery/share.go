package delivery

import (
	"context"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// store makes rows the share of the statement's source. Rows of a snapshot that differ in volatile attributes only are not stored: the
// share keeps those of its last real change, and only its time moves. A statement that looked at a part of the type is among those given.
func (a *application) store(ctx context.Context, t *inventory.Type, tw *typeWork, s stated.Rows, parts *stated.Parts, looked ...ledger.Looked) error {
	held, source := a.node.Type(t.Name), a.statement.Source
	share := held.Shares[source]
	next := ledger.Share{Count: len(s.Rows), Stated: a.received(), Removed: len(s.Removed), Forget: stated.ForgetAt(s.Removed), Beyond: s.Beyond.Counts()}
	if share != nil {
		next.Captured, next.Written, next.Pages, next.Parts = share.Captured, share.Written, share.Pages, share.Parts
	}
	isWhole := !a.merge && len(looked) == 0
	tw.note(source, a.at, isWhole, looked)
	if isWhole {
		next.Captured, next.Written = a.at.Captured, a.at.Written
	}
	next.Scopes, next.By = stated.Scopes(share, &next, &s, looked)
	next.Merged = s.Newest()
	if len(s.Rows) > 0 {
		next.Compare, next.Bytes = t.CompareSum(s.Rows)+next.Beyond.Text(), t.ContentBytes(s.Rows)
	}
	var err error
	next.Rows, err = a.storeRows(ctx, t, share, &next, s)
	if err != nil {
		return err
	}
	next.Parts, err = a.stored.WriteParts(ctx, t, parts, next.Parts)
	if err != nil {
		return err
	}
	if share == nil && next.Count > 0 || share != nil && share.Compare != next.Compare {
		tw.changed = true
	}
	a.setShare(held, share, next)
	tw.sources[source] = &sourceRows{rows: next.Rows, compare: next.Compare, records: s.Records, beyond: s.Beyond.Records, merge: !isWhole}
	return nil
}

// storeRows stores the rows of a share where they are others than before, and returns their name.
func (a *application) storeRows(ctx context.Context, t *inventory.Type, share, next *ledger.Share, s stated.Rows) (string, error) {
	switch {
	case len(s.Rows)+len(s.Removed) == 0:
		return "", nil
	case share != nil && share.Compare == next.Compare && share.Merged.IsZero() && next.Merged.IsZero():
		return share.Rows, nil
	}
	return a.stored.WriteRows(ctx, t, s.Stored())
}

func (a *application) setShare(held *ledger.Type, share *ledger.Share, next ledger.Share) {
	if share != nil && share.Same(&next) && a.sameImport() {
		return
	}
	if held.Shares == nil {
		held.Shares = map[string]*ledger.Share{}
	}
	held.Shares[a.statement.Source] = &next
	a.dirty = true
}

// sameImport reports whether the source's last statement about the node before this delivery came with this import already.
func (a *application) sameImport() bool {
	last := a.work.knownBefore(a.node, a.statement.Source)
	return last != nil && last.Import == a.header.Import
}

// restate notes that a source has stated the same again, so that its share does not expire.
func (a *application) restate(t *inventory.Type, tw *typeWork, s stated.Rows) error {
	held, source := a.node.Type(t.Name), a.statement.Source
	share := held.Shares[source]
	if share == nil {
		return nil
	}
	tw.sources[source] = &sourceRows{rows: share.Rows, records: s.Records, merge: a.merge}
	if next := *share; a.fresh && !a.sameImport() {
		next.Stated = a.received()
		a.setShare(held, share, next)
	}
	return nil
}
