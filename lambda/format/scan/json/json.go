// Package json knows how JSON is written, one value or many one behind the other, and makes marks of it. It does not know what the fields
// mean.
package json

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// reader reads root values one after the other. What lies before buf[pos] is read.
type reader struct {
	w      *scan.Window
	v      scan.Visitor
	fields scan.TextVisitor // is v
	l      scan.Limits
	buf    []byte // what is at hand of the window
	pos    int
	base   int64      // offset in the input of buf[0]
	text   []byte     // a text, unquoted
	name   []byte     // the field's name, unquoted; never nil
	deep   int        // how many objects and lists are open
	at     scan.Place // of the field that is a text
}

// Begins reports whether a text, without the white space before it, begins like JSON.
func Begins(text []byte) bool { return text[0] == '{' || text[0] == '[' || literal(text) }

// literal reports whether the text begins with a word of JSON on a line of its own.
func literal(text []byte) bool {
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	switch string(bytes.TrimSpace(line)) {
	case "null", "true", "false":
		return true
	}
	return false
}

// Read reads one JSON value or many, with or without white space between them. Each root value is Open(nil, …). Numbers
// keep their spelling, booleans are the texts true and false. Names that stand twice are for the visitor to judge; a lone surrogate, which
// some writers make of a broken text, becomes U+FFFD.
func Read(r io.Reader, v scan.Visitor, l scan.Limits) error {
	l = l.OrDefaults()
	j := &reader{w: scan.NewWindow(r, l.Text+scan.WindowSize), v: v, fields: scan.TextsOf(v), l: l, name: []byte{}}
	j.w.SkipBOM()
	j.take()
	for {
		_, err := j.peek()
		if scan.AtEnd(err) {
			return nil
		}
		if err != nil {
			return err
		}
		j.w.Record++
		if j.w.Record > l.Records {
			return j.over(limit.Records, fmt.Sprintf("more than %d records", l.Records))
		}
		if err := j.readValue(nil); err != nil {
			return err
		}
	}
}

// take takes what the window has at hand.
func (j *reader) take() { j.buf, j.pos, j.base = j.w.Rest(), 0, j.w.Offset() }

// more brings further bytes. What stands from a place of buf on stays, and stands at the beginning of buf then. It returns io.EOF at the end of
// the input.
func (j *reader) more(from int) error {
	pos := j.pos - from
	j.w.Pass(from)
	err := j.w.More()
	j.take()
	j.pos = pos
	switch {
	case err == nil || scan.AtEnd(err):
		return err
	case errors.Is(err, scan.ErrFull):
		j.pos = 0
		return j.over(limit.Text, fmt.Sprintf("a text is longer than %d bytes", j.l.Text))
	}
	return err
}

// peek passes over white space and returns the byte behind it, or io.EOF.
func (j *reader) peek() (byte, error) {
	for {
		for j.pos < len(j.buf) {
			switch c := j.buf[j.pos]; c {
			case ' ', '\n', '\r', '\t':
				j.pos++
			default:
				return c, nil
			}
		}
		if err := j.more(j.pos); err != nil {
			return 0, err
		}
	}
}

// next is peek inside a value, where the document must not end. As a rule no white space stands there.
func (j *reader) next() (byte, error) {
	if j.pos < len(j.buf) && j.buf[j.pos] > ' ' {
		return j.buf[j.pos], nil
	}
	c, err := j.peek()
	return c, j.within(err)
}

// within makes an error of the input's end inside a value.
func (j *reader) within(err error) error {
	if !scan.AtEnd(err) {
		return err
	}
	return j.w.Cut(len(j.buf), "the document ends in the middle of a value")
}

// fail returns what is wrong at a place of buf.
func (j *reader) fail(at int, msg string) error { return j.w.Fail(at, msg) }

func (j *reader) over(l limit.Name, msg string) error {
	j.w.Pass(j.pos)
	return j.w.Over(l, msg)
}

// readValue reads the value that comes next, whatever it is.
func (j *reader) readValue(name []byte) error {
	c, err := j.next()
	if err != nil {
		return err
	}
	kind, at := kindOf(c), scan.Place{Offset: j.base + int64(j.pos)}
	if kind == scan.Text && name != nil {
		return j.readField(name, c, at)
	}
	action, err := j.v.Open(name, kind, at)
	if err != nil {
		return err
	}
	if action == scan.Skip {
		return j.skipValue(c)
	}
	switch kind {
	case scan.Object:
		err = j.readFields()
	case scan.List:
		err = j.readItems()
	default:
		var text []byte
		if text, err = j.readText(c); err == nil && c != 'n' {
			err = j.v.Text(text)
		}
	}
	if err != nil {
		return err
	}
	return j.v.Close()
}

// readField reads a field that is a text.
func (j *reader) readField(name []byte, c byte, at scan.Place) error {
	j.at = at
	action, err := j.fields.OpenText(name, scan.Text, &j.at)
	switch {
	case err != nil:
		return err
	case action == scan.Skip:
		return j.skipValue(c)
	}
	text, err := j.readText(c)
	if err != nil {
		return err
	}
	return j.fields.CloseText(text)
}

func kindOf(c byte) scan.Kind {
	switch c {
	case '{':
		return scan.Object
	case '[':
		return scan.List
	case 'n':
		return scan.Null
	default:
		return scan.Text
	}
}

func (j *reader) readFields() error {
	if err := j.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		c, err := j.between('}', first)
		if err != nil || c == '}' {
			return err
		}
		name, err := j.readName(c)
		if err != nil {
			return err
		}
		if err := j.readValue(name); err != nil {
			return err
		}
	}
}

func (j *reader) readItems() error {
	if err := j.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		c, err := j.between(']', first)
		if err != nil || c == ']' {
			return err
		}
		if err := j.readValue(nil); err != nil {
			return err
		}
	}
}

func (j *reader) enter() error {
	j.pos++
	j.deep++
	if j.deep > j.l.Depth {
		return j.over(limit.Depth, fmt.Sprintf("values are nested more than %d deep", j.l.Depth))
	}
	return nil
}

// between reads what stands between two fields or items, or ends them: then it returns the end, else the byte with which the next one begins.
func (j *reader) between(end byte, first bool) (byte, error) {
	c, err := j.next()
	switch {
	case err != nil:
		return 0, err
	case c == end:
		j.pos++
		j.deep--
		return end, nil
	case first:
		return c, nil
	case c != ',' && end == ']':
		return 0, j.fail(j.pos, "invalid character after array element (expecting ',' or ']')")
	case c != ',':
		return 0, j.fail(j.pos, "invalid character after object value (expecting ',' or '}')")
	}
	comma := j.base + int64(j.pos)
	j.pos++
	c, err = j.next()
	if err == nil && c == end {
		return 0, j.fail(max(int(comma-j.base), 0), "invalid character ',' before the end of an object or list")
	}
	return c, err
}

// need makes sure that so many bytes are at hand.
func (j *reader) need(n int) error {
	for len(j.buf)-j.pos < n {
		if err := j.within(j.more(j.pos)); err != nil {
			return err
		}
	}
	return nil
}

// readName reads a field's name and the colon behind it. The name is valid until the value behind it is read.
func (j *reader) readName(c byte) ([]byte, error) {
	if c != '"' {
		return nil, j.fail(j.pos, noName(c))
	}
	raw, escaped, err := j.readString()
	if err != nil {
		return nil, err
	}
	if len(raw) > j.l.Name {
		return nil, j.over(limit.Field, fmt.Sprintf("a name is longer than %d bytes", j.l.Name))
	}
	name := raw[1 : len(raw)-1]
	// The look at what is behind the name may move the window.
	if escaped {
		j.name = appendUnquoted(j.name[:0], name)
		name = j.name
	} else if len(j.buf)-j.pos < 3 || j.buf[j.pos] != ':' || j.buf[j.pos+1] <= ' ' && j.buf[j.pos+2] <= ' ' {
		j.name = append(j.name[:0], name...)
		name = j.name
	}
	c, err = j.next()
	if err != nil {
		return nil, err
	}
	if c != ':' {
		return nil, j.fail(j.pos, "invalid character after object name (expecting ':')")
	}
	j.pos++
	return name, nil
}

// noName returns what is wrong with a byte in the place of a name.
func noName(c byte) string {
	if c == '-' || c >= '0' && c <= '9' || bytes.IndexByte([]byte("{[tfn"), c) >= 0 {
		return "a name that is not a string"
	}
	return "invalid character at start of value"
}

// readText reads a text, a number or a word, which is valid until more is read.
func (j *reader) readText(c byte) ([]byte, error) {
	raw, escaped, err := j.readScalar(c)
	switch {
	case err != nil:
		return nil, err
	case len(raw) > j.l.Text:
		return nil, j.over(limit.Text, fmt.Sprintf("a text is longer than %d bytes", j.l.Text))
	case c != '"':
		return raw, nil
	case escaped:
		j.text = appendUnquoted(j.text[:0], raw[1:len(raw)-1])
		return j.text, nil
	}
	return raw[1 : len(raw)-1], nil
}

// skipValue passes over a value, which must be good all the same.
func (j *reader) skipValue(c byte) error {
	if c != '{' && c != '[' {
		_, _, err := j.readScalar(c)
		return err
	}
	j.pos++
	j.deep++
	if j.deep > j.l.DepthSkipped {
		return j.over(limit.DepthSkipped, fmt.Sprintf("values are nested more than %d deep", j.l.DepthSkipped))
	}
	end := c + 2 // in ASCII, of both
	for first := true; ; first = false {
		b, err := j.between(end, first)
		if err != nil || b == end {
			return err
		}
		if end == '}' {
			if _, err := j.readName(b); err != nil {
				return err
			}
			if b, err = j.next(); err != nil {
				return err
			}
		}
		if err := j.skipValue(b); err != nil {
			return err
		}
	}
}
