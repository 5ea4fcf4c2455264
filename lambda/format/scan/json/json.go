// Package json knows how JSON is written, one value or many one behind the other, and makes marks of it. It does not know what the fields
// mean.
package json

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// reader reads root values one after the other.
type reader struct {
	in   *feed
	dec  *jsontext.Decoder
	v    scan.Visitor
	l    scan.Limits
	root int    // number of the root value being read, from 1
	name []byte // the field's name, unquoted
	text []byte // a text, unquoted
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
// keep their spelling, booleans are the texts true and false.
func Read(r io.Reader, v scan.Visitor, l scan.Limits) error {
	l = l.OrDefaults()
	j := &reader{in: newFeed(r, l.Text), v: v, l: l}
	j.in.skipBOM()
	// Names that stand twice are for the visitor to judge; a lone surrogate, which some writers make of a broken
	// text, becomes U+FFFD.
	j.dec = jsontext.NewDecoder(j.in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	j.in.dec = j.dec
	for {
		kind := j.dec.PeekKind()
		if kind == jsontext.KindInvalid {
			if _, err := j.dec.ReadToken(); !scan.AtEnd(err) {
				return j.explain(err)
			}
			return nil
		}
		j.root++
		if j.root > l.Records {
			return j.over(fmt.Sprintf("more than %d records", l.Records))
		}
		if err := j.readValue(nil); err != nil {
			return err
		}
	}
}

// readValue reads the next value, whatever it is.
func (j *reader) readValue(name []byte) error {
	kind := kindOf(j.dec.PeekKind())
	action, err := j.v.Open(name, kind, j.valueAt())
	if err != nil {
		return err
	}
	if action == scan.Skip {
		return j.explain(j.dec.SkipValue())
	}
	switch kind {
	case scan.Object:
		err = j.readFields()
	case scan.List:
		err = j.readItems()
	default:
		err = j.readText(kind)
	}
	if err != nil {
		return err
	}
	return j.v.Close()
}

func kindOf(k jsontext.Kind) scan.Kind {
	switch k {
	case jsontext.KindBeginObject:
		return scan.Object
	case jsontext.KindBeginArray:
		return scan.List
	case jsontext.KindNull:
		return scan.Null
	default:
		return scan.Text
	}
}

func (j *reader) readFields() error {
	if err := j.enter(); err != nil {
		return err
	}
	for {
		switch j.dec.PeekKind() {
		case jsontext.KindEndObject, jsontext.KindInvalid:
			return j.leave()
		}
		raw, err := j.dec.ReadValue()
		if err != nil {
			return j.explain(err)
		}
		if len(raw) > j.l.Name {
			return j.over(fmt.Sprintf("a name is longer than %d bytes", j.l.Name))
		}
		if raw.Kind() != jsontext.KindString {
			return j.fail(j.dec.InputOffset()-int64(len(raw)), "a name that is not a string")
		}
		// The name must outlive the look at the value behind it, which may move the decoder's buffer.
		j.name = appendText(j.name[:0], raw)
		if err := j.readValue(j.name); err != nil {
			return err
		}
	}
}

func (j *reader) readItems() error {
	if err := j.enter(); err != nil {
		return err
	}
	for {
		switch j.dec.PeekKind() {
		case jsontext.KindEndArray, jsontext.KindInvalid:
			return j.leave()
		}
		if err := j.readValue(nil); err != nil {
			return err
		}
	}
}

func (j *reader) enter() error {
	if _, err := j.dec.ReadToken(); err != nil {
		return j.explain(err)
	}
	if j.dec.StackDepth() > j.l.Depth {
		return j.over(fmt.Sprintf("values are nested more than %d deep", j.l.Depth))
	}
	return nil
}

// leave reads the end of an object or list, or meets the error that hides it.
func (j *reader) leave() error {
	_, err := j.dec.ReadToken()
	return j.explain(err)
}

func (j *reader) readText(kind scan.Kind) error {
	raw, err := j.dec.ReadValue()
	if err != nil {
		return j.explain(err)
	}
	if kind == scan.Null {
		return nil
	}
	if len(raw) > j.l.Text {
		return j.over(fmt.Sprintf("a text is longer than %d bytes", j.l.Text))
	}
	if raw[0] != '"' {
		return j.v.Text(raw)
	}
	if plain := raw[1 : len(raw)-1]; bytes.IndexByte(plain, '\\') < 0 {
		return j.v.Text(plain)
	}
	j.text = appendText(j.text[:0], raw)
	return j.v.Text(j.text)
}

// appendText resolves a string that the decoder has found good. What it complains of then are lone surrogates, which
// have become U+FFFD.
func appendText(to []byte, raw jsontext.Value) []byte {
	if plain := raw[1 : len(raw)-1]; bytes.IndexByte(plain, '\\') < 0 {
		return append(to, plain...)
	}
	to, _ = jsontext.AppendUnquote(to, raw)
	return to
}

// valueAt returns the place of the value that comes next. Lines are not counted for it.
func (j *reader) valueAt() scan.Place {
	rest, n := j.dec.UnreadBuffer(), 0
	for n < len(rest) && isBetween(rest[n]) {
		n++
	}
	return scan.Place{Offset: j.dec.InputOffset() + int64(n) + j.in.bom}
}

// isBetween reports whether a byte may stand between a value and what is before it.
func isBetween(c byte) bool {
	return c == ' ' || c == ',' || c == ':' || c == '\n' || c == '\r' || c == '\t'
}

func (j *reader) over(msg string) error {
	return &scan.SyntaxError{Place: j.in.place(j.dec.InputOffset()), Record: j.root, Msg: msg, Err: scan.ErrLimit}
}

// explain makes the decoder's error one of ours: with line and column, and without the bytes it stumbled over.
func (j *reader) explain(err error) error {
	if err == nil {
		return nil
	}
	if j.in.err != nil && !scan.AtEnd(j.in.err) {
		return j.in.err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &scan.SyntaxError{Place: j.in.place(j.in.offset()), Record: j.root, Msg: "the document ends in the middle of a value", Err: scan.ErrCut}
	}
	at, msg := j.dec.InputOffset(), "not JSON"
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		at, msg = syntax.ByteOffset, complaint(syntax)
	}
	return j.fail(at, msg)
}

func (j *reader) fail(offset int64, msg string) error {
	return &scan.SyntaxError{Place: j.in.place(offset), Record: j.root, Msg: msg}
}

// complaint returns what the decoder found wrong, without the characters that it quotes.
func complaint(err *jsontext.SyntacticError) string {
	if err.Err == nil {
		return "not JSON"
	}
	msg := err.Err.Error()
	if i := strings.IndexAny(msg, "'\"`"); i >= 0 {
		if quoted, wrong := strconv.QuotedPrefix(msg[i:]); wrong == nil {
			msg = strings.TrimSpace(msg[:i]) + msg[i+len(quoted):]
		}
	}
	return msg
}
