package scan

import (
	"bytes"
	"errors"
	"io"
)

const windowSize = 64 << 10

// errFull says that a token is longer than the window may grow.
var errFull = errors.New("window is full")

// window is the part of the input that is in memory. What lies between pos and end is not consumed yet.
type window struct {
	r        io.Reader
	buf      []byte
	pos, end int
	most     int   // bytes that the window may grow to
	base     int64 // offset in the input of buf[0]
	err      error // what ended the reading

	counted   int   // newlines before this index are in line
	line      int   // newlines counted
	lineStart int64 // offset in the input at which the line begins
}

func newWindow(r io.Reader, most int) *window {
	return &window{r: r, buf: make([]byte, firstSize(r)), most: max(most, windowSize)}
}

// firstSize gives how large a buffer is to be. Of bytes at hand, such as a cell that is read as JSON, there may be few,
// and many such readings.
func firstSize(r io.Reader) int {
	if few, ok := r.(interface{ Len() int }); ok {
		return max(64, min(few.Len()+1, windowSize))
	}
	return windowSize
}

// rest gives the bytes that are at hand. They are valid until the next call of more.
func (w *window) rest() []byte { return w.buf[w.pos:w.end] }

// more brings further bytes behind those not consumed. It gives io.EOF at the end of the input and errFull where the
// window cannot grow. It reads until the window is full, so that what it yields does not depend on the reader's pieces.
func (w *window) more() error {
	if w.err != nil {
		return w.err
	}
	if err := w.makeRoom(); err != nil {
		return err
	}
	before := w.end
	for idle := 0; w.end < len(w.buf) && w.err == nil; {
		n, err := w.r.Read(w.buf[w.end:])
		w.end += n
		w.err = err
		if idle++; n > 0 {
			idle = 0
		} else if idle > 100 {
			w.err = io.ErrNoProgress
		}
	}
	if w.end == before {
		return w.err
	}
	return nil
}

func (w *window) makeRoom() error {
	w.count()
	if w.pos == 0 && w.end == len(w.buf) {
		if len(w.buf) >= w.most {
			return errFull
		}
		grown := make([]byte, min(2*len(w.buf), w.most))
		copy(grown, w.buf)
		w.buf = grown
		return nil
	}
	copy(w.buf, w.buf[w.pos:w.end])
	w.base += int64(w.pos)
	w.end -= w.pos
	w.pos, w.counted = 0, 0
	return nil
}

// need makes sure that n bytes are at hand. It gives io.EOF where the input has fewer left.
func (w *window) need(n int) error {
	for w.end-w.pos < n {
		if err := w.more(); err != nil {
			return err
		}
	}
	return nil
}

// skipBOM passes over UTF-8's byte order mark at the beginning of the input.
func (w *window) skipBOM() {
	if w.need(3) == nil && bytes.HasPrefix(w.rest(), []byte("\xEF\xBB\xBF")) {
		w.pos += 3
	}
}

// count brings the number of lines up to pos.
func (w *window) count() {
	if w.pos <= w.counted {
		return
	}
	passed := w.buf[w.counted:w.pos]
	if n := bytes.Count(passed, []byte{'\n'}); n > 0 {
		w.line += n
		w.lineStart = w.base + int64(w.counted+bytes.LastIndexByte(passed, '\n')+1)
	}
	w.counted = w.pos
}

// at gives the place of the byte at pos.
func (w *window) at() Place {
	w.count()
	offset := w.base + int64(w.pos)
	return Place{Line: w.line + 1, Column: int(offset-w.lineStart) + 1, Offset: offset}
}

// after gives the place of the byte n after pos, which must be at hand.
func (w *window) after(n int) Place {
	pos, counted, line, start := w.pos, w.counted, w.line, w.lineStart
	w.pos += n
	at := w.at()
	w.pos, w.counted, w.line, w.lineStart = pos, counted, line, start
	return at
}

// atEnd tells whether a reader has come to its end: it says so with the bare error, and one that wraps it is a failure.
func atEnd(err error) bool {
	return err == io.EOF //nolint:errorlint // see above
}
