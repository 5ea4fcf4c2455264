// Package stated knows what a source states of one type on a node, and what another statement makes of it: which rows are set, which are
// removed, and which are older than what the source has stated already. It does not know how that is stored, nor how it is put.
package stated

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

const (
	maxRemoved     = 10_000              // removed keys of one source, node and type that are remembered
	rememberedTime = 14 * 24 * time.Hour // how long a removed key is remembered: an older row for it may come that much later
)

// Rows is what a source states of a type.
type Rows struct {
	Rows    []inventory.Entry
	Stamps  []ledger.Stamp  // by row; zero: that of the source's snapshot of all of the type
	Patches []*ledger.Patch // by row: what partial statements have set since; nil as a whole: nothing
	Records []int32         // by row: its record, NoRecord where it is of none of this delivery
	Removed []ledger.Removed
	Beyond  inventory.Beyond // rows that are not among Rows
}

// NoRecord stands for the record of a row that comes from no record of this delivery. Numbers below it stand for several records.
const NoRecord = -1

// Decide decides an outcome for a record, or for several that a number below NoRecord stands for; for NoRecord it does nothing.
type Decide func(record int32, outcome receipt.Outcome, reason string)

// Stale decides that a record is older than what its source has stated.
func (d Decide) Stale(record int32) {
	d(record, receipt.Stale, "the source has stated something newer")
}

// Duplicate decides that another entry of the same source takes a record's place.
func (d Decide) Duplicate(record int32) {
	d(record, receipt.Duplicate, "another entry of the same source is the same")
}

// Displaced decides that another entry of the same source, which differs from a record's, takes its place. Where their keys have no value,
// the attributes are named that should have one.
func (d Decide) Displaced(record int32, empty []string) {
	reason := "another entry of the same source has the same key, and differs"
	if len(empty) > 0 {
		reason = strings.Join(empty, ", ") + ": no value here and in another entry, which differs and stands: give each entry its own"
	}
	d(record, receipt.Displaced, reason)
}

// Beyond decides about the records of entries of which rows take the place that are not held.
func (d Decide) Beyond(t *inventory.Type, b inventory.Beyond) {
	for _, record := range b.Duplicates {
		d.Duplicate(record)
	}
	for _, record := range b.Differing {
		d.Displaced(record, nil)
	}
	for _, record := range b.Nameless {
		d.Displaced(record, t.EmptyKey(make(inventory.Entry, len(t.Attributes))))
	}
}

// Row decides about a record by what became of its item, and of its row in the item's composition.
func (d Decide) Row(record int32, outcome receipt.Outcome, reason string, row inventory.RowOutcome) {
	settled := outcome == receipt.Put || outcome == receipt.Unchanged
	switch {
	case settled && row == inventory.Truncated:
		d(record, receipt.Truncated, "the item is full")
	case settled && row == inventory.Duplicate:
		d(record, receipt.Duplicate, "another source's entry has the same key")
	default:
		d(record, outcome, reason)
	}
}

// Newest is the newest stamp of a row or removed key; zero: none has a stamp of its own.
func (r *Rows) Newest() ledger.Stamp {
	var newest ledger.Stamp
	for _, stamp := range r.Stamps {
		newest = ledger.Newest(newest, stamp)
	}
	for _, patch := range r.Patches {
		newest = ledger.Newest(newest, patch.Newest())
	}
	for _, removed := range r.Removed {
		newest = ledger.Newest(newest, removed.At)
	}
	return newest
}

// Stored returns the rows as they are stored: with stamps and patches only where any row has one of its own.
func (r *Rows) Stored() *ledger.Rows {
	rows := &ledger.Rows{Rows: r.Rows, Removed: r.Removed}
	if slices.ContainsFunc(r.Stamps, func(s ledger.Stamp) bool { return !s.IsZero() }) {
		rows.Stamps = r.Stamps
	}
	if r.patched() {
		rows.Patches = r.Patches
	}
	return rows
}

func (r *Rows) patched() bool {
	return slices.ContainsFunc(r.Patches, func(p *ledger.Patch) bool { return p != nil })
}

// Stamp gives rows without a stamp of their own that of the snapshot that states them, which is not one of all of the type.
func (r *Rows) Stamp(at ledger.Stamp) {
	for i := range r.Stamps {
		if r.Stamps[i].IsZero() {
			r.Stamps[i] = at
		}
	}
}

// Unstamp takes a stamp from the rows that have it where all have, and nothing has been set since. It reports whether they did.
func (r *Rows) Unstamp(at ledger.Stamp) bool {
	if len(r.Rows) == 0 || r.patched() || slices.ContainsFunc(r.Stamps, func(s ledger.Stamp) bool { return s.Compare(at) != 0 }) {
		return false
	}
	clear(r.Stamps)
	return true
}

// patch returns what partial statements have set of a row; nil: nothing.
func (r *Rows) patch(row int) *ledger.Patch {
	if row < len(r.Patches) {
		return r.Patches[row]
	}
	return nil
}

// setPatch makes a patch that of a row; nil: it has none.
func (r *Rows) setPatch(row int, p *ledger.Patch) {
	if r.Patches == nil && p == nil {
		return
	}
	for len(r.Patches) <= row {
		r.Patches = append(r.Patches, nil)
	}
	r.Patches[row] = p
}

func (r *Rows) add(row inventory.Entry, stamp ledger.Stamp, patch *ledger.Patch, record int32) {
	r.Rows, r.Stamps, r.Records = append(r.Rows, row), append(r.Stamps, stamp), append(r.Records, record)
	r.setPatch(len(r.Rows)-1, patch)
}

// sort puts the rows in the type's order.
func (r *Rows) sort(t *inventory.Type) {
	order, at := t.Order(), make([]int, len(r.Rows))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return order.Compare(r.Rows[a], r.Rows[b]) })
	out := Rows{Removed: r.Removed, Beyond: r.Beyond}
	for _, i := range at {
		out.add(r.Rows[i], r.Stamps[i], r.patch(i), r.Records[i])
	}
	*r = out
}

// sortRemoved puts removed keys in the type's order, and leaves out the oldest where there are very many.
func sortRemoved(order inventory.Order, removed []ledger.Removed) []ledger.Removed {
	byKey := func(a, b ledger.Removed) int { return order.Compare(a.Key, b.Key) }
	if len(removed) > maxRemoved {
		slices.SortFunc(removed, func(a, b ledger.Removed) int { return cmp.Or(b.At.Compare(a.At), byKey(a, b)) })
		removed = removed[:maxRemoved]
	}
	slices.SortFunc(removed, byKey)
	return removed
}

// ForgetAt is when the first of removed keys may be forgotten; zero: there are none.
func ForgetAt(removed []ledger.Removed) time.Time {
	var first time.Time
	for _, r := range removed {
		if at := r.Arrived.Add(rememberedTime); first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// Forget returns the removed keys that are to be remembered still.
func Forget(removed []ledger.Removed, now time.Time) []ledger.Removed {
	return slices.DeleteFunc(slices.Clone(removed), func(r ledger.Removed) bool { return !now.Before(r.Arrived.Add(rememberedTime)) })
}
