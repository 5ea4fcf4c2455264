package stated

import (
	"slices"
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
	Floor    ledger.Stamp // of the source's last snapshot of all of the type: nothing older counts
	Later    []Looked     // what newer snapshots looked at that were not of all of it
	Joins    bool         // the statement belongs to the snapshot itself: equal stamps count
	Parts    *Parts       // what parts of lists have stated; nil: nothing
	Part     bool         // the statement is of one, and no snapshot that follows it removes its rows
	Partial  bool         // attributes without a value keep what they are
	Decide   Decide
	Both     func(a, b int32) int32 // what stands for two records together

	Counts  bool    // something of the statement is not stale, if only since it states the same again
	Changed bool    // something is another than before
	Dropped int     // rows that another one of the same time displaces
	Cuts    int     // lists of united rows that were cut
	Removed []int32 // records that removed a row, or of which only a part of a row stands

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

// old reports whether the source has stated all of the type since, or at that time: of what is true at one time a snapshot knows all, so that
// it does not matter which of the two comes first. A snapshot that may be the end of a part's list says nothing of the part's rows.
func (m *Merge) old() bool {
	age := m.At.Compare(m.Floor)
	return !m.Joins && age <= 0 && (!m.Part || !m.Floor.Follows(m.At))
}

// stampOf is when a row was stated as a whole; nothing older counts.
func (m *Merge) stampOf(row int) ledger.Stamp {
	if s := m.rows.Stamps[row]; !s.IsZero() {
		return s
	}
	return m.Floor
}

// Set makes a row what the source states of its key.
func (m *Merge) Set(row inventory.Entry, record int32) {
	if m.old() || m.notePart(row) || m.removedLater(row) || m.lookedLater(row) {
		m.Decide.Stale(record)
		return
	}
	at, added := m.keys.Add(row)
	switch {
	case added:
		m.rows.add(row, ledger.Stamp{}, nil, record)
		m.unstated = append(m.unstated, false)
		m.replace(at, row, record)
	case m.unstated[at]:
		m.replace(at, row, record)
	case m.Partial:
		m.setPart(at, row, record)
	case m.rows.patch(at) != nil:
		m.setBelow(at, row, record)
	default:
		m.setAgain(at, row, record)
	}
	if i := m.removed.Find(row); i >= 0 && !m.restored[i] {
		m.restored[i], m.Changed = true, true
	}
}

// removedLater reports whether the row's key was removed after the statement was made. What a snapshot of a part has removed that a part of a
// list may precede does not count for that part's rows: the snapshot leaves them.
func (m *Merge) removedLater(row inventory.Entry) bool {
	i := m.removed.Find(row)
	if i < 0 || m.restored[i] {
		return false
	}
	gone := m.rows.Removed[i]
	if m.Part && slices.ContainsFunc(m.Later, func(l Looked) bool { return l.At.Compare(gone.At) > 0 && l.At.Follows(m.At) }) {
		return gone.Explicit.Compare(m.At) > 0
	}
	return gone.At.Compare(m.At) > 0
}

// lookedLater reports whether a newer snapshot has looked at the row and states another one, or none. What was stated of its key before
// does not count either: the row had taken its place.
func (m *Merge) lookedLater(row inventory.Entry) bool {
	probe := row
	if at := m.keys.Find(row); m.Partial && at >= 0 && !m.unstated[at] {
		probe = filled(row, m.rows.Rows[at])
	}
	l := m.looked(probe)
	if l != nil && !l.Cover.ByKey() && !m.Partial {
		m.outdate(row)
	}
	return l != nil
}

// looked returns the scope of a newer snapshot within which a row lies; nil: none has looked at it.
func (m *Merge) looked(row inventory.Entry) *Looked {
	later := m.Later
	if m.Part {
		later = slices.DeleteFunc(slices.Clone(later), func(l Looked) bool { return l.At.Follows(m.At) })
	}
	return lookedLater(later, row, m.At)
}

// filled returns a row whose attributes without a value have those of another one.
func filled(row, other inventory.Entry) inventory.Entry {
	out := append(inventory.Entry(nil), row...)
	for i, v := range out {
		if v == "" {
			out[i] = other[i]
		}
	}
	return out
}

// setAgain sets a key that has a row.
func (m *Merge) setAgain(at int, row inventory.Entry, record int32) {
	m.Counts = true
	age, order := m.At.Compare(m.stampOf(at)), m.order.Compare(m.rows.Rows[at], row)
	switch {
	case age < 0:
		m.Decide.Stale(record)
	case age == 0 && order == 0 && m.rows.Records[at] == NoRecord:
		m.rows.Records[at] = record // the same again
	case age == 0 && m.unite(at, row, record):
	case age == 0 && order <= 0:
		m.drop(record, row, m.rows.Rows[at])
	case age == 0:
		m.drop(m.rows.Records[at], m.rows.Rows[at], row)
		m.replace(at, row, record)
	default:
		m.Decide(m.rows.Records[at], receipt.Stale, "a later entry of the same source has the same key")
		m.replace(at, row, record)
	}
}

// unite makes one row of two that were stated of a key at one time, where they differ only in what is united.
func (m *Merge) unite(at int, row inventory.Entry, record int32) bool {
	held := m.rows.Rows[at]
	both, cuts, ok := m.Type.Together(held, row)
	if !ok || m.Type.Equal(held, row) {
		return false
	}
	m.Cuts += cuts
	m.Changed = m.Changed || m.order.Compare(held, both) != 0
	m.rows.Rows[at] = both
	switch old := m.rows.Records[at]; {
	case record == NoRecord:
	case old == NoRecord || old == record:
		m.rows.Records[at] = record
	default:
		m.rows.Records[at] = m.Both(old, record)
	}
	return true
}

// drop decides about the record of a row of which another one of the same time takes the place.
func (m *Merge) drop(record int32, row, stands inventory.Entry) {
	if m.Type.Equal(row, stands) {
		m.Decide.Duplicate(record)
		return
	}
	m.Decide.Displaced(record, m.Type.EmptyKey(row))
	m.Dropped++
}

// replace makes a row that of its key; a partial one sets what it has values for.
func (m *Merge) replace(at int, row inventory.Entry, record int32) {
	stamp, patch := m.At, (*ledger.Patch)(nil)
	if m.Partial {
		stamp, patch = ledger.Stamp{}, m.patchOf(row)
		if i := m.removed.Find(row); i >= 0 && !m.restored[i] {
			stamp = m.rows.Removed[i].At // a row that is older does not count
		}
		row = m.Type.WithDefaults(row)
	}
	m.rows.Rows[at], m.rows.Stamps[at], m.rows.Records[at] = row, stamp, record
	m.rows.setPatch(at, patch)
	m.unstated[at], m.Changed, m.Counts = false, true, true
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
	at := m.keys.Find(key)
	if at < 0 || m.unstated[at] {
		m.Decide(record, receipt.Unchanged, "") // there is no such row
		m.Counts, m.Changed = true, true
		m.remember(key, m.At, m.At)
		return
	}
	if m.At.Compare(m.stampOf(at)) <= 0 {
		m.Decide.Stale(record)
		return
	}
	m.Removed = append(m.Removed, record)
	m.Counts, m.Changed = true, true
	if old := m.rows.Records[at]; m.unstate(at, m.At, m.At) {
		m.Decide(old, receipt.Stale, "a later record of the same source removes it")
		m.remember(key, m.At, m.At)
	}
}

// remember remembers that what was stated of a key until then counts no longer, and when it was removed explicitly; zero: it was not now.
func (m *Merge) remember(key inventory.Entry, at, explicit ledger.Stamp) {
	r := ledger.Removed{Key: m.Type.KeyOnly(key), At: at, Arrived: m.Received, Explicit: explicit}
	if i, added := m.removed.Add(r.Key); !added {
		r.Explicit = ledger.Newest(r.Explicit, m.rows.Removed[i].Explicit)
		m.rows.Removed[i], m.restored[i] = r, false
		return
	}
	m.rows.Removed, m.restored = append(m.rows.Removed, r), append(m.restored, false)
}

// Result is what the source states now.
func (m *Merge) Result() Rows {
	out := Rows{Beyond: m.rows.Beyond}
	for i, row := range m.rows.Rows {
		if !m.unstated[i] {
			out.add(row, m.rows.Stamps[i], m.rows.patch(i), m.rows.Records[i])
		}
	}
	for i, r := range m.rows.Removed {
		if !m.restored[i] {
			out.Removed = append(out.Removed, r)
		}
	}
	out.sort(m.Type)
	out.Removed = sortRemoved(m.order, out.Removed)
	return out
}
