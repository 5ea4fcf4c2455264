package format

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// record is a record that is being read, or waits.
type record struct {
	accept  *accept
	id      int64 // in the spool
	number  int
	place   scan.Place
	node    *tree.Value
	entries []heldEntry
	spooled bool
	from    int64 // in the spool: where its entries begin and end
	to      int64
	present []bool   // by type
	exist   []uint64 // by type: the alternatives that led to an entry, or to an empty list
	dead    bool     // it is done with, or its alternative was not taken
}

type heldEntry struct {
	accept *accept
	node   *tree.Value
}

// openRecords begins the records that the value just opened may be.
func (r *reader) openRecords(f *frame) error {
	if len(f.state.records) == 0 {
		return nil
	}
	for _, a := range f.state.records {
		if a.many && f.node.Kind() == tree.Text {
			continue // of several places for records, a text is none
		}
		if a.many && !a.weak && !a.tested() {
			if err := r.decide(a); err != nil {
				return err
			}
		}
		if a.weak && r.dfa.isOut(a) {
			continue // others of that kind are found out when they close: two places for records are an error
		}
		r.begun(a, f)
	}
	return nil
}

func (r *reader) begun(a *accept, f *frame) {
	var rec *record
	if last := len(r.spare) - 1; last >= 0 {
		rec, r.spare = r.spare[last], r.spare[:last]
	} else {
		rec = &record{}
	}
	types := len(r.g.plan.Blocks[a.block].Types)
	*rec = record{
		accept: a, place: r.place, node: f.node, entries: rec.entries[:0],
		present: append(rec.present[:0], make([]bool, types)...), exist: append(rec.exist[:0], make([]uint64, types)...),
	}
	r.lastID++
	rec.id = r.lastID
	r.open = append(r.open, rec)
	f.records++
}

// decide takes an alternative of a block's places for records. The others are not read any more.
func (r *reader) decide(a *accept) error {
	switch r.decided[a.block] {
	case a.alt:
		return nil
	case -1:
	default:
		taken := r.g.plan.Blocks[a.block].Each[r.decided[a.block]]
		return &AlternativeError{Place: r.place, Taken: taken.String(), Other: a.path.String()}
	}
	r.decided[a.block] = a.alt
	r.dfa.decide(a)
	for _, rec := range r.open {
		if rec.accept.block == a.block && rec.accept.alt != a.alt {
			rec.dead = rec.accept.weak // another place for records that turns out to be one is an error
			r.forget(rec)
		}
	}
	for i := range r.frames {
		r.frames[i].state = r.dfa.again(r.frames[i].state)
	}
	if r.rowsAt != nil {
		r.rowsAt = r.dfa.again(r.rowsAt)
	}
	return nil
}

// forget lets a record's entries go.
func (r *reader) forget(rec *record) {
	for _, e := range rec.entries {
		r.pool.Release(e.node)
	}
	rec.entries = rec.entries[:0]
}

// present notes that a path to entries is in a record.
func (r *reader) present(s *dstate, n *tree.Value) {
	for _, a := range s.entries {
		_ = r.eachOwner(a, n, func(rec *record) error {
			rec.present[a.typ] = true
			return nil
		})
	}
}

// eachOwner visits the open records that an entry belongs to: as a rule the innermost one that its path was made for.
func (r *reader) eachOwner(a *accept, n *tree.Value, visit func(*record) error) error {
	count := 0
	for _, rec := range r.open {
		if rec.accept.owner == a.owner {
			count++
		}
	}
	for i := len(r.open) - 1; i >= 0 && count > 0; i-- {
		rec := r.open[i]
		if rec.accept.owner != a.owner {
			continue
		}
		if count > 1 && n != nil && !r.scope.Leads(a.path.Steps(), rec.node, n, false) {
			continue
		}
		if rec.dead {
			continue
		}
		if err := visit(rec); err != nil {
			return err
		}
	}
	return nil
}

// closed does with a value what the plan says that it is: entries, rows, records.
func (r *reader) closed(f *frame) error {
	s := f.state
	if f.node.Kind() == tree.List {
		if f.items > 0 || f.records > 0 {
			return nil
		}
		return r.emptyList(f)
	}
	for _, a := range s.entries {
		if !a.accepts(&r.scope, f.node) {
			continue
		}
		err := r.eachOwner(a, f.node, func(rec *record) error { return r.entry(rec, a, f.node) })
		if err != nil {
			return err
		}
	}
	for _, a := range s.rows {
		if err := r.row(a, f.node); err != nil {
			return err
		}
	}
	return r.closeRecords(f)
}

// emptyList takes an empty list for a place where records or entries stand, none of them this time.
func (r *reader) emptyList(f *frame) error {
	s := f.state
	for _, a := range s.entries {
		err := r.eachOwner(a, f.node, func(rec *record) error {
			if a.deep && a.many {
				return r.entry(rec, a, f.node) // only for that it exists
			}
			rec.exist[a.typ] |= 1 << a.alt
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, a := range s.rows {
		r.table(a)
	}
	for _, a := range s.records {
		if a.many && !a.weak {
			if err := r.decide(a); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) entry(rec *record, a *accept, n *tree.Value) error {
	if !a.deep {
		rec.exist[a.typ] |= 1 << a.alt
	}
	r.pool.Hold(n, r.g.holds[a.block].up)
	rec.entries = append(rec.entries, heldEntry{a, n})
	return r.checkBudget()
}

// closeRecords gives or keeps the records that the closed value is.
func (r *reader) closeRecords(f *frame) error {
	first := len(r.open) - int(f.records)
	counted := false
	for _, rec := range r.open[first:] {
		if rec.dead || r.unmarked(rec, f) || !rec.accept.accepts(&r.scope, f.node) {
			rec.dead = true
			r.forget(rec)
			continue
		}
		if rec.accept.many {
			if err := r.decide(rec.accept); err != nil {
				return err
			}
		}
		if !counted {
			r.number++
			counted = true
		}
		rec.number = r.number
		if err := r.finish(rec); err != nil {
			return err
		}
	}
	for _, rec := range r.open[first:] {
		if rec.dead { // others wait
			r.spare = append(r.spare, rec)
		}
	}
	r.open = r.open[:first]
	return nil
}

// finish gives a record that is complete, or lets it wait for the document's end.
func (r *reader) finish(rec *record) error {
	block := r.g.holds[rec.accept.block]
	if block.late {
		r.pool.Hold(rec.node, block.up)
		r.held.queue = append(r.held.queue, rec)
		return r.checkBudget()
	}
	if rec.spooled {
		if err := r.writeEntries(rec); err != nil {
			return err
		}
	}
	err := r.give(rec)
	r.forget(rec)
	rec.dead = true
	if err != nil {
		return err
	}
	return r.settle()
}
