package shape

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/table"
)

// Sample is the beginning of a document, or all of it.
type Sample struct {
	Name     string // the file's, for messages and as the mapping's name
	Text     []byte // UTF-8
	Complete bool   // Text is all of it

	Archive scan.Archive // in place of Text: a workbook
	Sheet   *Sheet       // which sheet Text is
}

// MaxBytes is as much of a document as is looked at.
const MaxBytes = 16 << 20

// Source is a sample with how it is written.
type Source struct {
	Sample
	Format  syntax.Format
	Dialect scan.Dialect
	Columns []string // CSV: the header
}

// Open finds out how a sample is written.
func Open(sample Sample) (*Source, error) {
	sample.Text = bytes.ToValidUTF8(sample.Text, []byte("?"))
	s := &Source{Sample: sample, Format: syntax.Sniff(sample.Text)}
	if sample.Sheet != nil && len(sample.Text) > 0 {
		s.Format = syntax.CSV
	}
	switch s.Format {
	case syntax.XML, syntax.JSON:
		return s, nil
	case syntax.CSV:
		err := s.openText()
		return s, err
	case syntax.Empty:
		return nil, fmt.Errorf("draft: %s is empty: take a sample with some records in it", sample.Name)
	default:
		return nil, fmt.Errorf("draft: %s is not text: a draft is made from CSV, workbooks, JSON, lines of JSON, XML or key-value text; export the file as one of these", sample.Name)
	}
}

// openText finds out whether a text is lines of key=value, a table, or lines of `key: value`.
func (s *Source) openText() error {
	text := table.Text{Name: s.Name, Bytes: s.Text, Complete: s.Complete, Sheet: s.Sheet != nil}
	if text.IsKeyValue('=') {
		s.Format = syntax.KeyValue
		return nil
	}
	var err error
	s.Dialect, s.Columns, err = table.Header(text)
	if err != nil && text.IsKeyValue(':') {
		s.Format, err = syntax.KeyValue, nil
	}
	return err
}

// scan passes the sample to a visitor. That a sample which is only a document's beginning breaks off is no error.
func (s *Source) scan(v scan.Visitor) error {
	var err error
	r := bytes.NewReader(s.Text)
	switch s.Format {
	case syntax.XML:
		err = xml.Read(r, v, scan.Limits{})
	case syntax.JSON:
		err = json.Read(r, v, scan.Limits{})
	case syntax.KeyValue:
		err = table.ReadKeyValue(r, v)
	default:
		err = csv.Read(r, v, scan.Limits{}, s.Dialect)
	}
	if errors.Is(err, errEnough) || err != nil && !s.Complete && errors.Is(err, scan.ErrCut) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("draft: %s: %w: mend the sample, or take another one", s.Name, err)
	}
	return nil
}

var errEnough = errors.New("draft: enough records were seen")

// grower makes the tree of a document, or walks through one that is made already.
type grower struct {
	tree   *Tree
	make   bool
	inText bool // the value that opens next is the whole of a text
	opened int
	frames []growing
}

// growing is a value that is not closed yet.
type growing struct {
	shape  *Shape
	number int // of the object
	pair   openPair
	texts  []ofKind // of an object whose kind one of its fields names
}

// Grow makes the tree of a sample.
func Grow(s *Source) (*Tree, error) {
	t := &Tree{Format: s.Format, Root: New("", nil), File: naming.Tokens(s.Name)}
	t.Rows = New("", t.Root)
	for _, make := range []bool{true, false} { // names that are data are known after the first time
		if err := s.scan(&grower{tree: t, make: make}); err != nil {
			return nil, err
		}
		if make {
			t.Rows.fold()
			t.Root.fold()
			t.Rows.collapse()
			t.Root.collapse()
			t.Root.siblings()
			t.Rows.siblings()
			t.Root.findPairs(s.Format)
			t.Rows.findPairs(s.Format)
			t.Root.findKinds()
			t.Rows.findKinds()
		}
	}
	t.Rows.markMessages()
	return t, nil
}

// Open begins a field, an item, a root value or a row.
func (g *grower) Open(name []byte, kind scan.Kind, _ scan.Place) (scan.Action, error) {
	s := g.at(name)
	if s == nil || kind == scan.Null {
		return scan.Skip, nil
	}
	g.opened++
	if up := len(g.frames); up > 0 && g.make {
		in := g.frames[up-1].number
		s.Many = s.Many || name == nil && s != g.tree.Rows && !g.inText || s.lastIn == in && in > 0 && name != nil
		s.lastIn = in
	}
	g.inText = false
	if kind == scan.Object && g.make {
		s.seen++
	} else if kind == scan.Object {
		s.Objects++
	}
	g.frames = append(g.frames, growing{shape: s, number: g.opened})
	return scan.Enter, nil
}

// at returns the shape of what begins here.
func (g *grower) at(name []byte) *Shape {
	switch up := len(g.frames); {
	case up > 0 && name == nil:
		return g.frames[up-1].shape // an item is of its list's shape
	case up > 0:
		return g.frames[up-1].shape.child(string(name), g.make)
	case g.tree.Format == syntax.XML:
		g.tree.Name = string(name)
		return g.tree.Root
	default:
		return g.tree.Rows
	}
}

// Text is the text of the value opened last.
func (g *grower) Text(value []byte) error {
	if inner, err := g.jsonText(value, g); inner {
		return err
	}
	if !g.make {
		s := g.frames[len(g.frames)-1].shape
		s.Column.Add(string(value))
		g.pairText(string(value))
		g.kindText(s, string(value))
	}
	return nil
}

// jsonText reads a text of JSON in JSON, which paths step into.
func (g *grower) jsonText(value []byte, v scan.Visitor) (bool, error) {
	if g.tree.Format != syntax.JSON || len(value) < 2 || value[0] != '{' && value[0] != '[' || !stdjson.Valid(value) {
		return false, nil
	}
	g.inText = value[0] == '{'
	return true, json.Read(bytes.NewReader(value), v, scan.Limits{})
}

// pairText notes a string of a list of pairs.
func (g *grower) pairText(text string) {
	for i := len(g.frames) - 1; i >= max(0, len(g.frames)-2); i-- {
		if p := g.frames[i].shape.pairs; p != nil {
			g.frames[i].pair.take(p, g.frames[len(g.frames)-1].shape, text)
		}
	}
}

// pairOf returns the field that the object closed last is, of a list of pairs.
func (g *grower) pairOf(f growing, grow bool) (*Shape, string) {
	if f.shape.pairs == nil || f.pair.key == "" {
		return nil, ""
	}
	return f.shape.pairs.field(f.shape, f.pair.key, grow), f.pair.value
}

// Close ends the value opened last.
func (g *grower) Close() error {
	last := g.frames[len(g.frames)-1]
	if field, text := g.pairOf(last, true); field != nil {
		field.Column.Add(text)
	}
	g.kindClosed(last)
	g.frames = g.frames[:len(g.frames)-1]
	return nil
}
