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

// store makes what a source says the shard of the statement's source. Rows of a snapshot that differ in volatile attributes only are
// not stored: the shard keeps those of its last real change, and only its time moves.
func (a *application) store(ctx context.Context, t *inventory.Type, spoken *spoken, s said) error {
	held, source := a.node.Type(t.Name), a.statement.Source
	shard := held.Shards[source]
	now := ledger.Shard{Count: len(s.rows), Merged: s.newest(), Stated: a.run.received(), Removed: len(s.removed), Forget: forgetAt(s.removed)}
	switch {
	case !a.merge:
		now.Captured, now.Written = a.at.Captured, a.at.Written
	case shard != nil:
		now.Captured, now.Written = shard.Captured, shard.Written
	}
	if len(s.rows) > 0 {
		now.Compare, now.Bytes = t.CompareSum(s.rows), t.ContentBytes(s.rows)
	}
	var err error
	if now.Rows, err = a.rowsOf(ctx, t, shard, &now, s); err != nil {
		return err
	}
	if shard == nil && now.Count > 0 || shard != nil && shard.Compare != now.Compare {
		spoken.changed = true
	}
	a.set(held, shard, now)
	spoken.voices[source] = &voice{rows: now.Rows, records: s.records, merge: a.merge}
	return nil
}

// rowsOf is the name of the rows object that a shard needs, which is written where it is another one than before.
func (a *application) rowsOf(ctx context.Context, t *inventory.Type, shard *ledger.Shard, now *ledger.Shard, s said) (string, error) {
	switch {
	case len(s.rows)+len(s.removed) == 0:
		return "", nil
	case shard != nil && shard.Compare == now.Compare && shard.Merged.IsZero() && now.Merged.IsZero():
		return shard.Rows, nil
	}
	rows := &ledger.Rows{Rows: s.rows, Removed: s.removed}
	if slices.ContainsFunc(s.stamps, func(s ledger.Stamp) bool { return !s.IsZero() }) {
		rows.Stamps = s.stamps
	}
	return a.run.writeRows(ctx, t, rows)
}

func (a *application) set(held *ledger.Type, shard *ledger.Shard, now ledger.Shard) {
	if shard != nil && sameShard(*shard, now) && a.sameImport() {
		return
	}
	if held.Shards == nil {
		held.Shards = map[string]*ledger.Shard{}
	}
	held.Shards[a.statement.Source] = &now
	a.run.dirty = true
}

// sameImport says whether the source's last word about the node came with this import already.
func (a *application) sameImport() bool {
	last := a.node.Sources[a.statement.Source]
	return last != nil && last.Import == a.run.header.Import
}

// restate notes that a source has said again what it states, so that it does not expire.
func (a *application) restate(t *inventory.Type, spoken *spoken, s said) error {
	held, source := a.node.Type(t.Name), a.statement.Source
	shard := held.Shards[source]
	if shard == nil {
		return nil
	}
	spoken.voices[source] = &voice{rows: shard.Rows, records: s.records, merge: a.merge}
	if now := *shard; a.heard && !a.sameImport() {
		now.Stated = a.run.received()
		a.set(held, shard, now)
	}
	return nil
}

func sameShard(a, b ledger.Shard) bool {
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
