package stated

import (
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Merge applies what a statement sets and removes by key to what its source states. The newer stands, whatever the order in which
// statements arrive: each row, and each key that was removed, has its stamp. At equal stamps what is set stands before what is removed, and
// of two rows the one that comes first in the type's order.
type Merge struct {
	Type     *inventory.Type
	At       ledger.Stamp // of the statement
	Received time.Time    // when its document was taken in, by our clock
	Floor    ledger.Stamp // of the source's last snapshot: nothing older counts
	Joins    bool         // the statement belongs to the snapshot itself: equal stamps count
	Decide   Decide

	Counts  bool    // something of the statement is not stale, if only since it states the same again
	Changed bool    // something is another than before
	Removed []int32 // records that removed a row

	order    inventory.Order
	rows     Rows
	keys     *inventory.Keys // of rows.Rows
	unstated []bool          // rows that are no longer stated
	removed  *inventory.Keys // of rows.Removed
	restored []bool          // removed keys that have been set since
}

// NewMerge begins to merge a statement into what its source stated before, which it changes. Type to Decide are given.
func NewMerge(m Merge, before Rows) *Merge {
	m.order, m.rows = m.Type.Order(), before
	m.keys, m.unstated = m.Type.Keys(len(before.Rows)), make([]bool, len(before.Rows))
	m.removed, m.restored = m.Type.Keys(len(before.Removed)), make([]bool, len(before.Removed))
	for _, row := range before.Rows {
		m.keys.Add(row)
	}
	for _, r := range before.Removed {
		m.removed.Add(r.Key)
	}
	return &m
}

// old reports whether the source has stated all of the type since.
func (m *Merge) old() bool { return !m.Joins && m.At.Compare(m.Floor) <= 0 }

// stampOf is when a row was stated.
func (m *Merge) stampOf(row int) ledger.Stamp {
	if s := m.rows.Stamps[row]; !s.IsZero() {
		return s
	}
	return m.Floor
}

// Set makes a row what the source states of its key.
func (m *Merge) Set(row inventory.Entry, record int32) {
	if m.old() || m.removedLater(row) {
		m.Decide.Stale(record)
		return
	}
	m.Counts = true
	at, added := m.keys.Add(row)
	switch {
	case added:
		m.rows.add(row, m.At, record)
		m.unstated, m.Changed = append(m.unstated, false), true
	case m.unstated[at]:
		m.replace(at, row, record)
	default:
		m.setAgain(at, row, record)
	}
	if i := m.removed.Find(row); i >= 0 && !m.restored[i] {
		m.restored[i], m.Changed = true, true
	}
}

// removedLater reports whether the row's key was removed after the statement was made.
func (m *Merge) removedLater(row inventory.Entry) bool {
	i := m.removed.Find(row)
	return i >= 0 && !m.restored[i] && m.rows.Removed[i].At.Compare(m.At) > 0
}

// setAgain sets a key that has a row.
func (m *Merge) setAgain(at int, row inventory.Entry, record int32) {
	age, order := m.At.Compare(m.stampOf(at)), m.order.Compare(m.rows.Rows[at], row)
	switch {
	case age < 0:
		m.Decide.Stale(record)
	case age == 0 && order == 0 && m.rows.Records[at] == NoRecord:
		m.rows.Records[at] = record // the same again
	case age == 0 && order <= 0:
		m.Decide.Duplicate(record)
	default:
		m.Decide(m.rows.Records[at], receipt.Duplicate, "a later entry of the same source has the same key")
		m.replace(at, row, record)
	}
}

func (m *Merge) replace(at int, row inventory.Entry, record int32) {
	m.rows.Rows[at], m.rows.Stamps[at], m.rows.Records[at] = row, m.At, record
	m.unstated[at], m.Changed = false, true
}

// Remove removes the row of a key, and remembers that: an older row for it may come later.
func (m *Merge) Remove(key inventory.Entry, record int32) {
	if m.old() {
		m.Decide.Stale(record)
		return
	}
	if i := m.removed.Find(key); i >= 0 && !m.restored[i] && m.rows.Removed[i].At.Compare(m.At) >= 0 {
		m.Counts = true
		m.Decide(record, receipt.Unchanged, "") // it is removed already
		return
	}
	if at := m.keys.Find(key); at >= 0 && !m.unstated[at] {
		if m.At.Compare(m.stampOf(at)) <= 0 {
			m.Decide.Stale(record)
			return
		}
		m.Decide(m.rows.Records[at], receipt.Duplicate, "a later record of the same source removes it")
		m.unstated[at] = true
		m.Removed = append(m.Removed, record)
	} else {
		m.Decide(record, receipt.Unchanged, "") // there is no such row
	}
	m.Counts, m.Changed = true, true
	m.remember(key)
}

func (m *Merge) remember(key inventory.Entry) {
	r := ledger.Removed{Key: m.Type.KeyOnly(key), At: m.At, Arrived: m.Received}
	if i, added := m.removed.Add(r.Key); !added {
		m.rows.Removed[i], m.restored[i] = r, false
		return
	}
	m.rows.Removed, m.restored = append(m.rows.Removed, r), append(m.restored, false)
}

// Result is what the source states now.
func (m *Merge) Result() Rows {
	var out Rows
	for i, row := range m.rows.Rows {
		if !m.unstated[i] {
			out.add(row, m.rows.Stamps[i], m.rows.Records[i])
		}
	}
	for i, r := range m.rows.Removed {
		if !m.restored[i] {
			out.Removed = append(out.Removed, r)
		}
	}
	out.arrange(m.Type)
	out.Removed = sortRemoved(m.order, out.Removed)
	return out
}
