package delivery

import (
	"cmp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// maxRemoved is how many removed keys of one source, node and type are remembered.
const maxRemoved = 10_000

// said is what a source states of a type.
type stated struct {
	rows    []inventory.Entry
	stamps  []ledger.Stamp // by row; zero: that of the share's snapshot
	records []int32        // by row: its record, -1 where it is not of this delivery
	removed []ledger.Removed
}

// newest is the newest stamp of what was set or removed by itself; zero: nothing was.
func (s *stated) newest() ledger.Stamp {
	var newest ledger.Stamp
	for _, stamp := range s.stamps {
		newest = ledger.Newest(newest, stamp)
	}
	for _, r := range s.removed {
		newest = ledger.Newest(newest, r.At)
	}
	return newest
}

// arrange puts the rows in the type's order.
func (s *stated) arrange(t *inventory.Type) {
	a := t.Arrange(s.rows)
	out := stated{rows: a.Rows, removed: s.removed}
	for _, from := range a.From {
		out.stamps, out.records = append(out.stamps, s.stamps[from]), append(out.records, s.records[from])
	}
	*s = out
}

// merger applies what one statement sets and removes to what its source states. What was said later stands, whatever the order in
// which it arrives: each row, and each key that was removed, has its stamp. At equal stamps what is set stands before what is removed,
// and of two rows the one that comes first in the type's order.
type merger struct {
	*application
	t       *inventory.Type
	order   inventory.Order
	floor   ledger.Stamp // of the source's last snapshot: nothing older counts
	stated  stated
	keys    *inventory.Keys // of said.rows
	dropped []bool          // rows that are no longer stated
	gone    *inventory.Keys // of said.removed
	revived []bool          // removed keys that have been set since
	tw      *typeWork
	touched bool // something is another than before
	counts  bool // something of the statement counts, if only to say the same again
}

func (a *application) merger(t *inventory.Type, floor ledger.Stamp, before stated, tw *typeWork) *merger {
	m := &merger{
		application: a, t: t, order: t.Order(), floor: floor, stated: before, tw: tw,
		keys: t.Keys(len(before.rows)), dropped: make([]bool, len(before.rows)),
		gone: t.Keys(len(before.removed)), revived: make([]bool, len(before.removed)),
	}
	for _, row := range before.rows {
		m.keys.Add(row)
	}
	for _, r := range before.removed {
		m.gone.Add(r.Key)
	}
	return m
}

// old reports whether the source has stated all about the type since.
func (m *merger) old() bool { return !m.joins && m.at.Compare(m.floor) <= 0 }

// stampOf is when a row was stated.
func (m *merger) stampOf(row int) ledger.Stamp {
	if s := m.stated.stamps[row]; !s.IsZero() {
		return s
	}
	return m.floor
}

func (m *merger) stale(record int32) {
	m.work.decide(record, receipt.Stale, "the source has said something newer")
}

// set makes a row what the source states of its key.
func (m *merger) set(row inventory.Entry, record int32) {
	if m.old() || m.removedLater(row, m.at) {
		m.stale(record)
		return
	}
	m.counts = true
	at, added := m.keys.Add(row)
	switch {
	case added:
		m.stated.rows, m.stated.stamps = append(m.stated.rows, row), append(m.stated.stamps, m.at)
		m.stated.records, m.dropped = append(m.stated.records, record), append(m.dropped, false)
		m.touched = true
	case m.dropped[at]:
		m.replace(at, row, record)
	default:
		m.reset(at, row, record)
	}
	m.revive(row)
}

// removedLater reports whether the row's key was removed after a time.
func (m *merger) removedLater(row inventory.Entry, at ledger.Stamp) bool {
	i := m.gone.Find(row)
	return i >= 0 && !m.revived[i] && m.stated.removed[i].At.Compare(at) > 0
}

// reset sets a key that has a row.
func (m *merger) reset(at int, row inventory.Entry, record int32) {
	switch c := m.at.Compare(m.stampOf(at)); {
	case c < 0:
		m.stale(record)
	case c == 0 && m.order.Compare(m.stated.rows[at], row) == 0 && m.stated.records[at] < 0:
		m.stated.records[at] = record // the same again
	case c == 0 && m.order.Compare(m.stated.rows[at], row) <= 0:
		m.work.decide(record, receipt.Duplicate, "another entry of the same source has the same key")
	default:
		m.work.decide(m.stated.records[at], receipt.Duplicate, "a later entry of the same source has the same key")
		m.replace(at, row, record)
	}
}

func (m *merger) replace(at int, row inventory.Entry, record int32) {
	m.stated.rows[at], m.stated.stamps[at], m.stated.records[at] = row, m.at, record
	m.dropped[at], m.touched = false, true
}

// revive forgets that a row's key was removed.
func (m *merger) revive(row inventory.Entry) {
	if i := m.gone.Find(row); i >= 0 && !m.revived[i] {
		m.revived[i], m.touched = true, true
	}
}

// remove takes away the row of a key, and remembers that it was removed: what was said earlier may come later.
func (m *merger) remove(key inventory.Entry, record int32) {
	if m.old() {
		m.stale(record)
		return
	}
	if i := m.gone.Find(key); i >= 0 && !m.revived[i] && m.stated.removed[i].At.Compare(m.at) >= 0 {
		m.counts = true
		m.missed(record)
		return
	}
	if at := m.keys.Find(key); at >= 0 && !m.dropped[at] {
		if m.at.Compare(m.stampOf(at)) <= 0 {
			m.stale(record)
			return
		}
		m.work.decide(m.stated.records[at], receipt.Duplicate, "a later record of the same source removes it")
		m.dropped[at] = true
		m.tw.general = append(m.tw.general, record)
	} else {
		m.missed(record)
	}
	m.counts, m.touched = true, true
	m.remember(key)
}

// missed is a removal of what is not there: nothing changes.
func (m *merger) missed(record int32) { m.work.decide(record, receipt.Unchanged, "") }

func (m *merger) remember(key inventory.Entry) {
	r := ledger.Removed{Key: m.t.KeyOnly(key), At: m.at, Arrived: m.run.received()}
	if i, added := m.gone.Add(r.Key); !added {
		m.stated.removed[i], m.revived[i] = r, false
		return
	}
	m.stated.removed, m.revived = append(m.stated.removed, r), append(m.revived, false)
}

// result is what the source states then.
func (m *merger) result() stated {
	var out stated
	for i, row := range m.stated.rows {
		if !m.dropped[i] {
			out.rows, out.stamps, out.records = append(out.rows, row), append(out.stamps, m.stated.stamps[i]), append(out.records, m.stated.records[i])
		}
	}
	for i, r := range m.stated.removed {
		if !m.revived[i] {
			out.removed = append(out.removed, r)
		}
	}
	out.arrange(m.t)
	out.removed = sortedRemoved(m.order, out.removed)
	return out
}

// sortedRemoved puts removed keys in the type's order, and leaves out the oldest where there are very many.
func sortedRemoved(order inventory.Order, removed []ledger.Removed) []ledger.Removed {
	byKey := func(a, b ledger.Removed) int { return order.Compare(a.Key, b.Key) }
	if len(removed) > maxRemoved {
		slices.SortFunc(removed, func(a, b ledger.Removed) int { return cmp.Or(b.At.Compare(a.At), byKey(a, b)) })
		removed = removed[:maxRemoved]
	}
	slices.SortFunc(removed, byKey)
	return removed
}
