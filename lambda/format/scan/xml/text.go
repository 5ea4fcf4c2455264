package xml

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// characters reads up to the next "<", which it leaves. It returns io.EOF where the bytes end before.
func (x *reader) characters() error {
	for {
		b := x.w.Rest()
		if n := spaceRun(b); n < len(b) && b[n] == '<' && (n == 0 || x.isLayout()) {
			x.w.Pass(n)
			return nil
		}
		n := plainRun(b, plainText)
		if err := x.keep(b[:n]); err != nil {
			return err
		}
		x.w.Pass(n)
		if n < len(b) {
			if b[n] == '<' {
				return nil
			}
			if err := x.special(); err != nil {
				return err
			}
			continue
		}
		if err := x.w.More(); err != nil {
			return err
		}
	}
}

// special reads one character that does not stand for itself in character data.
func (x *reader) special() error {
	switch x.w.Rest()[0] {
	case '&':
		return x.reference()
	case '\r':
		return x.newline()
	case ']':
		if x.w.Need(3) == nil && bytes.HasPrefix(x.w.Rest(), []byte("]]>")) {
			return x.w.Fail(0, `"]]>" outside of a CDATA section`)
		}
		err := x.keep(x.w.Rest()[:1])
		x.w.Pass(1)
		return err
	default:
		return x.badCharacter()
	}
}

// badCharacter distinguishes a rune cut by the window from one that may not stand there; the former is no error, once the rest
// of it is at hand.
func (x *reader) badCharacter() error {
	if b := x.w.Rest(); !utf8.FullRune(b) {
		if err := x.w.Need(len(b) + 1); err == nil {
			return nil
		} else if !scan.AtEnd(err) {
			return err
		}
		return x.cut("the document ends in the middle of a character")
	}
	return x.w.Fail(0, illegal(x.w.Rest()))
}

func illegal(b []byte) string {
	r, size := utf8.DecodeRune(b)
	if r == utf8.RuneError && size <= 1 {
		return "bytes that are not UTF-8"
	}
	return fmt.Sprintf("the character %U is not allowed in XML", r)
}

// newline reads CR or CR LF as LF.
func (x *reader) newline() error {
	if err := x.w.Need(2); err != nil && !scan.AtEnd(err) {
		return err
	}
	n := 1
	if b := x.w.Rest(); len(b) > 1 && b[1] == '\n' {
		n = 2
	}
	err := x.keep([]byte{'\n'})
	x.w.Pass(n)
	return err
}

// longestReference bounds what is searched for a reference's semicolon. No name of ours is longer; the digits of a
// character may have leading zeros.
const longestReference = 64

func (x *reader) reference() error {
	if err := x.w.Need(longestReference); err != nil && !scan.AtEnd(err) {
		return err
	}
	r, size, msg := parseReference(x.w.Rest())
	if msg != "" {
		if bytes.IndexByte(x.w.Rest(), ';') < 0 && len(x.w.Rest()) < longestReference && onlyReference(x.w.Rest()[1:]) {
			return x.cut("the document ends in the middle of a reference")
		}
		return x.w.Fail(0, msg)
	}
	if len(x.frames) == 0 {
		return x.w.Fail(0, "a reference outside of the root element")
	}
	if x.skip == 0 {
		var enc [utf8.UTFMax]byte
		if err := x.keep(enc[:utf8.EncodeRune(enc[:], r)]); err != nil {
			return err
		}
	}
	x.w.Pass(size)
	return nil
}

func onlyReference(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte("#"))
	for _, c := range b {
		if class[c]&namePart == 0 {
			return false
		}
	}
	return true
}

// References as the bytes that they are, the first byte lowest.
const (
	ltReference   = '&' | 'l'<<8 | 't'<<16 | ';'<<24
	gtReference   = '&' | 'g'<<8 | 't'<<16 | ';'<<24
	ampReference  = '&' | 'a'<<8 | 'm'<<16 | 'p'<<24 | ';'<<32
	quotReference = '&' | 'q'<<8 | 'u'<<16 | 'o'<<24 | 't'<<32 | ';'<<40
)

// parseReference reads the reference that b begins with: the rune, the bytes it takes, or what is wrong with it.
func parseReference(b []byte) (r rune, size int, msg string) {
	if len(b) >= 8 { // most references are one of these
		switch w := binary.LittleEndian.Uint64(b); {
		case w<<32 == ltReference<<32:
			return '<', len("&lt;"), ""
		case w<<32 == gtReference<<32:
			return '>', len("&gt;"), ""
		case w<<24 == ampReference<<24:
			return '&', len("&amp;"), ""
		case w<<16 == quotReference<<16:
			return '"', len("&quot;"), ""
		}
	}
	end := bytes.IndexByte(b[:min(len(b), longestReference)], ';')
	if end < 0 {
		return 0, 0, `"&" does not begin a reference`
	}
	switch name := string(b[1:end]); name {
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "amp":
		r = '&'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		if name == "" || name[0] != '#' {
			return 0, 0, `"&" begins a reference to an entity that XML itself does not declare`
		}
		r = parseCharacter(name[1:])
		if r < 0 {
			return 0, 0, "a reference to a character that is not allowed in XML"
		}
	}
	return r, end + 1, ""
}

// parseCharacter reads the number of a character reference. It returns -1 for what is none. A control character is one, though XML allows
// none but white space: it is left out of the value where that is used.
func parseCharacter(digits string) rune {
	base := 10
	if len(digits) > 0 && digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > utf8.MaxRune || n >= ' ' && !isChar(rune(n)) {
		return -1
	}
	return rune(n)
}

// keep takes a piece of the innermost element's own text. White space at the text's beginning, and after a child where
// the text before it ends in white space, is layout and left out: else an element of many children would fill the memory
// with it.
func (x *reader) keep(piece []byte) error {
	if len(piece) == 0 || x.skip > 0 {
		return nil
	}
	if len(x.frames) == 0 {
		if n := spaceRun(piece); n < len(piece) {
			return x.w.Fail(n, outside(x.rooted))
		}
		return nil
	}
	f := &x.frames[len(x.frames)-1]
	if own := x.text[f.text:]; f.gap && (len(own) == 0 || isSpace(own[len(own)-1])) {
		piece = piece[spaceRun(piece):]
		if len(piece) == 0 {
			return nil
		}
	}
	f.gap = false
	if len(x.text)+len(piece) > x.l.Text {
		return x.w.Over(limit.Text, fmt.Sprintf("an element's text is longer than %d bytes", x.l.Text))
	}
	x.text = append(x.text, piece...)
	return nil
}

// isLayout reports whether white space before a tag is none of an element's text.
func (x *reader) isLayout() bool {
	if len(x.frames) == 0 || x.skip > 0 {
		return true
	}
	f := &x.frames[len(x.frames)-1]
	return f.gap && len(x.text) == f.text
}

func outside(rooted bool) string {
	if rooted {
		return "text after the end of the root element"
	}
	return "text before the root element"
}
