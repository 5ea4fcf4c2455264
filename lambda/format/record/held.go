package record

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
)

// held is what waits: entries for the end of their record, records for the end of the document.
type held struct {
	tempDir string
	budget  int
	base    int // bytes that stayed in memory at the last flush
	numbers int64
	queue   []*record
	late    bool // records are in the spool
	spool   *spool
	scratch []byte
}

// checkBudget writes what waits to the spool when it takes too much memory.
func (r *reader) checkBudget() error {
	if r.pool.Held() <= max(r.held.budget, r.held.base+r.held.budget/2) {
		return nil
	}
	return r.flush()
}

// flush writes all that waits to the spool. What must be in memory may still be too much then.
func (r *reader) flush() error {
	for _, rec := range r.open {
		if err := r.writeEntries(rec); err != nil {
			return err
		}
	}
	for _, rec := range r.held.queue {
		if err := r.writeRecord(rec); err != nil {
			return err
		}
	}
	r.held.queue = r.held.queue[:0]
	r.held.base = r.pool.Held()
	if r.pool.Held() > r.limit {
		return &HeldError{Place: r.place, Limit: r.limit, Of: limit.Held}
	}
	return nil
}

// writeEntries moves a record's entries to the spool.
func (r *reader) writeEntries(rec *record) error {
	if len(rec.entries) == 0 {
		if rec.spooled {
			rec.to = r.held.spool.log.size
		}
		return nil
	}
	if err := r.openSpool(); err != nil {
		return err
	}
	if !rec.spooled {
		rec.spooled, rec.from = true, r.held.spool.log.size
	}
	needsUp := r.g.Holds[rec.accept.Block].Up
	for _, e := range rec.entries {
		var up int64
		var err error
		if needsUp {
			up, err = r.numbered(e.value.Parent)
			if err != nil {
				return err
			}
		}
		b := packed.AppendInts(r.held.scratch[:0], rec.id, int64(e.accept.Type), int64(e.accept.Alternative), up)
		r.held.scratch = tree.Append(b, e.value)
		if _, err = r.held.spool.log.add(r.held.scratch); err != nil {
			return err
		}
		r.pool.Release(e.value)
	}
	clear(rec.entries)
	rec.entries = rec.entries[:0]
	rec.to = r.held.spool.log.size
	return nil
}

// numbered gives a value a number under which it is, or will be when it closes, in the spool.
func (r *reader) numbered(n *tree.Value) (int64, error) {
	if n == nil {
		return 0, nil
	}
	if n.Spooled == 0 {
		r.held.numbers++
		n.Spooled = r.held.numbers
		if !n.Open && n != r.doc {
			return n.Spooled, r.writeAncestor(n)
		}
	}
	return n.Spooled, nil
}

// writeAncestor writes a closed value that others refer to.
func (r *reader) writeAncestor(n *tree.Value) error {
	if err := r.openSpool(); err != nil {
		return err
	}
	up, err := r.numbered(n.Parent)
	if err != nil {
		return err
	}
	return r.writeUnder(n, n.Spooled, up)
}

// noRecord stands in the log in place of a record's ID where a blob is no entry.
const noRecord = 0

// writeUnder writes a value under a number, with the number of what encloses it.
func (r *reader) writeUnder(n *tree.Value, number, up int64) error {
	r.held.scratch = tree.Append(packed.AppendInts(r.held.scratch[:0], noRecord, up), n)
	at, err := r.held.spool.log.add(r.held.scratch)
	if err != nil {
		return err
	}
	return r.held.spool.slots.set(number, at)
}

// writeRecord moves a record that waits to the spool.
func (r *reader) writeRecord(rec *record) error {
	if err := r.writeEntries(rec); err != nil {
		return err
	}
	if err := r.openSpool(); err != nil {
		return err
	}
	number, err := r.recordNumber(rec)
	if err != nil {
		return err
	}
	r.held.late = true
	b := packed.AppendInts(r.held.scratch[:0], int64(rec.accept.Owner), rec.id, int64(rec.number), int64(rec.place.Line),
		int64(rec.place.Column), rec.place.Offset, flag(rec.spooled), rec.from, rec.to, int64(rec.aside), number)
	for i := range rec.present {
		b = packed.AppendInts(b, flag(rec.present[i]), int64(rec.exist[i])) //nolint:gosec // bits
	}
	r.held.scratch = b
	if _, err = r.held.spool.records.add(b); err != nil {
		return err
	}
	r.pool.Release(rec.value)
	r.spare = append(r.spare, rec)
	return nil
}

// recordNumber puts a record's value into the spool.
func (r *reader) recordNumber(rec *record) (int64, error) {
	if r.g.Holds[rec.accept.Block].Up {
		return r.numbered(rec.value)
	}
	r.held.numbers++
	return r.held.numbers, r.writeUnder(rec.value, r.held.numbers, 0)
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// settle empties the spool when nothing in it is waited for any more.
func (r *reader) settle() error {
	if r.held.spool == nil || r.held.late || len(r.held.queue) > 0 || r.held.spool.log.size == 0 {
		return nil
	}
	for _, rec := range r.open {
		if !rec.dead && (rec.spooled || len(rec.entries) > 0) { // what encloses its entries may be in the spool already, for those of another record
			return nil
		}
	}
	return r.held.spool.empty()
}

func (r *reader) openSpool() error {
	if r.held.spool != nil {
		return nil
	}
	s, err := newSpool(r.held.tempDir)
	r.held.spool = s
	return err
}
