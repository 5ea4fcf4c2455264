package draft

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
	sheet   *sheet       // which sheet Text is
}

// MaxBytes is as much of a document as is looked at.
const MaxBytes = 16 << 20

// source is a sample with how it is written.
type source struct {
	Sample
	format  syntax.Format
	dialect scan.Dialect
	columns []string // CSV: the header
}

// open finds out how a sample is written.
func open(sample Sample) (*source, error) {
	sample.Text = bytes.ToValidUTF8(sample.Text, []byte("?"))
	s := &source{Sample: sample, format: syntax.Sniff(sample.Text)}
	if sample.sheet != nil && len(sample.Text) > 0 {
		s.format = syntax.CSV
	}
	switch s.format {
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
func (s *source) openText() error {
	text := table.Text{Name: s.Name, Bytes: s.Text, Complete: s.Complete, Sheet: s.sheet != nil}
	if text.IsKeyValue('=') {
		s.format = syntax.KeyValue
		return nil
	}
	var err error
	s.dialect, s.columns, err = table.Header(text)
	if err != nil && text.IsKeyValue(':') {
		s.format, err = syntax.KeyValue, nil
	}
	return err
}

// scan passes the sample to a visitor. That a sample which is only a document's beginning breaks off is no error.
func (s *source) scan(v scan.Visitor) error {
	var err error
	r := bytes.NewReader(s.Text)
	switch s.format {
	case syntax.XML:
		err = xml.Read(r, v, scan.Limits{})
	case syntax.JSON:
		err = json.Read(r, v, scan.Limits{})
	case syntax.KeyValue:
		err = table.ReadKeyValue(r, v)
	default:
		err = csv.Read(r, v, scan.Limits{}, s.dialect)
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
	tree   *tree
	make   bool
	inText bool // the value that opens next is the whole of a text
	opened int
	frames []growing
}

// growing is a value that is not closed yet.
type growing struct {
	shape  *shape
	number int // of the object
	pair   openPair
	texts  []ofKind // of an object whose kind one of its fields names
}

// grow makes the tree of a sample.
func grow(s *source) (*tree, error) {
	t := &tree{format: s.format, root: newShape("", nil), file: naming.Tokens(s.Name)}
	t.rows = newShape("", t.root)
	for _, make := range []bool{true, false} { // names that are data are known after the first time
		if err := s.scan(&grower{tree: t, make: make}); err != nil {
			return nil, err
		}
		if make {
			t.rows.fold()
			t.root.fold()
			t.rows.collapse()
			t.root.collapse()
			t.root.siblings()
			t.rows.siblings()
			t.root.findPairs(s.format)
			t.rows.findPairs(s.format)
			t.root.findKinds()
			t.rows.findKinds()
		}
	}
	t.rows.markMessages()
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
		s.many = s.many || name == nil && s != g.tree.rows && !g.inText || s.lastIn == in && in > 0 && name != nil
		s.lastIn = in
	}
	g.inText = false
	if kind == scan.Object && g.make {
		s.seen++
	} else if kind == scan.Object {
		s.objects++
	}
	g.frames = append(g.frames, growing{shape: s, number: g.opened})
	return scan.Enter, nil
}

// at returns the shape of what begins here.
func (g *grower) at(name []byte) *shape {
	switch up := len(g.frames); {
	case up > 0 && name == nil:
		return g.frames[up-1].shape // an item is of its list's shape
	case up > 0:
		return g.frames[up-1].shape.child(string(name), g.make)
	case g.tree.format == syntax.XML:
		g.tree.name = string(name)
		return g.tree.root
	default:
		return g.tree.rows
	}
}

// Text is the text of the value opened last.
func (g *grower) Text(value []byte) error {
	if inner, err := g.jsonText(value, g); inner {
		return err
	}
	if !g.make {
		s := g.frames[len(g.frames)-1].shape
		s.column.Add(string(value))
		g.pairText(string(value))
		g.kindText(s, string(value))
	}
	return nil
}

// jsonText reads a text of JSON in JSON, which paths step into.
func (g *grower) jsonText(value []byte, v scan.Visitor) (bool, error) {
	if g.tree.format != syntax.JSON || len(value) < 2 || value[0] != '{' && value[0] != '[' || !stdjson.Valid(value) {
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
func (g *grower) pairOf(f growing, grow bool) (*shape, string) {
	if f.shape.pairs == nil || f.pair.key == "" {
		return nil, ""
	}
	return f.shape.pairs.field(f.shape, f.pair.key, grow), f.pair.value
}

// Close ends the value opened last.
func (g *grower) Close() error {
	last := g.frames[len(g.frames)-1]
	if field, text := g.pairOf(last, true); field != nil {
		field.column.Add(text)
	}
	g.kindClosed(last)
	g.frames = g.frames[:len(g.frames)-1]
	return nil
}
