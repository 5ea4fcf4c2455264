// Package syntax lists the ways in which documents are written: how each is recognized by its first bytes, what its marks stand in, and who reads
// it. It does not know what the fields mean, nor which of them are read.
package syntax

import (
	"bytes"
	"errors"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/keyvalue"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/workbook"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
)

// Format is how a document is written.
type Format uint8

// Unknown is what is no text at all; Empty is a document of nothing, or nothing but white space.
const (
	Unknown Format = iota
	Empty
	XML
	JSON
	CSV
	KeyValue
	Archive
	Workbook
	Documents // members of an archive that are documents of one kind
	formats
)

// entry is what there is to know of a format.
type entry struct {
	name   string
	shape  Shape
	begins func(text []byte) bool // by the first bytes behind white space; nil: they do not show it
	read   func(Source, Visitor) error
}

// entry is the one list: whoever adds a syntax adds its folder in scan, its Format and its line. The first one that begins like a text
// is taken for its format.
func (f Format) entry() entry {
	return [formats]entry{
		Unknown:  {"unknown", Object, nil, readUnknown},
		Empty:    {"empty", List, nil, readEmpty},
		XML:      {"XML", Root, xml.Begins, func(s Source, v Visitor) error { return xml.Read(s.Reader, v, s.Limits) }},
		JSON:     {"JSON", List, json.Begins, func(s Source, v Visitor) error { return json.Read(s.Reader, v, s.Limits) }},
		CSV:      {"CSV", List, csv.Begins, func(s Source, v Visitor) error { return csv.Read(s.Reader, v, s.Limits, s.Dialect) }},
		KeyValue: {"key-value text", Object, nil, func(s Source, v Visitor) error { return keyvalue.Read(s.Reader, v, s.Limits, s.Section) }},
		Archive:  {"archive", Object, nil, readArchive},
		Workbook: {"workbook", Object, nil, func(s Source, v Visitor) error { return workbook.Read(s.Archive, v, s.Dialect, s.options()) }},

		Documents: {"archive of documents", List, nil, readDocuments},
	}[f]
}

func (f Format) String() string {
	if f >= formats {
		f = Unknown
	}
	return f.entry().name
}

// Shape is what the marks of a document stand in.
type Shape uint8

// A Root is a named value that is the document. The marks of a List have no names at the top: root values, rows. Those of an Object are
// its fields: keys, members, sheets.
const (
	Object Shape = iota
	List
	Root
)

// Shape is what the format's marks stand in.
func (f Format) Shape() Shape { return f.entry().shape }

// Source is a document to be read.
type Source struct {
	Reader  io.Reader             // decoded UTF-8, from its first byte
	Archive scan.Archive          // in place of Reader, of an archive and a workbook
	Dialect scan.Dialect          // CSV, the sheet of a workbook whose header was found, which members of an archive are documents
	Section func(key []byte) bool // key-value text: reports the keys that begin an object; nil: none
	Limits  scan.Limits           // zero: defaults
	TempDir string                // for what exceeds the budget; "": the system's
	Budget  int                   // bytes held in memory, about; 0: a default
}

func (s Source) options() workbook.Options {
	return workbook.Options{Limits: s.Limits, Budget: s.Budget, TempDir: s.TempDir}
}

// Visitor receives a document of any format.
type Visitor interface {
	workbook.Visitor
	scan.TableVisitor
	Wants(field []byte) bool // reports whether anything is read of a field that Open would begin
}

// Read makes marks of a document.
func (f Format) Read(s Source, v Visitor) error { return f.entry().read(s, v) }

// ErrUnknown is what Read returns where nothing can be read of a document.
var ErrUnknown = errors.New("syntax: the document is in no format that can be read")

func readUnknown(Source, Visitor) error { return ErrUnknown }

func readEmpty(Source, Visitor) error { return nil }

// Sniff returns how a document is written, by its first bytes. Any text that is neither XML nor JSON is a candidate for
// CSV, for only its header shows whether it is one, or its keys that it is key-value text. Archives and workbooks have no such bytes: they
// are opened before.
func Sniff(head []byte) Format {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0:
		return Empty
	case noText(text):
		return Unknown
	}
	for f := range formats {
		if begins := f.entry().begins; begins != nil && begins(text) {
			return f
		}
	}
	return Unknown
}

// noText reports whether bytes stand near the beginning that no text has.
func noText(head []byte) bool {
	for _, c := range head[:min(len(head), 1024)] {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' {
			return true
		}
	}
	return false
}
