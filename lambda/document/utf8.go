package document

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// utf8OrLegacy passes UTF-8 on. A document in which the first bytes beyond ASCII are not UTF-8 is Windows-1252 from there
// on; in one that has shown itself to be UTF-8, only the broken bytes are read so.
type utf8OrLegacy struct {
	transform.NopResetter
	multi  bool // a character beyond ASCII was valid UTF-8
	legacy bool // the rest is Windows-1252
}

// Transform decodes what is at hand.
func (u *utf8OrLegacy) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for {
		n := u.plain(src[nSrc:min(len(src), nSrc+len(dst)-nDst)])
		copy(dst[nDst:], src[nSrc:nSrc+n])
		nDst, nSrc = nDst+n, nSrc+n
		switch {
		case nSrc == len(src):
			return nDst, nSrc, nil
		case len(dst)-nDst < utf8.UTFMax:
			return nDst, nSrc, transform.ErrShortDst
		case !atEOF && !u.legacy && !utf8.FullRune(src[nSrc:]):
			return nDst, nSrc, transform.ErrShortSrc
		}
		u.legacy = u.legacy || !u.multi
		nDst += utf8.EncodeRune(dst[nDst:], charmap.Windows1252.DecodeByte(src[nSrc]))
		nSrc++
	}
}

// plain returns how many bytes can stay as they are.
func (u *utf8OrLegacy) plain(b []byte) int {
	n := 0
	for n < len(b) && b[n] < utf8.RuneSelf {
		n++
	}
	if n == len(b) || u.legacy {
		return n
	}
	ascii := n
	if utf8.Valid(b[n:]) {
		n = len(b)
	}
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		n += size
	}
	u.multi = u.multi || n > ascii
	return n
}
