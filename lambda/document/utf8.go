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
// inventory holds and most syntaxes refuse, are left out and counted. NUL bytes are passed on to whoever reads the text, which refuses them:
// it is no text, or a part of it is lost there.
type utf8OrLegacy struct {
	transform.NopResetter
	multi    bool // a character beyond ASCII was valid UTF-8
	legacy   bool // the rest is Windows-1252
	before   byte // the last byte that was passed on
	controls *int // those left out
}

// Transform decodes what is at hand.
func (u *utf8OrLegacy) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for {
		n := u.plain(src[nSrc:min(len(src), nSrc+len(dst)-nDst)])
		copy(dst[nDst:], src[nSrc:nSrc+n])
		nDst, nSrc = nDst+n, nSrc+n
		if n > 0 {
			u.before = src[nSrc-1]
		}
		switch {
		case nSrc == len(src):
			return nDst, nSrc, nil
		case len(dst)-nDst < utf8.UTFMax:
			return nDst, nSrc, transform.ErrShortDst
		case !atEOF && !u.legacy && !utf8.FullRune(src[nSrc:]):
			return nDst, nSrc, transform.ErrShortSrc
		}
		if c := src[nSrc]; c < ' ' {
			nDst += u.control(dst[nDst:], c)
		} else {
			u.legacy, u.before = u.legacy || !u.multi, c
			nDst += utf8.EncodeRune(dst[nDst:], charmap.Windows1252.DecodeByte(c))
		}
		nSrc++
	}
}

// control takes a control character, and returns how many bytes were written for it.
func (u *utf8OrLegacy) control(dst []byte, c byte) int {
	switch {
	case c == 0:
		dst[0] = c
	case (c == '\v' || c == '\f') && u.before > ' ': // of another line or page: words stay apart
		dst[0] = ' '
	default:
		*u.controls++
		return 0
	}
	u.before = dst[0]
	return 1
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
