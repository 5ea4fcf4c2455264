// Package scan knows what the readers of all syntaxes share: the marks that they make of a document's bytes (objects, lists and texts of
// one tree), places and errors, limits, and the window on the bytes. It knows no syntax, which are in the folders below, and does not
// know what the fields mean.
package scan

import (
	"io"
	"path"
	"strings"
)

// Visitor receives a document as a tree, in document order. The byte slices that it is given are valid until the method
// returns. An error of a method ends the reading at once and is returned as it is.
type Visitor interface {
	// Open begins a field of the enclosing object or an item of the enclosing list. Without a name (nil) it is an item,
	// or the root value of a JSON document or a row of a CSV file. The result decides whether the reader goes inside:
	// with Skip the whole value is passed over, still checked for well-formedness, and neither Text nor Close is called
	// for it.
	Open(name []byte, kind Kind, at Place) (Action, error)
	// Text receives the whole text of the value just opened (kind Text), or an element's own character data (XML: once,
	// after its children and before its Close, and only where it is not all white space).
	Text(value []byte) error
	// Close ends the value that was opened last and entered.
	Close() error
}

// Passing is the part of a visitor that passes over all values.
type Passing struct{}

// Text is not called.
func (Passing) Text([]byte) error { return nil }

// Close is not called.
func (Passing) Close() error { return nil }

// TextVisitor is a visitor that takes a field that is a text with two calls in place of three: most values of a document are such fields.
type TextVisitor interface {
	Visitor
	// OpenText is Open for a field of an object that is a text (kind Text), or an element that has nothing but one (kind Object).
	// Where it stands is known until CloseText returns, or the next value begins.
	OpenText(name []byte, kind Kind, where Where) (Action, error)
	// CloseText is Text and Close for the field that OpenText entered.
	CloseText(text []byte) error
}

// RowVisitor is a visitor that takes the cells of a table's rows by their columns, so that no name is looked for in each of them.
type RowVisitor interface {
	Visitor
	// Columns returns which columns of the row just opened are read, by the names that they have as fields: a column without a name is not.
	// The names are the same ones from row to row.
	Columns(names [][]byte) []bool
	// Cell takes the text of a cell of such a column.
	Cell(column int, text []byte, at Place) error
}

// RowsOf returns the visitor as one that takes cells by their columns.
func RowsOf(v Visitor) RowVisitor {
	if rows, ok := v.(RowVisitor); ok {
		return rows
	}
	return &byName{TextVisitor: TextsOf(v)}
}

// byName takes cells as fields.
type byName struct {
	TextVisitor
	names [][]byte
	named []bool
	at    Place // of the cell
}

func (v *byName) Columns(names [][]byte) []bool {
	v.names, v.named = names, v.named[:0]
	for _, name := range names {
		v.named = append(v.named, len(name) > 0)
	}
	return v.named
}

func (v *byName) Cell(column int, text []byte, at Place) error {
	v.at = at
	action, err := v.OpenText(v.names[column], Text, &v.at)
	if err != nil || action == Skip {
		return err
	}
	return v.CloseText(text)
}

// TextsOf returns the visitor as one that takes texts.
func TextsOf(v Visitor) TextVisitor {
	if texts, ok := v.(TextVisitor); ok {
		return texts
	}
	return inThree{v}
}

// inThree takes a text with three calls.
type inThree struct{ Visitor }

func (v inThree) OpenText(name []byte, kind Kind, where Where) (Action, error) {
	return v.Open(name, kind, where.At())
}

func (v inThree) CloseText(text []byte) error {
	if err := v.Text(text); err != nil {
		return err
	}
	return v.Close()
}

// Kind is what a value is, as far as is known where it begins.
type Kind uint8

// An XML element is always an Object, also where it holds nothing but text. Null is followed by Close, without a Text.
const (
	Object Kind = iota
	List
	Text
	Null
)

// Action is a visitor's answer to Open.
type Action uint8

// Enter asks for what is inside a value, Skip passes over it.
const (
	Enter Action = iota
	Skip
)

// Dialect is how a table is written, and where it stands.
type Dialect struct {
	Delimiter byte // one of , ; | and the tab; 0 is the comma
	HeaderRow int  // the header's 0-based index among the file's rows that are not blank, as csv.Head lists them
	Wrapped   bool // each row is quoted as a whole, as if it were a cell
	Backslash bool // databases' own form: no cell is quoted, \t \n \\ stand for a tab, a line end and a backslash, \N for no value

	Sheet  string // of a workbook: the sheet that has its header there; all others have it in their first row
	Folder string // of an archive: the folder around everything, with its slash, which is left out of the members' names
	Names  string // of an archive whose members are documents of one kind: what their names fit, in whatever folder: *.xml
}

// Takes reports whether a member of an archive is one of the documents.
func (d *Dialect) Takes(member string) bool {
	fits, err := path.Match(strings.ToLower(d.Names), strings.ToLower(path.Base(member)))
	return err == nil && fits
}

// memberBits keep the places in one member of an archive apart from those in others.
const memberBits = 40

// MemberPlace is where a member of an archive begins among the places of the archive.
func MemberPlace(member int) Place { return Place{Offset: int64(member) << memberBits} }

// Archive is a document of several members.
type Archive interface {
	Members() []string                      // their names, with slashes between folders
	Open(member int) (io.ReadCloser, error) // decoded UTF-8; may be opened more than once
}
