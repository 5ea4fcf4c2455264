package delivery

import (
	"context"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// rememberRemoved is how long a removed key is remembered: what was said before it was removed may come that much later.
const rememberRemoved = 14 * 24 * time.Hour

// store makes what a source says the share of the statement's source. Rows of a snapshot that differ in volatile attributes only are
// not stored: the share keeps those of its last real change, and only its time moves.
func (a *application) store(ctx context.Context, t *inventory.Type, tw *typeWork, s stated) error {
	held, source := a.node.Type(t.Name), a.statement.Source
	share := held.Shares[source]
	now := ledger.Share{Count: len(s.rows), Merged: s.newest(), Stated: a.run.received(), Removed: len(s.removed), Forget: forgetAt(s.removed)}
	switch {
	case !a.merge:
		now.Captured, now.Written = a.at.Captured, a.at.Written
	case share != nil:
		now.Captured, now.Written = share.Captured, share.Written
	}
	if len(s.rows) > 0 {
		now.Compare, now.Bytes = t.CompareSum(s.rows), t.ContentBytes(s.rows)
	}
	var err error
	now.Rows, err = a.rowsOf(ctx, t, share, &now, s)
	if err != nil {
		return err
	}
	if share == nil && now.Count > 0 || share != nil && share.Compare != now.Compare {
		tw.changed = true
	}
	a.set(held, share, now)
	tw.sources[source] = &sourceRows{rows: now.Rows, records: s.records, merge: a.merge}
	return nil
}

// rowsOf is the name of the rows object that a share needs, which is written where it is another one than before.
func (a *application) rowsOf(ctx context.Context, t *inventory.Type, share *ledger.Share, now *ledger.Share, s stated) (string, error) {
	switch {
	case len(s.rows)+len(s.removed) == 0:
		return "", nil
	case share != nil && share.Compare == now.Compare && share.Merged.IsZero() && now.Merged.IsZero():
		return share.Rows, nil
	}
	rows := &ledger.Rows{Rows: s.rows, Removed: s.removed}
	if slices.ContainsFunc(s.stamps, func(s ledger.Stamp) bool { return !s.IsZero() }) {
		rows.Stamps = s.stamps
	}
	return a.run.writeRows(ctx, t, rows)
}

func (a *application) set(held *ledger.Type, share *ledger.Share, now ledger.Share) {
	if share != nil && sameShare(*share, now) && a.sameImport() {
		return
	}
	if held.Shares == nil {
		held.Shares = map[string]*ledger.Share{}
	}
	held.Shares[a.statement.Source] = &now
	a.run.dirty = true
}

// sameImport reports whether the source's last word about the node came with this import already.
func (a *application) sameImport() bool {
	last := a.node.Sources[a.statement.Source]
	return last != nil && last.Import == a.run.header.Import
}

// restate notes that a source has stated again what it states, so that it does not expire.
func (a *application) restate(t *inventory.Type, tw *typeWork, s stated) error {
	held, source := a.node.Type(t.Name), a.statement.Source
	share := held.Shares[source]
	if share == nil {
		return nil
	}
	tw.sources[source] = &sourceRows{rows: share.Rows, records: s.records, merge: a.merge}
	if now := *share; a.counts && !a.sameImport() {
		now.Stated = a.run.received()
		a.set(held, share, now)
	}
	return nil
}

func sameShare(a, b ledger.Share) bool {
	return a.Rows == b.Rows && a.Compare == b.Compare && a.Stamp().Compare(b.Stamp()) == 0 && a.Merged.Compare(b.Merged) == 0 && a.Adopted == b.Adopted
}

// forgetAt is when the first of the removed keys may be forgotten.
func forgetAt(removed []ledger.Removed) time.Time {
	var first time.Time
	for _, r := range removed {
		if at := r.Arrived.Add(rememberRemoved); first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}
