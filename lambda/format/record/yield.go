package record

import (
	"errors"
	"io"
	"math/bits"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
)

// end closes the document, and yields the records that waited for that.
func (r *reader) end() error {
	f := &r.frames[0]
	r.doc.Open = false
	r.ended = true
	r.scope.Tables = r.tables()
	if err := r.closeRecords(f); err != nil {
		return err
	}
	if r.held.late {
		if err := r.spooledRecords(); err != nil {
			return err
		}
	}
	for _, rec := range r.held.queue {
		if rec.spooled {
			if err := r.writeEntries(rec); err != nil {
				return err
			}
		}
		if err := r.give(rec); err != nil {
			return err
		}
		r.forget(rec)
		r.pool.Release(rec.value)
	}
	return nil
}

// spooledRecords yields the records that wait in the spool.
func (r *reader) spooledRecords() error {
	s := r.held.spool
	all, err := s.records.read(0, s.records.size, 64<<10)
	if err != nil {
		return err
	}
	up := newLoaded(r)
	defer up.drop()
	for {
		d, err := all.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := r.spooledRecord(d, up); err != nil {
			return err
		}
	}
}

func (r *reader) spooledRecord(d *packed.Decoder, up *loaded) error {
	rec, number, err := r.decodeRecord(d)
	if err != nil {
		return err
	}
	_, encloses := up.nodes[number] // others that came before
	rec.value, err = up.node(number)
	if err != nil {
		return err
	}
	up.leave(rec.value)
	if err := r.give(rec); err != nil {
		return err
	}
	if !encloses {
		up.release(number)
	}
	return nil
}

func (r *reader) decodeRecord(d *packed.Decoder) (rec *record, number int64, err error) {
	a := r.g.Record(d.Int())
	if a == nil {
		return nil, 0, errSpool
	}
	rec = &record{accept: a, id: d.Int(), number: int(d.Int())}
	rec.place.Line, rec.place.Column, rec.place.Offset = int(d.Int()), int(d.Int()), d.Int()
	rec.spooled, rec.from, rec.to = d.Int() == 1, d.Int(), d.Int()
	rec.aside = int(d.Int())
	number = d.Int()
	for range r.g.Plan.Blocks[rec.accept.Block].Types {
		rec.present = append(rec.present, d.Int() == 1)
		rec.exist = append(rec.exist, uint64(d.Int())) //nolint:gosec // bits
	}
	if d.Bad() {
		return nil, 0, errSpool
	}
	return rec, number, nil
}

// yield hands a record to who reads, unless what encloses it makes it none.
func (r *reader) yield(rec *record, yield func(*Record, error) bool) error {
	if rec.accept.Deep && !r.scope.Leads(r.stepsFrom(rec.accept.Path), r.doc, rec.value, true) {
		return nil
	}
	block := &r.g.Plan.Blocks[rec.accept.Block]
	out := &r.given
	*out = Record{
		Block: rec.accept.Block, Alternative: rec.accept.Alternative, Number: rec.number, Place: rec.place,
		Value: rec.value, Hosts: out.Hosts[:0], Present: rec.present, DocComplete: r.ended, Aside: r.asides.why(rec.aside), scope: r.scope,
	}
	for i := range block.Host {
		out.Hosts = block.Host[i].Nodes(&r.scope, rec.value, out.Hosts)
		if len(out.Hosts) > 0 {
			break
		}
	}
	if len(block.Host) == 0 {
		out.Hosts = append(out.Hosts, rec.value)
	}
	if len(out.Hosts) > 0 {
		out.scope.Host = out.Hosts[0]
	}
	for i := range block.Types {
		out.Present[i] = out.Present[i] || len(block.Types[i].Each) == 0
	}
	if r.g.Holds[out.Block].DeepEntries {
		if err := r.findPlaces(rec); err != nil {
			return err
		}
	}
	out.entries, r.yielded = r.eachEntry, rec
	more := yield(out, nil)
	r.yielded = nil
	if !more {
		return errStopped
	}
	return nil
}

// stepsFrom returns the steps of a path from the document on: to the rows of a sheet that has a name, one more.
func (r *reader) stepsFrom(p *path.Path) []path.Step {
	if p.Root != path.RootRows || r.sheet == nil || !r.sheetNamed {
		return p.Steps
	}
	return append([]path.Step{{Kind: path.Field, Name: tree.NewPattern("*")}}, p.Steps...)
}

// entries yields the current record's entries, from memory or from the spool.
func (r *reader) entries(yield func(Found, error) bool) {
	rec := r.yielded
	if rec == nil {
		return
	}
	types := r.g.Plan.Blocks[rec.accept.Block].Types
	for i := range types {
		if len(types[i].Each) == 0 && !yield(Found{i, rec.value}, nil) {
			return
		}
	}
	if len(rec.entries) == 0 && !rec.spooled {
		return
	}
	err := r.eachHeld(rec, func(a *plan.Accept, n *tree.Value) bool {
		return n.Kind == tree.List || !r.counts(rec, a, n) || yield(Found{a.Type, n}, nil)
	})
	if err != nil {
		yield(Found{}, err)
	}
}

// findPlaces finds out which of the places for entries exist where that depends on what encloses them.
func (r *reader) findPlaces(rec *record) error {
	return r.eachHeld(rec, func(a *plan.Accept, n *tree.Value) bool {
		if a.Deep && r.scope.Leads(a.Path.Steps, rec.value, n, true) {
			rec.exist[a.Type] |= 1 << a.Alternative
		}
		return true
	})
}

// counts reports whether an entry stands where the record's entries stand.
func (r *reader) counts(rec *record, a *plan.Accept, n *tree.Value) bool {
	if a.Many && bits.TrailingZeros64(rec.exist[a.Type]) != a.Alternative {
		return false
	}
	return !a.Deep || r.scope.Leads(a.Path.Steps, rec.value, n, true)
}

// eachHeld visits what was kept of a record's entries, in memory or in the spool, until visit returns false.
func (r *reader) eachHeld(rec *record, visit func(*plan.Accept, *tree.Value) bool) error {
	if rec.spooled {
		return r.eachSpooled(rec, visit)
	}
	for _, e := range rec.entries {
		if !visit(e.accept, e.value) {
			return nil
		}
	}
	return nil
}

func (r *reader) eachSpooled(rec *record, visit func(*plan.Accept, *tree.Value) bool) error {
	all, err := r.held.spool.log.read(rec.from, rec.to, 64<<10)
	if err != nil {
		return err
	}
	up := newLoaded(r)
	up.known = rec.value
	defer up.drop()
	for {
		d, err := all.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if d.Int() != rec.id {
			continue
		}
		if more, err := r.spooledEntry(rec, d, up, visit); err != nil || !more {
			return err
		}
	}
}

func (r *reader) spooledEntry(rec *record, d *packed.Decoder, up *loaded, visit func(*plan.Accept, *tree.Value) bool) (more bool, err error) {
	a := r.g.Entry(rec.accept.Owner, int(d.Int()), int(d.Int()))
	if a == nil {
		return false, errSpool
	}
	parent, err := up.node(d.Int())
	if err != nil {
		return false, err
	}
	up.leave(parent)
	n, err := r.decode(d, parent)
	if err != nil {
		return false, err
	}
	defer r.pool.Release(n)
	return visit(a, n), nil
}
