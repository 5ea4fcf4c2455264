package document

import (
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// utf8Reader passes UTF-8 on. A document in which the first bytes beyond ASCII are not UTF-8 is Windows-1252 from there
// on; in one that has shown itself to be UTF-8, only the broken bytes are read so.
type utf8Reader struct {
	r        io.Reader
	in       []byte
	pos, end int
	out      []byte // decoded and not yet given out
	outPos   int
	multi    bool // a character beyond ASCII was valid UTF-8
	legacy   bool // the rest is Windows-1252
	err      error
}

func newUTF8(r io.Reader) *utf8Reader {
	return &utf8Reader{r: r, in: make([]byte, bufferSize), out: make([]byte, 0, utf8.UTFMax)}
}

func (u *utf8Reader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		switch {
		case u.outPos < len(u.out):
			got := copy(p[n:], u.out[u.outPos:])
			u.outPos += got
			n += got
		case u.starved():
			if n > 0 {
				return n, nil
			}
			if err := u.fill(); err != nil {
				return 0, err
			}
		default:
			if got := u.pass(p[n:]); got > 0 {
				n += got
			} else if !u.starved() {
				u.one()
			}
		}
	}
	return n, nil
}

// starved tells whether more bytes are needed, and may come, to go on.
func (u *utf8Reader) starved() bool {
	return u.pos == u.end || u.err == nil && !u.legacy && !utf8.FullRune(u.in[u.pos:u.end])
}

// fill takes more bytes behind those that are left, which are fewer than a character.
func (u *utf8Reader) fill() error {
	u.end = copy(u.in, u.in[u.pos:u.end])
	u.pos = 0
	if u.err != nil {
		return u.err
	}
	n, err := u.r.Read(u.in[u.end:])
	u.end += n
	u.err = err
	if u.end > 0 {
		return nil
	}
	return err
}

// pass copies what can stay as it is.
func (u *utf8Reader) pass(p []byte) int {
	block := u.in[u.pos:min(u.end, u.pos+len(p))]
	n := asciiRun(block)
	if n < len(block) && !u.legacy {
		valid := n + validRun(block[n:])
		u.multi = u.multi || valid > n
		n = valid
	}
	copy(p, block[:n])
	u.pos += n
	return n
}

func asciiRun(b []byte) int {
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return i
		}
	}
	return len(b)
}

func validRun(b []byte) int {
	if utf8.Valid(b) {
		return len(b)
	}
	n := 0
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size <= 1 {
			return n
		}
		n += size
	}
	return n
}

// one decodes the character at pos, which cannot be passed: it is not UTF-8, or there is too little room for it.
func (u *utf8Reader) one() {
	u.out, u.outPos = u.out[:0], 0
	if r, size := utf8.DecodeRune(u.in[u.pos:u.end]); !u.legacy && (r != utf8.RuneError || size > 1) {
		u.out = append(u.out, u.in[u.pos:u.pos+size]...)
		u.pos += size
		u.multi = true
		return
	}
	u.legacy = u.legacy || !u.multi
	u.out = utf8.AppendRune(u.out, charmap.Windows1252.DecodeByte(u.in[u.pos]))
	u.pos++
}
