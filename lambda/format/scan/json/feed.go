package json

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// feed hands bytes to the JSON decoder and remembers the last of them, so that an error can be given its line and
// column without counting while all is well.
type feed struct {
	r         io.Reader
	dec       *jsontext.Decoder
	most      int    // bytes that the decoder may hold back waiting for the end of a token
	bom       int64  // bytes of the byte order mark
	cur, last []byte // the piece being handed out, and the one before
	pos       int    // what of cur is handed out
	start     int64  // offset of last
	lines     int    // newlines before last
	newline   int64  // offset behind the newest newline before last
	err       error
}

func newFeed(r io.Reader, most int) *feed {
	size := scan.BufferSize(r)
	return &feed{r: r, most: most + scan.WindowSize, cur: make([]byte, 0, size), last: make([]byte, 0, size)}
}

func (f *feed) Read(p []byte) (int, error) {
	if f.pos == len(f.cur) {
		if err := f.fill(); err != nil {
			return 0, err
		}
	}
	if f.dec != nil && f.offset()-f.dec.InputOffset() > int64(f.most) {
		f.err = &scan.SyntaxError{
			Place: f.place(f.dec.InputOffset()),
			Msg:   fmt.Sprintf("a text is longer than %d bytes", f.most-scan.WindowSize), Err: scan.ErrLimit,
		}
		return 0, f.err
	}
	n := copy(p, f.cur[f.pos:])
	f.pos += n
	return n, nil
}

// fill takes the next piece. The one before the last is forgotten, but for its newlines.
func (f *feed) fill() error {
	if f.err != nil {
		return f.err
	}
	if n := bytes.Count(f.last, []byte{'\n'}); n > 0 {
		f.lines += n
		f.newline = f.start + int64(bytes.LastIndexByte(f.last, '\n')) + 1
	}
	f.start += int64(len(f.last))
	f.last, f.cur, f.pos = f.cur, f.last[:0], 0
	n := 0
	for idle := 0; n < cap(f.cur) && f.err == nil; { // full, so that the place of an error does not depend on the reader's pieces
		var read int
		read, f.err = f.r.Read(f.cur[n:cap(f.cur)])
		n += read
		if idle++; read > 0 {
			idle = 0
		} else if idle > 100 {
			f.err = io.ErrNoProgress
		}
	}
	f.cur = f.cur[:n]
	if n > 0 {
		return nil
	}
	return f.err
}

// offset counts the bytes handed out.
func (f *feed) offset() int64 { return f.start + int64(len(f.last)+f.pos) }

// place returns line and column of an offset in the decoder's bytes, as far as they are still known.
func (f *feed) place(offset int64) scan.Place {
	at := scan.Place{Offset: offset + f.bom}
	if offset < f.start {
		if f.newline <= offset {
			at.Line, at.Column = f.lines+1, int(offset-f.newline)+1
		}
		return at
	}
	known := append(bytes.Clone(f.last), f.cur...)
	known = known[:min(int(offset-f.start), len(known))]
	at.Line = 1 + f.lines + bytes.Count(known, []byte{'\n'})
	newline := f.newline
	if i := bytes.LastIndexByte(known, '\n'); i >= 0 {
		newline = f.start + int64(i) + 1
	}
	at.Column = int(offset-newline) + 1
	return at
}

// skipBOM passes over UTF-8's byte order mark. The decoder counts its bytes from there.
func (f *feed) skipBOM() {
	r := bufio.NewReaderSize(f.r, 16)
	if head, _ := r.Peek(3); string(head) == "\xEF\xBB\xBF" { // an error comes again with the next bytes
		f.bom = 3
		_, _ = r.Discard(3)
	}
	f.r = r
}
