package scan

import (
	"bytes"
	"errors"
	"fmt"
)

// keyValueReader reads lines. A value is known as a whole only at the line behind it, so it is held until then.
type keyValueReader struct {
	w       *window
	v       Visitor
	l       Limits
	section func(key []byte) bool
	done    bool // the window has the last bytes of the input

	key     []byte
	value   []byte
	at      Place // where the key stands
	pending bool  // there is a key whose value may go on
	goesOn  bool  // the next line may belong to it
	tagged  bool  // inside <text>
	ldif    bool  // folded lines are joined without a line end, and "::" stands before base64

	sections int
	inside   bool // a section is open
	skip     bool // a section is passed over
}

const (
	textBegin = "<text>"
	textEnd   = "</text>"
)

func (k *keyValueReader) read() error {
	k.w.skipBOM()
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
		k.w.pos += size
	}
}

// next finds the next line, without its line end. It lies at the window's position; 0 bytes are the end of the input.
func (k *keyValueReader) next() (line []byte, size int, err error) {
	searched := 0
	for {
		b := k.w.rest()
		if end := bytes.IndexByte(b[searched:], '\n'); end >= 0 {
			end += searched
			return bytes.TrimSuffix(b[:end], []byte{'\r'}), end + 1, k.clean(b[:end])
		}
		if k.done {
			return b, len(b), k.clean(b)
		}
		searched = len(b)
		switch err := k.w.more(); {
		case atEnd(err):
			k.done = true
		case errors.Is(err, errFull):
			return nil, 0, k.over(fmt.Sprintf("a line is longer than %d bytes", k.w.most))
		case err != nil:
			return nil, 0, err
		}
	}
}

func (k *keyValueReader) clean(line []byte) error {
	if i := bytes.IndexByte(line, 0); i >= 0 {
		return k.fail(i, "a NUL byte: not a text file?")
	}
	return nil
}

// take tells what a line is; last says that it has no line end.
func (k *keyValueReader) take(line []byte, last bool) error {
	switch {
	case k.tagged:
		return k.text(line)
	case len(bytes.TrimSpace(line)) == 0:
		k.goesOn = false
		return nil
	case line[0] == '#':
		return nil
	case line[0] == ' ' || line[0] == '\t':
		return k.continued(line)
	case k.ldif && len(line) == 1 && line[0] == '-':
		return nil // between changes of one object
	}
	colon := bytes.IndexByte(line, ':')
	if colon < 0 && last {
		return &SyntaxError{Place: k.w.after(len(line)), Msg: "the document ends in the middle of a key", Err: ErrCut}
	}
	if colon <= 0 {
		return k.fail(0, "a line that is neither `key: value` nor the rest of a value (which begins with a blank)")
	}
	return k.begin(bytes.TrimSpace(line[:colon]), line[colon+1:])
}

// begin takes a line with a key.
func (k *keyValueReader) begin(key, value []byte) error {
	if len(key) > k.l.Name {
		return k.over(fmt.Sprintf("a key is longer than %d bytes", k.l.Name))
	}
	first := k.key == nil
	if err := k.flush(); err != nil {
		return err
	}
	k.key, k.value, k.at = append(k.key[:0], key...), k.value[:0], k.w.at()
	k.pending, k.goesOn = true, true
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

// text takes a line, or the rest of one, inside <text>.
func (k *keyValueReader) text(line []byte) error {
	text, behind, ended := bytes.Cut(line, []byte(textEnd))
	if len(k.value) > 0 {
		if err := k.add([]byte{'\n'}); err != nil {
			return err
		}
	}
	if ended && len(bytes.TrimSpace(behind)) > 0 {
		return k.fail(0, "something stands behind "+textEnd)
	}
	k.tagged, k.goesOn = !ended, false
	return k.add(text)
}

// continued takes a line that belongs to the value before.
func (k *keyValueReader) continued(line []byte) error {
	if !k.goesOn {
		return k.fail(0, "the rest of a value, without a key before it")
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

func (k *keyValueReader) add(piece []byte) error {
	if len(k.value)+len(piece) > k.l.Text {
		return k.over(fmt.Sprintf("a value is longer than %d bytes", k.l.Text))
	}
	k.value = append(k.value, piece...)
	return nil
}

func (k *keyValueReader) end() error {
	if k.tagged {
		return &SyntaxError{Place: k.at, Msg: textBegin + " of this key is not closed before the document ends", Err: ErrCut}
	}
	if err := k.flush(); err != nil {
		return err
	}
	return k.closeSection()
}

func (k *keyValueReader) fail(n int, msg string) error {
	return &SyntaxError{Place: k.w.after(n), Msg: msg}
}

func (k *keyValueReader) over(msg string) error {
	return &SyntaxError{Place: k.w.at(), Msg: msg, Err: ErrLimit}
}
