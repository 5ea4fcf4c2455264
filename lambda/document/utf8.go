package document

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// utf8OrLegacy passes UTF-8 on. A document in which the first bytes beyond ASCII are not UTF-8 is Windows-1252 from there
// on; in one that has shown itself to be UTF-8, only the broken bytes are read so. Control characters other than tabs and line ends, which no
// inventory holds and most syntaxes refuse, are left out and counted. Several NUL bytes in a row, or one at the end, are passed on to whoever
// reads the text, which refuses them: a part of the document is lost there, or it is no text.
type utf8OrLegacy struct {
	transform.NopResetter
	multi    bool // a character beyond ASCII was valid UTF-8
	legacy   bool // the rest is Windows-1252
	all      bool // all control characters are passed on
	zeros    bool // the byte before was a NUL that was passed on
	controls *int // those left out
}

// Transform decodes what is at hand.
func (u *utf8OrLegacy) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for {
		n := u.plain(src[nSrc:min(len(src), nSrc+len(dst)-nDst)])
		copy(dst[nDst:], src[nSrc:nSrc+n])
		nDst, nSrc = nDst+n, nSrc+n
		u.zeros = u.zeros && n == 0
		switch {
		case nSrc == len(src):
			return nDst, nSrc, nil
		case len(dst)-nDst < utf8.UTFMax:
			return nDst, nSrc, transform.ErrShortDst
		case src[nSrc] == 0 && nSrc+1 == len(src) && !atEOF, !atEOF && !u.legacy && !utf8.FullRune(src[nSrc:]):
			return nDst, nSrc, transform.ErrShortSrc
		}
		if src[nSrc] < ' ' {
			nDst += u.control(dst[nDst:], src[nSrc:])
		} else {
			u.legacy, u.zeros = u.legacy || !u.multi, false
			nDst += utf8.EncodeRune(dst[nDst:], charmap.Windows1252.DecodeByte(src[nSrc]))
		}
		nSrc++
	}
}

// control takes the control character that src begins with, and returns how many bytes were written for it.
func (u *utf8OrLegacy) control(dst, src []byte) int {
	u.zeros = src[0] == 0 && (u.zeros || len(src) == 1 || src[1] == 0)
	if u.zeros || u.all {
		dst[0] = src[0]
		return 1
	}
	*u.controls++
	return 0
}

// plain returns how many bytes can stay as they are.
func (u *utf8OrLegacy) plain(b []byte) int {
	n := textRun(b, tops)
	if n == len(b) || u.legacy || b[n] < utf8.RuneSelf {
		return n
	}
	ascii, end := n, n+textRun(b[n:], 0)
	if utf8.Valid(b[n:end]) {
		n = end
	}
	for n < end {
		r, size := utf8.DecodeRune(b[n:end])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		n += size
	}
	u.multi = u.multi || n > ascii
	return n
}

// Of eight bytes at a time.
const (
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

// textRun returns how many bytes stand before the first control character that no text has; with tops also before the first byte beyond ASCII.
func textRun(b []byte, beyond uint64) int {
	n := 0
	for ; len(b)-n >= 8; n += 8 {
		w := binary.LittleEndian.Uint64(b[n:])
		if ((w-ones*' ')&^w|w&beyond)&tops == 0 { // none is below a blank, as mostly
			continue
		}
		low := w | tops
		low9, low11, low13, low14 := low-ones*'\t', low-ones*('\n'+1), low-ones*'\r', low-ones*('\r'+1)
		kept := low9&^low11 | low13&^low14 | (low - ones*' ') | w
		if found := (^kept | w&beyond) & tops; found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	for n < len(b) && (b[n] >= ' ' || b[n] == '\t' || b[n] == '\n' || b[n] == '\r') && (beyond == 0 || b[n] < utf8.RuneSelf) {
		n++
	}
	return n
}
