package returned

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// returning writes a record as a document of its own.
type returning struct {
	r     *record.Reading
	rec   *record.Record
	wrong string
	mark  int // 1 more than the record's block; 0: no need to mark it
	out   []byte
}

// branch is a field of the document that is being made: a value of the one that was read or, without a value, an object of others.
type branch struct {
	name   string
	value  *tree.Value
	record bool
	lists  int // the value stands in so many lists, at the position in the innermost
	index  int
	beside []*tree.Value // others in those lists
	fields []*branch
}

// maxPadded is how many values a list is made to have before the record, so that it keeps its position.
const maxPadded = 10_000

// root makes the object that encloses all: the document's root, or the root value in which the record stands.
func (w *returning) root() *branch {
	chain, at := w.r.Enclosing(w.rec)
	root := w.around(chain, at)
	for _, row := range w.r.LookedUp(w.rec) {
		root.of(row.In).place(row.Names, row.Row)
		if row.In == nil {
			w.markRow(at, row)
		}
	}
	return root
}

// around makes an object of the chain, with what is read of it and what stands in it next.
func (w *returning) around(chain []*tree.Value, at record.Position) *branch {
	n := chain[0]
	if len(chain) == 1 {
		return &branch{name: n.Name(), value: n, record: true}
	}
	b := &branch{name: n.Name()}
	if at.IsRecord() {
		w.mark = w.rec.Block + 1
	}
	next, inside := chain[1], at.Step(chain[1])
	lists, beside := 0, []*tree.Value(nil)
	for chain = chain[1:]; chain[0].Kind == tree.List && len(chain) > 1; chain = chain[1:] {
		lists++
		for c := range chain[0].Children() {
			if c.Index() != chain[1].Index() && c.Kind != tree.Null {
				beside = append(beside, c)
				w.markIfRecord(inside, c)
			}
		}
	}
	inner := w.around(chain, inside)
	inner.name, inner.lists, inner.beside = next.Name(), lists, beside
	if index := chain[0].Index(); w.r.Program().Padded && index > 0 && index <= maxPadded {
		inner.lists, inner.index = max(lists, 1), index
	}
	b.fields = append(b.fields, inner) // first, so that the mark in the record is met before other records are over
	for c := range n.Children() {
		if c.Name() != next.Name() || c.Index() != next.Index() {
			b.fields = append(b.fields, &branch{name: c.Name(), value: c})
			w.markIfRecord(at.Step(c), c)
		}
	}
	return b
}

// markIfRecord has the record marked where something else in the document stands where records do.
func (w *returning) markIfRecord(at record.Position, v *tree.Value) {
	if at.IsNone() || w.mark > 0 {
		return
	}
	if at.IsRecord() {
		w.mark = w.rec.Block + 1
	}
	for c := range v.Children() {
		w.markIfRecord(at.Step(c), c)
	}
}

// of finds the branch of a row of a table.
func (b *branch) of(row *tree.Value) *branch {
	if row == nil || b.value == row {
		return b // without one it stands anywhere
	}
	for _, f := range b.fields {
		if found := f.of(row); found != nil {
			return found
		}
	}
	return nil
}

// place puts a table's row where the table stands.
func (b *branch) place(names []string, row *tree.Value) {
	if len(names) == 1 {
		b.fields = append(b.fields, &branch{name: names[0], value: row})
		return
	}
	at := slices.IndexFunc(b.fields, func(f *branch) bool { return f.value == nil && f.name == names[0] })
	if at < 0 {
		at = len(b.fields)
		b.fields = append(b.fields, &branch{name: names[0]})
	}
	b.fields[at].place(names[1:], row)
}

// markRow has the record marked where a row stands where records do.
func (w *returning) markRow(at record.Position, row record.TableRow) {
	for _, name := range row.Names {
		if at.IsNone() || at.IsRecord() {
			break
		}
		at = at.Field(name)
	}
	w.markIfRecord(at, row.Row)
}
