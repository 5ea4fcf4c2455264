package scan

import (
	"bytes"
)

// declaration passes over <?xml … ?>, which may stand at the very beginning only.
func (x *xmlReader) declaration() error {
	if err := x.w.need(6); err != nil {
		return nil //nolint:nilerr // what is there is read, and judged, as the rest of the document
	}
	b := x.w.rest()
	if !bytes.HasPrefix(b, []byte("<?xml")) || !isSpace(b[5]) {
		return nil
	}
	x.w.pos += 5
	return x.until("?>", "the XML declaration", nil)
}

// instruction passes over a processing instruction.
func (x *xmlReader) instruction() error {
	const longest = 64
	if err := x.w.need(longest); err != nil && !atEnd(err) {
		return err
	}
	b := x.w.rest()
	n := nameRun(b[2:])
	if 2+n == len(b) {
		return x.cut("the document ends in the middle of a processing instruction")
	}
	if n == 0 {
		return x.fail(0, "a processing instruction without a name")
	}
	if bytes.EqualFold(b[2:2+n], []byte("xml")) {
		return x.fail(0, "an XML declaration that is not at the beginning: a second document?")
	}
	if c := b[2+n]; n < longest-2 && !isSpace(c) && c != '?' {
		return x.fail(0, "a processing instruction with an illegal name")
	}
	x.w.pos += 2 + n
	return x.until("?>", "a processing instruction", nil)
}

// declarationOrComment reads what begins with "<!".
func (x *xmlReader) declarationOrComment() error {
	const comment, cdata, doctype = "<!--", "<![CDATA[", "<!DOCTYPE"
	if err := x.w.need(len(cdata)); err != nil && !atEnd(err) {
		return err
	}
	b := x.w.rest()
	switch {
	case bytes.HasPrefix(b, []byte(comment)):
		x.w.pos += len(comment)
		return x.comment()
	case bytes.HasPrefix(b, []byte(cdata)) && len(x.frames) > 0:
		x.w.pos += len(cdata)
		return x.until("]]>", "a CDATA section", x.keep)
	case bytes.HasPrefix(b, []byte(doctype)) && !x.rooted:
		x.w.pos += len(doctype)
		return x.doctype()
	case len(b) < len(cdata) && begins(b, comment, cdata, doctype):
		return x.cut("the document ends in the middle of markup")
	default:
		return x.fail(0, `"<!" begins nothing that may stand here`)
	}
}

func begins(b []byte, words ...string) bool {
	for _, word := range words {
		if len(b) <= len(word) && word[:len(b)] == string(b) {
			return true
		}
	}
	return false
}

func (x *xmlReader) comment() error {
	if err := x.until("--", "a comment", nil); err != nil {
		return err
	}
	if err := x.w.need(1); err != nil {
		return x.short(err, "a comment")
	}
	if x.w.rest()[0] != '>' {
		return x.fail(0, `"--" inside a comment`)
	}
	x.w.pos++
	return nil
}

// until passes what stands before end, and end itself; keep, where there is one, takes what is passed.
func (x *xmlReader) until(end, what string, keep func([]byte) error) error {
	for {
		b := x.w.rest()
		n := bytes.Index(b, []byte(end))
		found := n >= 0
		if !found {
			n = max(0, len(b)-len(end)+1)
		}
		passed, err := x.raw(b[:n], found, keep)
		if err != nil {
			return err
		}
		x.w.pos += passed
		if found && passed == n {
			x.w.pos += len(end)
			return nil
		}
		if err := x.w.more(); err != nil {
			return x.short(err, what)
		}
	}
}

// raw passes bytes in which no markup is looked for, and gives how many: fewer than there are where a rune or CR LF may
// go on behind them.
func (x *xmlReader) raw(b []byte, whole bool, keep func([]byte) error) (int, error) {
	n := 0
	for n < len(b) {
		run := plainRun(b[n:], plainRaw)
		if err := keepIf(keep, b[n:n+run]); err != nil {
			return n, err
		}
		if n += run; n == len(b) {
			break
		}
		if b[n] != '\r' {
			if !whole && cutRune(b[n:]) {
				return n, nil
			}
			return n, x.fail(n, illegal(b[n:]))
		}
		if n+1 == len(b) && !whole {
			return n, nil
		}
		if n++; n == len(b) || b[n] != '\n' {
			if err := keepIf(keep, []byte{'\n'}); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

func keepIf(keep func([]byte) error, b []byte) error {
	if keep == nil {
		return nil
	}
	return keep(b)
}

// doctype passes over a document type declaration, of which "<!DOCTYPE" is read. Nothing that it names is loaded.
func (x *xmlReader) doctype() error {
	for first := true; ; first = false {
		c, err := x.next()
		if err != nil {
			return err
		}
		switch {
		case first && !isSpace(c):
			return x.fail(-1, "a document type declaration without a name")
		case c == '>':
			return nil
		case c == '"', c == '\'':
			err = x.past(c)
		case c == '[':
			err = x.subset()
		case c == '<':
			err = x.fail(-1, "markup inside a document type declaration")
		}
		if err != nil {
			return err
		}
	}
}

// subset passes over the declarations in a document type declaration. Entities are refused: they are how a small
// document becomes a large one, or reads files.
func (x *xmlReader) subset() error {
	for {
		c, err := x.next()
		if err != nil {
			return err
		}
		switch {
		case c == ']':
			return nil
		case c == '%':
			return x.fail(-1, "a document type declaration that declares entities is not accepted")
		case c == '<':
			err = x.subsetMarkup()
		case !isSpace(c):
			return x.fail(-1, "text inside a document type declaration")
		}
		if err != nil {
			return err
		}
	}
}

func (x *xmlReader) subsetMarkup() error {
	const comment, entity = "!--", "!ENTITY"
	if err := x.w.need(len(entity)); err != nil {
		return x.short(err, doctypeName)
	}
	b := x.w.rest()
	switch {
	case bytes.HasPrefix(b, []byte(comment)):
		x.w.pos += len(comment)
		return x.comment()
	case b[0] == '?':
		x.w.pos++
		return x.until("?>", "a processing instruction", nil)
	case bytes.HasPrefix(b, []byte(entity)):
		return x.fail(0, "a document type declaration that declares entities is not accepted")
	case b[0] != '!':
		return x.fail(0, "an element inside a document type declaration")
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
func (x *xmlReader) next() (byte, error) {
	if err := x.w.need(1); err != nil {
		return 0, x.short(err, doctypeName)
	}
	c := x.w.rest()[0]
	x.w.pos++
	return c, nil
}

// past consumes up to the closing quote.
func (x *xmlReader) past(quote byte) error {
	for {
		if c, err := x.next(); err != nil || c == quote {
			return err
		}
	}
}
