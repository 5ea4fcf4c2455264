package record

import (
	"bytes"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// innerVisitor lets a root value be a value that is open already: an XML root element the document, and the value of a JSON text what
// the text stands in.
type innerVisitor struct {
	*reader
	depth  int
	isText bool
	at     scan.Place // of the text, which is the place of all that is in it
}

// Open begins a value.
func (x *innerVisitor) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	if x.depth == 0 {
		x.depth++
		if x.isText {
			return scan.Enter, x.becomeJSON(kind)
		}
		x.place, x.root = at, string(name)
		return scan.Enter, x.openRecords(&x.frames[0])
	}
	if x.isText {
		at = x.at
	}
	action, err := x.reader.Open(name, kind, at)
	if action == scan.Enter && err == nil {
		x.depth++
	}
	return action, err
}

// Close ends a value; the root value is ended by what it is the value of.
func (x *innerVisitor) Close() error {
	x.depth--
	if x.depth == 0 {
		return nil
	}
	return x.reader.Close()
}

// OpenText begins a field that is a text.
func (x *innerVisitor) OpenText(name []byte, kind scan.Kind, where scan.Where) (scan.Action, error) {
	if x.isText {
		where = &x.at
	}
	return x.reader.OpenText(name, kind, where)
}

// maxNested is how many JSON texts are read inside each other.
const maxNested = 8

// jsonText reads a text that is JSON as if its value stood in its place.
func (r *reader) jsonText(value []byte) error {
	top := len(r.frames) - 1
	if r.frames[top].state.Leaf {
		r.pool.SetText(r.frames[top].value, value)
	}
	if r.nested >= maxNested {
		return nil
	}
	r.nested++
	defer func() { r.nested-- }()
	inner := &innerVisitor{reader: r, isText: true, at: r.place}
	err := json.Read(bytes.NewReader(value), inner, scan.Limits{})
	r.place = inner.at
	return err
}

// becomeJSON makes the innermost value the object or list that its text is.
func (r *reader) becomeJSON(kind scan.Kind) error {
	f := &r.frames[len(r.frames)-1]
	was := f.value.Kind
	f.value.Kind = tree.Object
	if kind == scan.List {
		f.value.Kind = tree.List
	} else {
		r.own(f.state, f.value)
	}
	if was != tree.Null {
		return nil // an element, which began before its text
	}
	r.present(f.state, f.value)
	if kind == scan.List {
		return nil
	}
	return r.openRecords(f)
}

// OpenRows begins the first sheet of a workbook, which has the document's rows, besides being a field like the others.
func (r *reader) OpenRows(name []byte, at scan.Place) (scan.Action, error) {
	if !r.g.ReadsRows() {
		return r.Open(name, scan.List, at)
	}
	r.place = at
	if err := r.decideForKnown(name); err != nil {
		return scan.Skip, err
	}
	up := &r.frames[len(r.frames)-1]
	field := r.names.Find(name)
	named := r.dfa.Step(up.state, field)
	if named == nil {
		field = nil // its rows have no name, like those of other lists
	}
	state := r.dfa.Sheet(named)
	if state == nil {
		return scan.Skip, nil
	}
	if err := r.enter(state, field, scan.List, 0); err != nil {
		return scan.Skip, err
	}
	r.sheetNamed = field != nil
	r.sheet = r.frames[len(r.frames)-1].value
	r.scope.Rows = r.sheet
	return scan.Enter, nil
}

// decideForKnown takes the alternatives that name the sheet by which the workbook was recognised, where it stands behind the first one: the
// rows of that are no records of theirs.
func (r *reader) decideForKnown(first []byte) error {
	if r.known == "" || r.known == string(first) {
		return nil
	}
	state := r.dfa.Step(r.frames[len(r.frames)-1].state, r.names.Find([]byte(r.known)))
	if state == nil {
		return nil
	}
	return r.decideFor(state)
}

// Wants reports whether anything is read of a field of the innermost value.
func (r *reader) Wants(field []byte) bool {
	return r.dfa.Step(r.frames[len(r.frames)-1].state, r.names.Find(field)) != nil
}
