package output

import (
	"fmt"
	"io"
	"os"
	"time"
)

// Progress draws on a terminal how much was read, at most ten times a second. Nil is one that draws nothing.
type Progress struct {
	w     io.Writer
	name  string
	total int64
	last  time.Time
	drawn bool
}

// NewProgress returns the progress of reading so many bytes; 0: not known. It is nil where w is no terminal.
func NewProgress(w io.Writer, name string, total int64) *Progress {
	f, ok := w.(*os.File)
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return &Progress{w: w, name: name, total: total}
}

// Step draws how many bytes were read so far.
func (p *Progress) Step(done int64) {
	if p == nil || time.Since(p.last) < 100*time.Millisecond {
		return
	}
	p.last, p.drawn = time.Now(), true
	if p.total > 0 {
		const width = 30
		full := min(int(done*width/p.total), width)
		fmt.Fprintf(p.w, "\r\x1b[K%s [%-*s] %d MB", p.name, width, "=============================="[:full], done>>20)
		return
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s %d MB", p.name, done>>20)
}

// End removes what was drawn.
func (p *Progress) End() {
	if p != nil && p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
