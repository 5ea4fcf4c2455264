package stated

import (
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Parts are the rows that parts of a list have stated of a type, whatever else the source has stated: of each key that of the newest part.
// A snapshot removes none of a part that it follows (ledger.Stamp.Follows). Where it states the key itself, its own row stands.
type Parts struct {
	rows Merge
}

// keptParts is how long the rows of parts are kept beside snapshots that were written before or after: others may come late.
const keptParts = 24 * time.Hour

// NewParts returns the rows of parts that a share holds.
func NewParts(t *inventory.Type, held *ledger.Rows) *Parts {
	rows := Rows{Rows: slices.Clone(held.Rows), Stamps: slices.Clone(held.Stamps), Records: make([]int32, len(held.Rows))}
	for i := range rows.Records {
		rows.Records[i] = NoRecord
	}
	none := func(int32, receipt.Outcome, string) {}
	return &Parts{rows: *NewMerge(Merge{Type: t, Decide: none, Both: func(a, _ int32) int32 { return a }}, rows)}
}

// Changed reports whether the rows are others than those that were held.
func (p *Parts) Changed() bool { return p.rows.Changed }

// Stored returns the rows as they are stored.
func (p *Parts) Stored() *ledger.Rows {
	rows := p.rows.Result()
	return rows.Stored()
}

// add adds a row of a part.
func (p *Parts) add(row inventory.Entry, at ledger.Stamp) {
	p.rows.At = at
	p.rows.Set(row, NoRecord)
}

// stamp is when the newest part stated a key; zero: none has.
func (p *Parts) stamp(row inventory.Entry) ledger.Stamp {
	if p == nil {
		return ledger.Stamp{}
	}
	at := p.rows.keys.Find(row)
	if at < 0 || p.rows.unstated[at] {
		return ledger.Stamp{}
	}
	return p.rows.rows.Stamps[at]
}

// forget forgets the rows of which no late snapshot is expected any more: the newest one was written long after.
func (p *Parts) forget(snapshot ledger.Stamp) {
	for i, at := range p.rows.rows.Stamps {
		if !p.rows.unstated[i] && at.Compare(snapshot) < 0 && snapshot.Written.Sub(at.Written).Abs() > keptParts {
			p.rows.unstated[i], p.rows.Changed = true, true
		}
	}
}

// restore sets the rows of parts that snapshots leave, where nothing newer is stated of their keys.
func (m *Merge) restore() {
	if m.Parts == nil {
		return
	}
	newest := m.Floor
	for _, l := range m.Later {
		newest = ledger.Newest(newest, l.At)
	}
	m.Parts.forget(newest)
	at, part, partial, joins, counts, dropped := m.At, m.Part, m.Partial, m.Joins, m.Counts, m.Dropped
	m.Part, m.Partial, m.Joins = true, false, false
	rows := m.Parts.rows.Result()
	for i, row := range rows.Rows {
		m.At = rows.Stamps[i]
		m.Set(row, NoRecord)
	}
	m.At, m.Part, m.Partial, m.Joins, m.Counts, m.Dropped = at, part, partial, joins, counts, dropped
}

// Beside returns a snapshot's rows and those of parts that stay beside it. Type to Later of the merge are given, of which the floor is the
// snapshot's stamp.
func (p *Parts) Beside(m Merge, snapshot Rows) Rows {
	m.Parts = p
	one := NewMerge(m, snapshot)
	one.restore()
	return one.Result()
}

// leaves reports whether the merge's snapshot leaves a row since it is of a part that it follows.
func (m *Merge) leaves(at int) bool {
	stamp := m.stampOf(at)
	return m.Parts.stamp(m.rows.Rows[at]).Compare(stamp) == 0 && m.At.Follows(stamp)
}

// notePart keeps the row of a part, and reports whether a newer one has stated the key.
func (m *Merge) notePart(row inventory.Entry) (stale bool) {
	if !m.Part {
		return false
	}
	m.Parts.add(row, m.At)
	return m.Parts.stamp(row).Compare(m.At) > 0
}
