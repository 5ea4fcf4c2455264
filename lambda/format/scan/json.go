package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonReader reads root values one after the other.
type jsonReader struct {
	in   *feed
	dec  *jsontext.Decoder
	v    Visitor
	l    Limits
	root int    // number of the root value being read, from 1
	name []byte // the field's name, unquoted
	text []byte // a text, unquoted
}

func readJSON(r io.Reader, v Visitor, l Limits) error {
	j := &jsonReader{in: newFeed(r, l.Text), v: v, l: l}
	j.in.skipBOM()
	// Names that stand twice are for the visitor to judge; a lone surrogate, which some writers make of a broken
	// text, becomes U+FFFD.
	j.dec = jsontext.NewDecoder(j.in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	j.in.dec = j.dec
	for {
		kind := j.dec.PeekKind()
		if kind == jsontext.KindInvalid {
			if _, err := j.dec.ReadToken(); !atEnd(err) {
				return j.explain(err)
			}
			return nil
		}
		if j.root++; j.root > l.Records {
			return j.over(fmt.Sprintf("more than %d records", l.Records))
		}
		if err := j.readValue(nil); err != nil {
			return err
		}
	}
}

// readValue reads the next value, whatever it is.
func (j *jsonReader) readValue(name []byte) error {
	kind := kindOf(j.dec.PeekKind())
	action, err := j.v.Open(name, kind, j.valueAt())
	if err != nil {
		return err
	}
	if action == Skip {
		return j.explain(j.dec.SkipValue())
	}
	switch kind {
	case Object:
		err = j.readFields()
	case List:
		err = j.readItems()
	default:
		err = j.readText(kind)
	}
	if err != nil {
		return err
	}
	return j.v.Close()
}

func kindOf(k jsontext.Kind) Kind {
	switch k {
	case jsontext.KindBeginObject:
		return Object
	case jsontext.KindBeginArray:
		return List
	case jsontext.KindNull:
		return Null
	default:
		return Text
	}
}

func (j *jsonReader) readFields() error {
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

func (j *jsonReader) readItems() error {
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

func (j *jsonReader) enter() error {
	if _, err := j.dec.ReadToken(); err != nil {
		return j.explain(err)
	}
	if j.dec.StackDepth() > j.l.Depth {
		return j.over(fmt.Sprintf("values are nested more than %d deep", j.l.Depth))
	}
	return nil
}

// leave reads the end of an object or list, or meets the error that hides it.
func (j *jsonReader) leave() error {
	_, err := j.dec.ReadToken()
	return j.explain(err)
}

func (j *jsonReader) readText(kind Kind) error {
	raw, err := j.dec.ReadValue()
	if err != nil {
		return j.explain(err)
	}
	if kind == Null {
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

// valueAt gives the place of the value that comes next. Lines are not counted for it.
func (j *jsonReader) valueAt() Place {
	rest, n := j.dec.UnreadBuffer(), 0
	for n < len(rest) && (isSpace(rest[n]) || rest[n] == ',' || rest[n] == ':') {
		n++
	}
	return Place{Offset: j.dec.InputOffset() + int64(n) + j.in.bom}
}

func (j *jsonReader) over(msg string) error {
	return &SyntaxError{Place: j.in.place(j.dec.InputOffset()), Record: j.root, Msg: msg, Err: ErrLimit}
}

// explain makes the decoder's error one of ours: with line and column, and without the bytes it stumbled over.
func (j *jsonReader) explain(err error) error {
	if err == nil {
		return nil
	}
	if j.in.err != nil && !atEnd(j.in.err) {
		return j.in.err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &SyntaxError{Place: j.in.place(j.in.offset()), Record: j.root, Msg: "the document ends in the middle of a value", Err: ErrCut}
	}
	at, msg := j.dec.InputOffset(), "not JSON"
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		at, msg = syntax.ByteOffset, complaint(syntax)
	}
	return j.fail(at, msg)
}

func (j *jsonReader) fail(offset int64, msg string) error {
	return &SyntaxError{Place: j.in.place(offset), Record: j.root, Msg: msg}
}

// complaint says what the decoder found wrong, without the characters that it quotes.
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
