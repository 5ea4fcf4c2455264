package xml

import (
	"bytes"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// declaration passes over <?xml … ?>, which may stand at the very beginning only.
func (x *reader) declaration() error {
	if err := x.w.Need(6); err != nil {
		return nil //nolint:nilerr // what is there is read, and judged, as the rest of the document
	}
	b := x.w.Rest()
	if !bytes.HasPrefix(b, []byte("<?xml")) || !isSpace(b[5]) {
		return nil
	}
	x.w.Pass(5)
	return x.until("?>", "the XML declaration", pass)
}

// instruction passes over a processing instruction.
func (x *reader) instruction() error {
	const longest = 64
	if err := x.w.Need(longest); err != nil && !scan.AtEnd(err) {
		return err
	}
	b := x.w.Rest()
	n := nameRun(b[2:])
	if 2+n == len(b) {
		return x.cut("the document ends in the middle of a processing instruction")
	}
	if n == 0 {
		return x.w.Fail(0, "a processing instruction without a name")
	}
	if bytes.EqualFold(b[2:2+n], []byte("xml")) {
		return x.w.Fail(0, "an XML declaration that is not at the beginning: a second document?")
	}
	if c := b[2+n]; n < longest-2 && !isSpace(c) && c != '?' {
		return x.w.Fail(0, "a processing instruction with an illegal name")
	}
	x.w.Pass(2 + n)
	return x.until("?>", "a processing instruction", pass)
}

// declarationOrComment reads what begins with "<!".
func (x *reader) declarationOrComment() error {
	const comment, cdata, doctype = "<!--", "<![CDATA[", "<!DOCTYPE"
	if err := x.w.Need(len(cdata)); err != nil && !scan.AtEnd(err) {
		return err
	}
	b := x.w.Rest()
	switch {
	case bytes.HasPrefix(b, []byte(comment)):
		x.w.Pass(len(comment))
		return x.comment()
	case bytes.HasPrefix(b, []byte(cdata)) && len(x.frames) > 0:
		x.w.Pass(len(cdata))
		return x.until("]]>", "a CDATA section", x.keep)
	case bytes.HasPrefix(b, []byte(doctype)) && !x.rooted:
		x.w.Pass(len(doctype))
		return x.doctype()
	case len(b) < len(cdata) && (strings.HasPrefix(comment, string(b)) || strings.HasPrefix(cdata, string(b)) || strings.HasPrefix(doctype, string(b))):
		return x.cut("the document ends in the middle of markup")
	default:
		return x.w.Fail(0, `"<!" begins nothing that may stand here`)
	}
}

func (x *reader) comment() error {
	if err := x.until("--", "a comment", pass); err != nil {
		return err
	}
	if err := x.w.Need(1); err != nil {
		return x.short(err, "a comment")
	}
	if x.w.Rest()[0] != '>' {
		return x.w.Fail(0, `"--" inside a comment`)
	}
	x.w.Pass(1)
	return nil
}

// until passes what stands before end, and end itself; keep takes what is passed.
func (x *reader) until(end, what string, keep func([]byte) error) error {
	for {
		b := x.w.Rest()
		n := bytes.Index(b, []byte(end))
		found := n >= 0
		if !found {
			n = max(0, len(b)-len(end)+1)
		}
		passed, err := x.raw(b[:n], found, keep)
		if err != nil {
			return err
		}
		x.w.Pass(passed)
		if found && passed == n {
			x.w.Pass(len(end))
			return nil
		}
		if err := x.w.More(); err != nil {
			return x.short(err, what)
		}
	}
}

// raw passes bytes in which no markup is looked for, and returns how many: fewer than there are where a rune or CR LF may
// go on behind them.
func (x *reader) raw(b []byte, whole bool, keep func([]byte) error) (int, error) {
	n := 0
	for n < len(b) {
		run := plainRun(b[n:], plainRaw)
		if err := keep(b[n : n+run]); err != nil {
			return n, err
		}
		n += run
		if n == len(b) {
			break
		}
		if b[n] != '\r' {
			if !whole && cutRune(b[n:]) {
				return n, nil
			}
			return n, x.w.Fail(n, illegal(b[n:]))
		}
		if n+1 == len(b) && !whole {
			return n, nil
		}
		n++
		if n == len(b) || b[n] != '\n' {
			if err := keep([]byte{'\n'}); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// pass takes nothing of what is passed.
func pass([]byte) error { return nil }

// doctype passes over a document type declaration, of which "<!DOCTYPE" is read. Nothing that it names is loaded.
func (x *reader) doctype() error {
	for first := true; ; first = false {
		c, err := x.next()
		if err != nil {
			return err
		}
		switch {
		case first && !isSpace(c):
			return x.w.Fail(-1, "a document type declaration without a name")
		case c == '>':
			return nil
		case c == '"', c == '\'':
			err = x.past(c)
		case c == '[':
			err = x.subset()
		case c == '<':
			err = x.w.Fail(-1, "markup inside a document type declaration")
		}
		if err != nil {
			return err
		}
	}
}

// subset passes over the declarations in a document type declaration. Entities are refused: they are how a small
// document becomes a large one, or reads files.
func (x *reader) subset() error {
	for {
		c, err := x.next()
		if err != nil {
			return err
		}
		switch {
		case c == ']':
			return nil
		case c == '%':
			return x.w.Fail(-1, "a document type declaration that declares entities is not accepted")
		case c == '<':
			err = x.subsetMarkup()
		case !isSpace(c):
			return x.w.Fail(-1, "text inside a document type declaration")
		}
		if err != nil {
			return err
		}
	}
}

func (x *reader) subsetMarkup() error {
	const comment, entity = "!--", "!ENTITY"
	if err := x.w.Need(len(entity)); err != nil {
		return x.short(err, doctypeName)
	}
	b := x.w.Rest()
	switch {
	case bytes.HasPrefix(b, []byte(comment)):
		x.w.Pass(len(comment))
		return x.comment()
	case b[0] == '?':
		x.w.Pass(1)
		return x.until("?>", "a processing instruction", pass)
	case bytes.HasPrefix(b, []byte(entity)):
		return x.w.Fail(0, "a document type declaration that declares entities is not accepted")
	case b[0] != '!':
		return x.w.Fail(0, "an element inside a document type declaration")
	}
	for {
		c, err := x.next()
		if err == nil && (c == '"' || c == '\'') {
			err = x.past(c)
		}
		if err != nil || c == '>' {
			return err
		}
	}
}

const doctypeName = "the document type declaration"

// next consumes one byte of the document type declaration.
func (x *reader) next() (byte, error) {
	if err := x.w.Need(1); err != nil {
		return 0, x.short(err, doctypeName)
	}
	c := x.w.Rest()[0]
	x.w.Pass(1)
	return c, nil
}

// past consumes up to the closing quote.
func (x *reader) past(quote byte) error {
	for {
		if c, err := x.next(); err != nil || c == quote {
			return err
		}
	}
}
