package stated

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// patchOf is what a partial row sets where the source states nothing else of its key.
func (m *Merge) patchOf(row inventory.Entry) *ledger.Patch {
	p := &ledger.Patch{Set: make([]ledger.Stamp, len(row))}
	for i, v := range row {
		if v != "" {
			p.Set[i] = m.At
		}
	}
	if p.Newest().IsZero() {
		p.Set[0] = m.At // it states that there is such an entry
	}
	return p
}

// setPart sets the attributes of a row for which a partial one has values. What is newer stands; of values of one time the one that comes
// first does.
func (m *Merge) setPart(at int, row inventory.Entry, record int32) {
	base, old := m.stampOf(at), m.rows.patch(at)
	age := m.At.Compare(base)
	if age < 0 || age == 0 && (old == nil || old.Whole) {
		m.Decide.Stale(record)
		return
	}
	next := &ledger.Patch{Whole: true, Set: make([]ledger.Stamp, len(row))}
	if old != nil {
		next = &ledger.Patch{Whole: old.Whole, Set: slices.Clone(old.Set)}
	}
	values := slices.Clone(m.rows.Rows[at])
	counts, changed := false, false
	for i, v := range row {
		order := m.At.Compare(next.Set[i])
		if v == "" || order < 0 || order == 0 && v > values[i] {
			continue
		}
		counts = true
		if order > 0 || v != values[i] {
			values[i], next.Set[i], changed = v, m.At, true
		}
	}
	if !counts {
		m.Decide.Stale(record)
		return
	}
	m.Counts = true
	m.joinRecord(at, record)
	if changed {
		m.rows.Rows[at], m.Changed = values, true
		m.rows.setPatch(at, next)
	}
}

// joinRecord makes a record one of those that a row is made of: the row's outcome counts for one of them, that of the item for the others.
func (m *Merge) joinRecord(at int, record int32) {
	old := m.rows.Records[at]
	if record == NoRecord {
		return
	}
	if old != NoRecord && old != record {
		m.Removed = append(m.Removed, old)
	}
	m.rows.Records[at] = record
}

// setBelow sets a key of which partial statements have set attributes: those that were set since stay.
func (m *Merge) setBelow(at int, row inventory.Entry, record int32) {
	old := m.rows.patch(at)
	age := m.At.Compare(m.stampOf(at))
	if m.Part && !old.Whole && m.rows.Stamps[at].IsZero() {
		age = 1 // snapshots alone are newer, and leave it
	}
	switch {
	case age < 0:
		m.Decide.Stale(record)
		return
	case age == 0 && old.Whole:
		m.setBeside(at, row, record)
		return
	}
	m.Counts, m.Changed = true, true
	patch := newer(old, m.At)
	if patch == nil {
		m.Decide(m.rows.Records[at], receipt.Stale, "a later entry of the same source has the same key")
		m.replace(at, row, record)
		return
	}
	patch.Whole = true
	m.rows.Rows[at], m.rows.Stamps[at] = below(row, m.rows.Rows[at], patch), m.At
	m.rows.setPatch(at, patch)
	m.joinRecord(at, record)
}

// setBeside sets a row of a time of which there is one already. Of what is not set since, the row that comes first in the type's order stands.
func (m *Merge) setBeside(at int, row inventory.Entry, record int32) {
	m.Counts = true
	patch := m.rows.patch(at)
	row = below(row, m.rows.Rows[at], patch)
	order := m.order.Compare(m.rows.Rows[at], row)
	switch {
	case order == 0 && m.rows.Records[at] == NoRecord:
		m.rows.Records[at] = record // the same again
	case order <= 0:
		m.Decide.Duplicate(record)
	default:
		m.rows.Rows[at], m.Changed = row, true
		m.joinRecord(at, record)
	}
}

// unstate removes what was stated of a row before a stamp, and reports whether that is all. Of a row that stands in part nothing counts that
// is not newer than since.
func (m *Merge) unstate(at int, before, since ledger.Stamp) (gone bool) {
	patch := m.rows.patch(at)
	if patch != nil {
		kept := &ledger.Patch{Set: make([]ledger.Stamp, len(patch.Set))}
		for i, s := range patch.Set {
			if s.Compare(before) >= 0 {
				kept.Set[i] = s
			}
		}
		if !kept.Newest().IsZero() {
			row := m.rows.Rows[at]
			m.rows.Rows[at], m.rows.Stamps[at] = alone(m.Type, row, kept), since
			m.rows.setPatch(at, kept)
			return false
		}
	}
	m.unstated[at] = true
	return true
}

// Clear removes the rows within the statement's own scope that it does not state, and that are older.
func (m *Merge) Clear(scope *inventory.Cover) {
	if m.old() {
		return
	}
	m.Later = append(m.Later, Looked{m.At, scope})
	defer m.restore()
	for at, row := range m.rows.Rows {
		last := m.lastBefore(at)
		leaves := m.leaves(at)
		if m.unstated[at] || last.IsZero() || !scope.Has(row) || leaves && m.rows.patch(at) == nil {
			continue
		}
		m.Changed = true
		if leaves || scope.ByKey() {
			last = ledger.Stamp{} // what is older need not be kept away
		}
		if m.unstate(at, m.At, last) {
			m.Decide.Stale(m.rows.Records[at])
			if last.Compare(m.Floor) > 0 {
				m.remember(row, last, ledger.Stamp{})
			}
		}
	}
}

// lastBefore is the stamp of the newest of what was stated of a row before the statement; zero: nothing was, or it was stated since.
func (m *Merge) lastBefore(at int) ledger.Stamp {
	base, patch := m.stampOf(at), m.rows.patch(at)
	if base.Compare(m.At) >= 0 {
		return ledger.Stamp{}
	}
	last := base
	if patch != nil {
		if !patch.Whole {
			last = ledger.Stamp{}
		}
		for _, s := range patch.Set {
			if s.Compare(m.At) < 0 {
				last = ledger.Newest(last, s)
			}
		}
	}
	return last
}

// outdate removes what was stated of a key before the statement: its row had taken that place, and is itself not stated any more.
func (m *Merge) outdate(row inventory.Entry) {
	if i := m.removed.Find(row); i >= 0 && !m.restored[i] && m.rows.Removed[i].At.Compare(m.At) >= 0 {
		return
	}
	at := m.keys.Find(row)
	if at >= 0 && !m.unstated[at] {
		if m.stampOf(at).Compare(m.At) >= 0 {
			return
		}
		m.Changed = true
		if !m.unstate(at, m.At, m.At) {
			return
		}
		m.Decide.Stale(m.rows.Records[at])
	}
	m.Changed = true
	m.remember(row, m.At, ledger.Stamp{})
}
