package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// lines writes JSON lines.
type lines struct {
	w   *bufio.Writer
	enc *json.Encoder
}

func newLines(w io.Writer) *lines {
	b := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	return &lines{b, enc}
}

func (l *lines) write(v any) error { return l.enc.Encode(v) }

func (l *lines) flush() error { return l.w.Flush() }

// progress draws how much was read on a terminal, at most ten times a second; in a pipe it is silent.
type progress struct {
	w     io.Writer
	name  string
	total int64
	last  time.Time
	drawn bool
}

func (s *session) progress(name string, total int64) *progress {
	if !s.interactive() {
		return nil
	}
	return &progress{w: s.err, name: name, total: total}
}

func (p *progress) step(done int64) {
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

func (p *progress) end() {
	if p != nil && p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
