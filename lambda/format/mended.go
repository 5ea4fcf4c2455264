package format

import (
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// Mended says that a document is made of records that were given back, as AppendDocument and CSV with a column of errors do.
type Mended struct {
	Column string // CSV: the column that says what was wrong, which is ignored; "": none
}

// visitor is who is told of JSON and CSV.
func (r *Reading) visitor(b *reader) syntax.Visitor {
	switch {
	case r.in.Format == syntax.XML:
		return &xmlVisitor{reader: b}
	case r.in.Mended == nil:
		return b
	case r.in.Format == syntax.CSV:
		return &mendedRows{b, r.in.Mended.Column}
	case r.in.Format == syntax.JSON:
		return &mendedVisitor{reader: b}
	default:
		return b
	}
}

// mendedRows leaves out the column of errors.
type mendedRows struct {
	*reader
	column string
}

// Open begins a row or a cell.
func (m *mendedRows) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	if name != nil && string(name) == m.column {
		return scan.Skip, nil
	}
	return m.reader.Open(name, kind, at)
}

// mendedVisitor understands the names that AppendDocument writes beside the document's own.
type mendedVisitor struct {
	*reader
	depth  int
	lists  int    // of the enclosing values so many lists are outermost
	inside string // the name of ours whose text is being read
	other  bool   // the error of this document is $error
}

// Open begins a value.
func (m *mendedVisitor) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	top := m.depth == m.lists+1
	switch text := string(name); {
	case text == textName && kind == scan.Text, text == recordName && kind == scan.Text:
		m.inside = text
		return scan.Enter, nil
	case top && text == otherError:
		m.other = true
		return scan.Skip, nil
	case top && text == errorName && !m.other:
		return scan.Skip, nil
	case strings.HasPrefix(text, "$$") && isOurs(text):
		name = name[1:]
	}
	action, err := m.reader.Open(name, kind, at)
	if action == scan.Enter && err == nil {
		if kind == scan.List && m.depth == m.lists {
			m.lists++
		}
		m.depth++
	}
	return action, err
}

// Text is the text of a value, or says something of the object that it stands in.
func (m *mendedVisitor) Text(value []byte) error {
	if m.inside == recordName {
		m.mark(string(value))
		return nil
	}
	return m.reader.Text(value)
}

// Close ends a value.
func (m *mendedVisitor) Close() error {
	if m.inside != "" {
		m.inside = ""
		return nil
	}
	if err := m.reader.Close(); err != nil {
		return err
	}
	if m.depth--; m.depth < m.lists {
		m.lists--
	}
	if m.depth == m.lists {
		m.other, m.marks.line = false, false
	}
	return nil
}

// marks tells which objects of a mended document are records, where that is said.
type marks struct {
	any    bool  // there was one
	line   bool  // the root value that is being read has one
	blocks []int // whose records were marked
}

// mark takes the object that is being read for a record of a block.
func (r *reader) mark(block string) {
	n, err := strconv.Atoi(block)
	if err != nil || n < 0 || n >= len(r.g.plan.Blocks) {
		n = -2 // a block of another version of the mapping: no record is made of the object
	} else if !slices.Contains(r.marks.blocks, n) {
		r.marks.blocks = append(r.marks.blocks, n)
	}
	r.marks.line, r.marks.any = true, true
	r.frames[len(r.frames)-1].mark = n + 1
}

// unmarked tells that an object is not the record that a mended document was made for: it encloses that, or is inside it.
func (r *reader) unmarked(rec *record, f *frame) bool {
	if f.node == r.doc {
		return r.marks.any && !slices.Contains(r.marks.blocks, rec.accept.block)
	}
	return r.marks.line && f.mark != rec.accept.block+1
}
