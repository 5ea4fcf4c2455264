// Package scan knows how XML, JSON, CSV and key-value text are written, and turns their bytes into events of one tree: objects, lists
// and texts. It does not know what the fields mean: no mapping, no vendor, no record.
package scan

import "io"

// Visitor receives a document as a tree, in document order. The byte slices that it is given are valid until the method
// returns. An error of a method ends the reading at once and is returned as it is.
type Visitor interface {
	// Open begins a field of the enclosing object or an item of the enclosing list. Without a name (nil) it is an item,
	// or the root value of a JSON document or a row of a CSV file. The result says whether the reader shall go inside:
	// with Skip the whole value is passed over, still checked for well-formedness, and neither Text nor Close is called
	// for it.
	Open(name []byte, kind Kind, at Place) (Action, error)
	// Text gives the whole text of the value just opened (kind Text), or an element's own character data (XML: once,
	// after its children and before its Close, and only where it is not all white space).
	Text(value []byte) error
	// Close ends the value that was opened last and entered.
	Close() error
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

// XML reads one XML document. Its root element is Open(name, Object); an element's attributes come before its child
// elements, as Open(name, Text), Text, Close. Prefixes are dropped, and so are the declarations of namespaces. White
// space around an element's own text is layout and removed, unless the element has xml:space="preserve".
//
// A document type declaration is passed over, and nothing that it names is loaded; one that declares entities is
// refused.
func XML(r io.Reader, v Visitor, l Limits) error { return readXML(r, v, l.orDefaults()) }

// JSON reads one JSON value or many, with or without white space between them. Each root value is Open(nil, …). Numbers
// keep their spelling, booleans are the texts true and false.
func JSON(r io.Reader, v Visitor, l Limits) error { return readJSON(r, v, l.orDefaults()) }

// CSV reads rows of cells (RFC 4180; bare quotes inside an unquoted cell are taken as they are). Rows before the header
// are passed over; each row after it is Open(nil, Object), and each of its cells Open(header, Text), Text, Close. Blank
// rows are left out, as are cells under an empty header. A row may be shorter than the header, and longer where what is
// beyond it is empty.
func CSV(r io.Reader, v Visitor, l Limits, d Dialect) error { return readCSV(r, v, l.orDefaults(), d) }

// KeyValue reads lines of `key: value`: tag-value text, paragraphs of package lists, LDIF. Each is Open(key, Text), Text, Close, a field of
// the document; a key as often as it occurs, none where the value is empty. A key for which section tells so begins an object, Open(key,
// Object), which has the fields up to the next such key, its own among them. A line that begins with a blank goes on with the value
// before; <text> and </text> enclose a value of several lines; # begins a comment.
func KeyValue(r io.Reader, v Visitor, l Limits, section func(key []byte) bool) error {
	l = l.orDefaults()
	k := &keyValueReader{w: newWindow(r, l.Record), v: v, l: l, section: section}
	return k.read()
}

// Dialect is how a CSV file is written.
type Dialect struct {
	Delimiter byte // one of , ; | and the tab; 0 is the comma
	HeaderRow int  // the header's 0-based index among the file's rows that are not blank, as Rows lists them

	Sheet string // of a workbook: the sheet that has its header there; all others have it in their first row
}
