package stated

import (
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// SetWithin sets the rows that lie within what the statement looked at, and returns the others.
func (m *Merge) SetWithin(own Rows, cover *inventory.Cover) (outside []int) {
	for i, row := range own.Rows {
		if cover.Has(row) {
			m.Set(row, own.Records[i])
		} else {
			outside = append(outside, i)
		}
	}
	return outside
}

// Fill sets a row that the statement gives though it did not look at it. It counts as older than all that statements have looked at, whenever
// they were made: it stands only while the source has said nothing else of its key. Looks are all scopes of the source's snapshots.
func (m *Merge) Fill(row inventory.Entry, record int32, looks []Looked) {
	at, later, joins, part, decide, counts := m.At, m.Later, m.Joins, m.Part, m.Decide, m.Counts
	m.At, m.Later, m.Joins, m.Part = beforeAll(at), looks, false, false
	m.Decide = func(r int32, o receipt.Outcome, reason string) {
		if r == record && o == receipt.Stale {
			o, reason = receipt.Duplicate, "the document did not look at it, and another one of the same source has"
		}
		decide(r, o, reason)
	}
	m.Set(row, record)
	m.At, m.Later, m.Joins, m.Part, m.Decide, m.Counts = at, later, joins, part, decide, counts
}

// beforeAll returns a stamp that is older than that of any document, and in the order of the one given.
func beforeAll(at ledger.Stamp) ledger.Stamp {
	return ledger.Stamp{Captured: time.Unix(0, at.Captured.Unix()).UTC(), Written: at.Written}
}
