package xml

import (
	"encoding/binary"
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// What a byte is in XML.
const (
	plainText  = 1 << iota // stands for itself in character data
	plainValue             // stands for itself in an attribute's value
	nameStart
	namePart
	space
	plainRaw // stands for itself in a comment, a CDATA section or a processing instruction
)

// class is by the bytes of ASCII. Of the others, which need their whole rune, it is 0.
var class = classify()

func classify() (t [1 << 8]uint8) {
	for c := range utf8.RuneSelf {
		switch c {
		case '<', '&':
			t[c] |= plainRaw
		case '\t', '\n':
			t[c] |= plainText | plainRaw
		case ']':
			t[c] |= plainValue | plainRaw
		default:
			if c >= ' ' {
				t[c] |= plainText | plainValue | plainRaw
			}
		}
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == ':':
			t[c] |= nameStart | namePart
		case c >= '0' && c <= '9', c == '-', c == '.':
			t[c] |= namePart
		case c == ' ', c == '\t', c == '\n', c == '\r':
			t[c] |= space
		}
	}
	return t
}

func isSpace(c byte) bool { return class[c]&space != 0 }

// plainRun returns how many bytes of b stand for themselves in the place that which is (plainText, plainValue with quotes, plainRaw). It ends
// before a rune that is broken, cut or not allowed.
func plainRun(b []byte, which uint8) int {
	n := 0
	for n < len(b) {
		if len(b)-n >= 8 {
			n += plainBytes(b[n:], ']')
			if n == len(b) {
				break
			}
		}
		c := b[n]
		switch {
		case class[c]&which != 0:
			n++
		case c < utf8.RuneSelf:
			return n
		default:
			size := charSize(b[n:])
			if size == 0 {
				return n
			}
			n += size
		}
	}
	return n
}

// isPlain reports whether all bytes of b, which holds no "<", are seen at once to stand for themselves in an element's text, as mostly. Its last word
// may go on behind b.
func isPlain(b []byte) bool {
	n, found := 0, uint64(0)
	for ; n <= len(b)-8; n += 8 {
		w := binary.LittleEndian.Uint64(b[n:])
		found |= w | (w - ones*' ') | ((w ^ ones*'&') - ones) | ((w ^ ones*']') - ones)
	}
	if n < len(b) {
		if cap(b)-n < 8 {
			return false
		}
		rest := 8 * (len(b) - n)
		w := binary.LittleEndian.Uint64(b[n:n+8])<<(64-rest) | ones*' '>>rest
		found |= w | (w - ones*' ') | ((w ^ ones*'&') - ones) | ((w ^ ones*']') - ones)
	}
	return found&tops == 0
}

// PlainText returns how many bytes b begins with that stand for themselves in an element's text.
func PlainText(b []byte) int { return plainRun(b, plainText) }

// charSize returns the size of the character beyond ASCII that b begins with; 0 where it is broken, cut or not allowed.
func charSize(b []byte) int {
	if len(b) > 1 && b[0] >= 0xC2 && b[0] < 0xE0 && b[1]&0xC0 == 0x80 { // of two bytes all are allowed
		return 2
	}
	if len(b) > 2 && b[0] > 0xE0 && b[0] < 0xED && b[1]&0xC0 == 0x80 && b[2]&0xC0 == 0x80 { // nor is any of three that begins so forbidden
		return 3
	}
	r, size := utf8.DecodeRune(b)
	if (r == utf8.RuneError && size == 1) || !isChar(r) {
		return 0
	}
	return size
}

// plainBytes returns how many bytes b begins with that are ASCII, stand for themselves everywhere and are not one more: a quote or a bracket. It
// looks at whole words alone, so the last bytes of b may be more of them.
func plainBytes(b []byte, more byte) int {
	other, n := ones*uint64(more), 0
	for ; n <= len(b)-8; n += 8 {
		if marked := special(binary.LittleEndian.Uint64(b[n:]), other) & tops; marked != 0 {
			return n + bits.TrailingZeros64(marked)/8
		}
	}
	return n
}

// textBytes returns where the next byte of b stands, from n on, that is a control character, a reference's first or not ASCII. It looks at whole
// words alone, so the last bytes of b may be others.
func textBytes(b []byte, n int) int {
	for ; n <= len(b)-8; n += 8 {
		w := binary.LittleEndian.Uint64(b[n:])
		if marked := (w | (w - ones*' ') | ((w ^ ones*'&') - ones)) & tops; marked != 0 {
			return n + bits.TrailingZeros64(marked)/8
		}
	}
	return n
}

// Of eight bytes at a time.
const (
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

// special marks the top of the first of eight bytes that is not ASCII, does not stand for itself everywhere or is the other, and maybe bytes behind it.
func special(w, other uint64) uint64 {
	return w | (w - ones*' ') | ((w ^ ones*'<') - ones) | ((w ^ ones*'&') - ones) | ((w ^ other) - ones)
}

// isChar reports whether XML 1.0 allows the character at all.
func isChar(r rune) bool {
	switch {
	case r < ' ':
		return r == '\t' || r == '\n' || r == '\r'
	case r >= 0xD800 && r <= 0xDFFF, r == 0xFFFE, r == 0xFFFF:
		return false
	}
	return r <= unicode.MaxRune
}

// isNameStart and isNamePart are the productions [4] and [4a] of XML 1.0, fifth edition, above ASCII.
func isNameStart(r rune) bool {
	switch {
	case r == 0xD7, r == 0xF7, r == 0x37E:
		return false
	case r >= 0xC0 && r <= 0x2FF, r >= 0x370 && r <= 0x1FFF, r == 0x200C, r == 0x200D:
		return true
	case r >= 0x2070 && r <= 0x218F, r >= 0x2C00 && r <= 0x2FEF, r >= 0x3001 && r <= 0xD7FF:
		return true
	}
	return r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

func isNamePart(r rune) bool {
	return r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040 || isNameStart(r)
}

func spaceRun(b []byte) int {
	n := 0
	for n < len(b) && isSpace(b[n]) {
		n++
	}
	return n
}

// trimEnd drops white space at the end of a text.
func trimEnd(text []byte) []byte {
	for len(text) > 0 && isSpace(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}
