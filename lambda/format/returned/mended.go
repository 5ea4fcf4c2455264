package returned

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// Mended is for a document that is made of records that were given back, as AppendDocument and CSV with a column of errors do.
type Mended struct {
	Column string // CSV: the column of errors, which is ignored; "": none
}

// Visitor stands between a mended document of a format and its reading.
func (m *Mended) Visitor(format syntax.Format, to record.Marker) syntax.Visitor {
	switch format {
	case syntax.CSV:
		return &mendedRows{to, m.Column}
	case syntax.JSON:
		return &mendedVisitor{Marker: to}
	default:
		return to
	}
}

// mendedRows leaves out the column of errors.
type mendedRows struct {
	syntax.Visitor
	column string
}

// Open begins a row or a cell.
func (m *mendedRows) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	if name != nil && string(name) == m.column {
		return scan.Skip, nil
	}
	return m.Visitor.Open(name, kind, at)
}

// mendedVisitor understands the names that AppendDocument writes beside the document's own.
type mendedVisitor struct {
	record.Marker
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
	action, err := m.Marker.Open(name, kind, at)
	if action == scan.Enter && err == nil {
		if kind == scan.List && m.depth == m.lists {
			m.lists++
		}
		m.depth++
	}
	return action, err
}

// Text is the text of a value, or the mark of the object that it stands in.
func (m *mendedVisitor) Text(value []byte) error {
	if m.inside == recordName {
		m.Mark(string(value))
		return nil
	}
	return m.Marker.Text(value)
}

// Close ends a value.
func (m *mendedVisitor) Close() error {
	if m.inside != "" {
		m.inside = ""
		return nil
	}
	if err := m.Marker.Close(); err != nil {
		return err
	}
	m.depth--
	if m.depth < m.lists {
		m.lists--
	}
	if m.depth == m.lists {
		m.other = false
		m.Unmark()
	}
	return nil
}
