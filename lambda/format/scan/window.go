package scan

import (
	"bytes"
	"errors"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// WindowSize is how many bytes of a document are in memory as a rule; a long token may need more.
const WindowSize = 64 << 10

// ErrFull is returned where a token is longer than the window may grow.
var ErrFull = errors.New("window is full")

// Window is the part of the input that is in memory. What lies between pos and end is not consumed yet.
type Window struct {
	r        io.Reader
	buf      []byte
	pos, end int
	most     int   // bytes that the window may grow to
	base     int64 // offset in the input of buf[0]
	err      error // what ended the reading

	Record int // number of the record that is being read, for errors; 0: none

	counted   int   // newlines before this index are in line
	line      int   // newlines counted
	lineStart int64 // offset in the input at which the line begins
}

// NewWindow returns the window at the beginning of the input, which may grow to as many bytes.
func NewWindow(r io.Reader, most int) *Window {
	return &Window{r: r, buf: make([]byte, BufferSize(r)), most: max(most, WindowSize)}
}

// BufferSize is how large a buffer for the input is at first. Of bytes at hand, such as a cell that is read as JSON, there may be few,
// and many such readings.
func BufferSize(r io.Reader) int {
	if few, ok := r.(interface{ Len() int }); ok {
		return max(64, min(few.Len()+1, WindowSize))
	}
	return WindowSize
}

// Rest returns the bytes that are at hand. They are valid until the next call of More.
func (w *Window) Rest() []byte { return w.buf[w.pos:w.end] }

// Pass consumes bytes that are at hand.
func (w *Window) Pass(n int) { w.pos += n }

// Offset is that of the first byte that is not consumed.
func (w *Window) Offset() int64 { return w.base + int64(w.pos) }

// Most is how many bytes the window may grow to.
func (w *Window) Most() int { return w.most }

// More brings further bytes behind those not consumed. It returns io.EOF at the end of the input and ErrFull where the
// window cannot grow. It reads until the window is full, so that what it yields does not depend on the reader's pieces.
func (w *Window) More() error {
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
		idle++
		if n > 0 {
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

func (w *Window) makeRoom() error {
	w.count()
	if w.pos == 0 && w.end == len(w.buf) {
		if len(w.buf) >= w.most {
			return ErrFull
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

// Need makes sure that n bytes are at hand. It returns io.EOF where the input has fewer left.
func (w *Window) Need(n int) error {
	for w.end-w.pos < n {
		if err := w.More(); err != nil {
			return err
		}
	}
	return nil
}

// SkipBOM passes over UTF-8's byte order mark at the beginning of the input.
func (w *Window) SkipBOM() {
	if w.Need(3) == nil && bytes.HasPrefix(w.Rest(), []byte("\xEF\xBB\xBF")) {
		w.pos += 3
	}
}

// count brings the number of lines up to pos.
func (w *Window) count() {
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

// At is the place of the first byte that is not consumed.
func (w *Window) At() Place {
	w.count()
	offset := w.base + int64(w.pos)
	return Place{Line: w.line + 1, Column: int(offset-w.lineStart) + 1, Offset: offset}
}

// After is the place of the byte n behind that one, which must be at hand.
func (w *Window) After(n int) Place {
	pos, counted, line, start := w.pos, w.counted, w.line, w.lineStart
	w.pos += n
	at := w.At()
	w.pos, w.counted, w.line, w.lineStart = pos, counted, line, start
	return at
}

// Fail returns what is wrong n bytes behind what is consumed.
func (w *Window) Fail(n int, msg string) error {
	return &SyntaxError{Place: w.After(n), Record: w.Record, Msg: msg}
}

// Over returns that the document is over a limit.
func (w *Window) Over(l limit.Name, msg string) error {
	return &SyntaxError{Place: w.At(), Record: w.Record, Msg: msg, Err: ErrLimit, Limit: l}
}

// Cut returns that the document ends too early.
func (w *Window) Cut(n int, msg string) error {
	return &SyntaxError{Place: w.After(n), Record: w.Record, Msg: msg, Err: ErrCut}
}

// CheckText refuses bytes at hand that no text has.
func (w *Window) CheckText(b []byte) error {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return w.Fail(i, "a NUL byte: not a text file?")
	}
	return nil
}

// AtEnd reports whether a reader has come to its end: the end is the bare io.EOF; an error that wraps it is a failure.
func AtEnd(err error) bool {
	return err == io.EOF //nolint:errorlint // see above
}
