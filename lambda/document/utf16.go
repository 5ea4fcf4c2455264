package document

import (
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Reader decodes UTF-16. Half a pair of surrogates becomes U+FFFD; half a unit at the end is an error, for the
// document was cut there.
type utf16Reader struct {
	r        io.Reader
	big      bool
	in       []byte
	pos, end int
	out      []byte
	outPos   int
	err      error
}

func newUTF16(r io.Reader, bigEndian bool) *utf16Reader {
	return &utf16Reader{r: r, big: bigEndian, in: make([]byte, bufferSize), out: make([]byte, 0, 3*bufferSize/2+utf8.UTFMax)}
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for u.outPos == len(u.out) {
		if err := u.fill(); err != nil {
			return 0, err
		}
		u.decode()
	}
	n := copy(p, u.out[u.outPos:])
	u.outPos += n
	return n, nil
}

// fill takes more bytes behind those that are left, which are fewer than a character. With u.err set, what is left is
// all there is.
func (u *utf16Reader) fill() error {
	u.end = copy(u.in, u.in[u.pos:u.end])
	u.pos = 0
	if u.err == nil {
		var n int
		n, u.err = u.r.Read(u.in[u.end:])
		u.end += n
	}
	switch {
	case u.err == nil || u.end > 1:
		return nil
	case atEnd(u.err) && u.end == 1:
		return fmt.Errorf("%w: UTF-16 ends in the middle of a character: %w", ErrCorrupt, io.ErrUnexpectedEOF)
	}
	return u.err
}

// decode makes characters of the units at hand. The first half of a pair waits for the second.
func (u *utf16Reader) decode() {
	u.out, u.outPos = u.out[:0], 0
	for u.end-u.pos >= 2 {
		r, size := rune(u.unit(u.pos)), 2
		if utf16.IsSurrogate(r) {
			if u.end-u.pos < 4 && u.err == nil {
				return
			}
			r, size = u.pair(r)
		}
		u.out = utf8.AppendRune(u.out, r)
		u.pos += size
	}
}

func (u *utf16Reader) pair(first rune) (rune, int) {
	if u.end-u.pos >= 4 {
		if r := utf16.DecodeRune(first, rune(u.unit(u.pos+2))); r != utf8.RuneError {
			return r, 4
		}
	}
	return utf8.RuneError, 2
}

func (u *utf16Reader) unit(i int) uint16 {
	if u.big {
		return uint16(u.in[i])<<8 | uint16(u.in[i+1])
	}
	return uint16(u.in[i+1])<<8 | uint16(u.in[i])
}
