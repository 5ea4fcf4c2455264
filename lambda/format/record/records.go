package record

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// record is a record that is being read, or waits.
type record struct {
	accept  *plan.Accept
	id      int64 // in the spool
	number  int
	place   scan.Place
	value   *tree.Value
	entries []heldEntry
	spooled bool
	from    int64 // in the spool: where its entries begin and end
	to      int64
	present []bool   // by type
	exist   []uint64 // by type: the alternatives that led to an entry, or to an empty list
	dead    bool     // it is done with, or its alternative was not taken
	aside   int      // 1 more than the index of why it is no record, but stands in a table
}

type heldEntry struct {
	accept *plan.Accept
	value  *tree.Value
}

// openRecords begins the records that the value just opened may be.
func (r *reader) openRecords(f *frame) error {
	if len(f.state.Records) == 0 {
		return nil
	}
	for _, a := range f.state.Records {
		if a.Many && f.value.Kind == tree.Text {
			continue // of several places for records, a text is none
		}
		if a.Many && !a.Weak && !a.Tested() {
			if err := r.decide(a); err != nil {
				return err
			}
		}
		if a.Weak && r.dfa.IsOut(a) {
			continue // others of that kind are found out when they close: two places for records are an error
		}
		r.begun(a, f)
	}
	return nil
}

func (r *reader) begun(a *plan.Accept, f *frame) {
	var rec *record
	if last := len(r.spare) - 1; last >= 0 {
		rec, r.spare = r.spare[last], r.spare[:last]
	} else {
		rec = &record{}
	}
	types := len(r.g.Plan.Blocks[a.Block].Types)
	*rec = record{
		accept: a, place: r.place, value: f.value, entries: rec.entries[:0], aside: r.asides.next,
		present: append(rec.present[:0], make([]bool, types)...), exist: append(rec.exist[:0], make([]uint64, types)...),
	}
	r.lastID++
	rec.id = r.lastID
	r.open = append(r.open, rec)
	f.records++
}

// decide takes an alternative of a block's places for records. The others are not read any more.
func (r *reader) decide(a *plan.Accept) error {
	switch r.decided[a.Block] {
	case a.Alternative:
		return nil
	case -1:
	default:
		taken := r.g.Plan.Blocks[a.Block].Each[r.decided[a.Block]]
		return &AlternativeError{Place: r.place, Taken: taken.String(), Other: a.Path.String()}
	}
	r.decided[a.Block] = a.Alternative
	r.dfa.Decide(a)
	for _, rec := range r.open {
		if rec.accept.Block == a.Block && rec.accept.Alternative != a.Alternative {
			rec.dead = rec.accept.Weak // another place for records that turns out to be one is an error
			r.forget(rec)
		}
	}
	for i := range r.frames {
		r.frames[i].state = r.dfa.Again(r.frames[i].state)
	}
	if r.rowsAt != nil {
		r.rowsAt = r.dfa.Again(r.rowsAt)
	}
	return nil
}

// decideFor takes the alternatives by which the value is a record.
func (r *reader) decideFor(s *plan.State) error {
	for _, a := range s.Records {
		if a.Many && !a.Weak {
			if err := r.decide(a); err != nil {
				return err
			}
		}
	}
	return nil
}

// forget lets a record's entries go.
func (r *reader) forget(rec *record) {
	for _, e := range rec.entries {
		r.pool.Release(e.value)
	}
	rec.entries = rec.entries[:0]
}

// present notes that a path to entries is in a record.
func (r *reader) present(s *plan.State, n *tree.Value) {
	for _, a := range s.Entries {
		_ = r.eachOwner(a, n, func(rec *record) error {
			rec.present[a.Type] = true
			return nil
		})
	}
}

// eachOwner visits the open records that an entry belongs to: as a rule the innermost one that its path was made for.
func (r *reader) eachOwner(a *plan.Accept, n *tree.Value, visit func(*record) error) error {
	count := 0
	for _, rec := range r.open {
		if rec.accept.Owner == a.Owner {
			count++
		}
	}
	for i := len(r.open) - 1; i >= 0 && count > 0; i-- {
		rec := r.open[i]
		if rec.accept.Owner != a.Owner {
			continue
		}
		if count > 1 && n != nil && !r.scope.Leads(a.Path.Steps, rec.value, n, false) {
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

// closed takes a value for the entries, rows and records that it is by the plan.
func (r *reader) closed(f *frame) error {
	s := f.state
	if f.value.Kind == tree.List {
		if f.items > 0 || f.records > 0 {
			return nil
		}
		return r.emptyList(f)
	}
	for _, a := range s.Entries {
		if !a.Accepts(&r.scope, f.value) {
			continue
		}
		err := r.eachOwner(a, f.value, func(rec *record) error { return r.entry(rec, a, f.value) })
		if err != nil {
			return err
		}
	}
	for _, a := range s.Rows {
		if err := r.row(a, f.value); err != nil {
			return err
		}
	}
	return r.closeRecords(f)
}

// emptyList takes an empty list for a place where records or entries stand, none of them this time.
func (r *reader) emptyList(f *frame) error {
	s := f.state
	for _, a := range s.Entries {
		err := r.eachOwner(a, f.value, func(rec *record) error {
			if a.Deep && a.Many {
				return r.entry(rec, a, f.value) // only for that it exists
			}
			rec.exist[a.Type] |= 1 << a.Alternative
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, a := range s.Rows {
		r.stand(a)
	}
	return r.decideFor(s)
}

func (r *reader) entry(rec *record, a *plan.Accept, n *tree.Value) error {
	if !a.Deep {
		rec.exist[a.Type] |= 1 << a.Alternative
	}
	r.pool.Hold(n, r.g.Holds[a.Block].Up)
	rec.entries = append(rec.entries, heldEntry{a, n})
	return r.checkBudget()
}

// closeRecords yields or keeps the records that the closed value is.
func (r *reader) closeRecords(f *frame) error {
	first := len(r.open) - int(f.records)
	counted := false
	for _, rec := range r.open[first:] {
		if rec.dead || r.unmarked(rec, f) || !rec.accept.Accepts(&r.scope, f.value) {
			rec.dead = true
			r.forget(rec)
			continue
		}
		if rec.accept.Many {
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

// finish yields a record that is complete, or lets it wait for the document's end.
func (r *reader) finish(rec *record) error {
	block := r.g.Holds[rec.accept.Block]
	if block.Late {
		r.pool.Hold(rec.value, block.Up)
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
