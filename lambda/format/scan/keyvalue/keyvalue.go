// Package keyvalue knows how lines of `key: value` and of `key=value` are written, and makes marks of them: tag-value text, paragraphs of
// package lists, LDIF, settings, reports of audits. It does not know what the keys mean, nor which of them begins an object.
package keyvalue

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// Read reads lines of `key: value`. Each is Open(key, Text), Text, Close, a field of the document; a key as often as it occurs, none where
// the value is empty. A key for which section reports true begins an object, Open(key, Object), which has the fields up to the next such
// key, its own among them. A line that begins with a blank goes on with the value before; <text> and </text> enclose a value of several
// lines; # begins a comment.
//
// Where the first key stands before an equals sign, all do: each line is `key=value`, and `key[]=value` is one of several values of key. A
// line is whole there, and a last one without its line end is cut off.
func Read(r io.Reader, v scan.Visitor, l scan.Limits, section func(key []byte) bool) error {
	l = l.OrDefaults()
	k := &reader{w: scan.NewWindow(r, l.Record), v: v, l: l, section: section}
	return k.read()
}

// reader reads lines. A value is known as a whole only at the line behind it, so it is held until then.
type reader struct {
	w       *scan.Window
	v       scan.Visitor
	l       scan.Limits
	section func(key []byte) bool
	done    bool // the window has the last bytes of the input

	key     []byte
	value   []byte
	at      scan.Place // where the key stands
	pending bool       // there is a key whose value may go on
	goesOn  bool       // the next line may belong to it
	tagged  bool       // inside <text>
	ldif    bool       // folded lines are joined without a line end, and "::" stands before base64
	equals  bool       // lines are `key=value`

	sections int
	inside   bool // a section is open
	skip     bool // a section is passed over
}

const (
	textBegin = "<text>"
	textEnd   = "</text>"
)

func (k *reader) read() error {
	k.w.SkipBOM()
	for {
		line, size, err := k.next()
		if err != nil {
			return err
		}
		if size == 0 {
			return k.end()
		}
		if err := k.take(line, size == len(line)); err != nil {
			return err
		}
		k.w.Pass(size)
	}
}

// next finds the next line, without its line end. It lies at the window's position; 0 bytes are the end of the input.
func (k *reader) next() (line []byte, size int, err error) {
	searched := 0
	for {
		b := k.w.Rest()
		if end := bytes.IndexByte(b[searched:], '\n'); end >= 0 {
			end += searched
			return bytes.TrimSuffix(b[:end], []byte{'\r'}), end + 1, k.w.CheckText(b[:end])
		}
		if k.done {
			return b, len(b), k.w.CheckText(b)
		}
		searched = len(b)
		switch err := k.w.More(); {
		case scan.AtEnd(err):
			k.done = true
		case errors.Is(err, scan.ErrFull):
			return nil, 0, k.w.Over(limit.Record, fmt.Sprintf("a line is longer than %d bytes", k.w.Most()))
		case err != nil:
			return nil, 0, err
		}
	}
}

// take finds out what a line is; last: it has no line end.
func (k *reader) take(line []byte, last bool) error {
	switch {
	case k.tagged:
		return k.text(line)
	case len(bytes.TrimSpace(line)) == 0:
		k.goesOn = false
		return nil
	case k.equals:
		return k.setting(line, last)
	case line[0] == '#':
		return nil
	case k.key == nil && startsEquals(line):
		return k.setting(line, last)
	case line[0] == ' ' || line[0] == '\t':
		return k.continued(line)
	case k.ldif && len(line) == 1 && line[0] == '-':
		return nil // between changes of one object
	}
	colon := bytes.IndexByte(line, ':')
	if colon < 0 && last {
		return k.w.Cut(len(line), "the document ends in the middle of a key")
	}
	if colon <= 0 {
		return k.w.Fail(0, "a line that is neither `key: value` nor the rest of a value (which begins with a blank)")
	}
	return k.begin(bytes.TrimSpace(line[:colon]), line[colon+1:])
}

// begin takes a line with a key.
func (k *reader) begin(key, value []byte) error {
	first := k.key == nil
	if err := k.hold(key); err != nil {
		return err
	}
	k.goesOn = true
	if first {
		k.ldif = bytes.EqualFold(key, []byte("dn")) || bytes.EqualFold(key, []byte("version")) && bytes.Equal(bytes.TrimSpace(value), []byte{'1'})
	}
	value = bytes.TrimSpace(value)
	if rest, ok := bytes.CutPrefix(value, []byte(textBegin)); ok {
		k.tagged = true
		return k.text(rest)
	}
	return k.add(value)
}

// hold makes marks of the key before, and holds this one until its value is whole.
func (k *reader) hold(key []byte) error {
	if len(key) > k.l.Name {
		return k.w.Over(limit.Field, fmt.Sprintf("a key is longer than %d bytes", k.l.Name))
	}
	if err := k.flush(); err != nil {
		return err
	}
	k.key, k.value, k.at, k.pending = append(k.key[:0], key...), k.value[:0], k.w.At(), true
	return nil
}

// text takes a line, or the rest of one, inside <text>.
func (k *reader) text(line []byte) error {
	text, behind, ended := bytes.Cut(line, []byte(textEnd))
	if len(k.value) > 0 {
		if err := k.add([]byte{'\n'}); err != nil {
			return err
		}
	}
	if ended && len(bytes.TrimSpace(behind)) > 0 {
		return k.w.Fail(0, "text behind "+textEnd)
	}
	k.tagged, k.goesOn = !ended, false
	return k.add(text)
}

// continued takes a line that belongs to the value before.
func (k *reader) continued(line []byte) error {
	if !k.goesOn {
		return k.w.Fail(0, "the rest of a value, without a key before it")
	}
	if k.ldif {
		return k.add(line[1:])
	}
	line = bytes.TrimSpace(line)
	if len(line) == 1 && line[0] == '.' { // an empty line of the value
		line = nil
	}
	if err := k.add([]byte{'\n'}); err != nil {
		return err
	}
	return k.add(line)
}

func (k *reader) add(piece []byte) error {
	if len(k.value)+len(piece) > k.l.Text {
		return k.w.Over(limit.Text, fmt.Sprintf("a value is longer than %d bytes", k.l.Text))
	}
	k.value = append(k.value, piece...)
	return nil
}

func (k *reader) end() error {
	if k.tagged {
		return &scan.SyntaxError{Place: k.at, Msg: textBegin + " of this key is not closed before the document ends", Err: scan.ErrCut}
	}
	if err := k.flush(); err != nil {
		return err
	}
	return k.closeSection()
}
