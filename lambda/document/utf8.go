package document

import (
	"bufio"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// utf8OrLegacy reads UTF-8. A document in which the first bytes beyond ASCII are not UTF-8 is Windows-1252 from there
// on; in one that has shown itself to be UTF-8, only the broken bytes are read so. Control characters other than tabs and line ends, which no
// inventory holds and most syntaxes refuse, are left out and counted. NUL bytes are passed on to whoever reads the text, which refuses them:
// it is no text, or a part of it is lost there.
type utf8OrLegacy struct {
	in       *bufio.Reader
	multi    bool // a character beyond ASCII was valid UTF-8
	legacy   bool // the rest is Windows-1252
	before   byte // the last byte that was passed on
	controls *int // those left out
	rest     []byte
	char     [utf8.UTFMax]byte // holds rest
}

// Read decodes what is at hand.
func (u *utf8OrLegacy) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(u.rest) > 0 {
			size := copy(p[n:], u.rest)
			u.rest, n = u.rest[size:], n+size
			continue
		}
		if n > 0 && u.in.Buffered() == 0 {
			break
		}
		if _, err := u.in.Peek(1); err != nil {
			return n, err
		}
		b, _ := u.in.Peek(min(u.in.Buffered(), len(p)-n)) // they are at hand
		size := u.plain(b)
		if size == 0 {
			u.character(b)
			continue
		}
		n += copy(p[n:], b[:size])
		u.before = b[size-1]
		_, _ = u.in.Discard(size)
	}
	return n, nil
}

// character decodes the next character, which b begins with, and which does not stay as it is, or is not there as a whole.
func (u *utf8OrLegacy) character(b []byte) {
	if !u.legacy && !utf8.FullRune(b) {
		b, _ = u.in.Peek(utf8.UTFMax) // fewer where the document ends
	}
	c := b[0]
	r, size := utf8.DecodeRune(b)
	switch {
	case c < ' ':
		r = u.control(c)
	case u.legacy || size == 1:
		u.legacy = u.legacy || !u.multi
		r, size = charmap.Windows1252.DecodeByte(c), 1
	default:
		u.multi = true
	}
	_, _ = u.in.Discard(size)
	if r >= 0 {
		u.rest = utf8.AppendRune(u.char[:0], r)
		u.before = u.rest[len(u.rest)-1]
	}
}

// control returns what stands for a control character; -1: nothing.
func (u *utf8OrLegacy) control(c byte) rune {
	switch {
	case c == 0:
		return 0
	case (c == '\v' || c == '\f') && u.before > ' ': // of another line or page: words stay apart
		return ' '
	}
	*u.controls++
	return -1
}

// plain returns how many bytes can stay as they are.
func (u *utf8OrLegacy) plain(b []byte) int {
	n := 0
	for {
		n += asciiRun(b[n:])
		if n == len(b) || u.legacy || b[n] < utf8.RuneSelf {
			return n
		}
		for n < len(b) && b[n] >= utf8.RuneSelf {
			_, size := utf8.DecodeRune(b[n:])
			if size == 1 {
				return n
			}
			u.multi = true
			n += size
		}
	}
}

// Of eight bytes at a time.
const (
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

// asciiRun returns how many bytes stand before the first one beyond ASCII, or control character that no text has.
func asciiRun(b []byte) int {
	n := 0
	for ; n <= len(b)-8; n += 8 {
		w := binary.LittleEndian.Uint64(b[n : n+8 : n+8])
		if ((w-ones*' ')|w)&tops == 0 { // none is below a blank, as mostly
			continue
		}
		low := w | tops
		low9, low11, low13, low14 := low-ones*'\t', low-ones*('\n'+1), low-ones*'\r', low-ones*('\r'+1)
		kept := low9&^low11 | low13&^low14 | (low - ones*' ')
		if found := (^kept | w) & tops; found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	for n < len(b) && b[n] < utf8.RuneSelf && (b[n] >= ' ' || b[n] == '\t' || b[n] == '\n' || b[n] == '\r') {
		n++
	}
	return n
}
