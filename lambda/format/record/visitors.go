package record

import (
	"bytes"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// rootVisitor lets a root value that has a name be the document.
type rootVisitor struct {
	*reader
	depth int
	name  string // its name
}

// Open begins an element or an attribute.
func (x *rootVisitor) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	if x.depth == 0 {
		x.depth++
		x.place, x.name = at, string(name)
		return scan.Enter, x.openRecords(&x.frames[0])
	}
	action, err := x.reader.Open(name, kind, at)
	if action == scan.Enter && err == nil {
		x.depth++
	}
	return action, err
}

// Close ends an element or an attribute; the document ends with the root element.
func (x *rootVisitor) Close() error {
	x.depth--
	if x.depth == 0 {
		return nil
	}
	return x.reader.Close()
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
	inner := &jsonVisitor{reader: r}
	err := json.Read(bytes.NewReader(value), inner, scan.Limits{})
	r.place = inner.at
	return err
}

// jsonVisitor lets the root value of a JSON text be the value whose text it is.
type jsonVisitor struct {
	*reader
	depth int
	at    scan.Place
}

// Open begins a value inside the text, at the place of the text.
func (j *jsonVisitor) Open(name []byte, kind scan.Kind, _ scan.Place) (scan.Action, error) {
	if j.depth > 0 {
		action, err := j.reader.Open(name, kind, j.at)
		if action == scan.Enter && err == nil {
			j.depth++
		}
		return action, err
	}
	j.depth++
	j.at = j.place
	f := &j.frames[len(j.frames)-1]
	was := f.value.Kind()
	f.value.Become(tree.Object)
	if kind == scan.List {
		f.value.Become(tree.List)
	}
	if was != tree.Null {
		return scan.Enter, nil // an element, which began before its text
	}
	j.present(f.state, f.value)
	if kind == scan.List {
		return scan.Enter, nil
	}
	return scan.Enter, j.openRecords(f)
}

// Close ends a value inside the text.
func (j *jsonVisitor) Close() error {
	j.depth--
	if j.depth == 0 {
		return nil
	}
	return j.reader.Close()
}

// OpenRows begins the first sheet of a workbook, which has the document's rows, besides being a field like the others.
func (r *reader) OpenRows(name []byte, at scan.Place) (scan.Action, error) {
	if !r.g.ReadsRows() {
		return r.Open(name, scan.List, at)
	}
	r.place = at
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

// Wants reports whether anything is read of a field of the innermost value.
func (r *reader) Wants(field []byte) bool {
	return r.dfa.Step(r.frames[len(r.frames)-1].state, r.names.Find(field)) != nil
}
