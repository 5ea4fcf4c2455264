package output

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Progress draws on a terminal how far a document is: how much of it was read, then how much of that was put. Nil draws nothing.
type Progress struct {
	w    io.Writer
	name string
	bar  *progressbar.ProgressBar
	over bool // the bar of the parts stands in place of that of the bytes

	nodes int // done so far
}

// NewProgress returns the progress of reading so many bytes; 0: not known. It is nil where w is no terminal.
func NewProgress(w io.Writer, name string, total int64) *Progress {
	if !OnTerminal(w) {
		return nil
	}
	return newProgress(w, name, total)
}

// OnTerminal reports whether w is a terminal.
func OnTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func newProgress(w io.Writer, name string, total int64) *Progress {
	if total == 0 {
		total = -1
	}
	return &Progress{w: w, name: name, bar: newBar(w, Printable(name), total, progressbar.OptionShowBytes(true))}
}

func newBar(w io.Writer, what string, total int64, more progressbar.Option) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total, more, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(true), progressbar.OptionUseANSICodes(true), progressbar.OptionShowCount())
}

// Step draws how many bytes were read so far.
func (p *Progress) Step(done int64) {
	if p != nil && !p.over {
		_ = p.bar.Set64(done) // a terminal that is gone is noticed by what must be written
	}
}

// Parts draws how many parts of the document are delivered.
func (p *Progress) Parts(done, all int) {
	if p == nil {
		return
	}
	if !p.over {
		p.End()
		p.bar, p.over = newBar(p.w, Printable(p.name), int64(all), progressbar.OptionSetItsString("parts")), true
	}
	_ = p.bar.Set(done) // as in Step
}

// Node draws that one more node is done, and how many calls that took so far.
func (p *Progress) Node(calls, throttled int) {
	if p == nil || !p.over {
		return
	}
	p.nodes++
	text := fmt.Sprintf("%s: %s, %s", Printable(p.name), Plural(p.nodes, "node"), Plural(calls, "call"))
	if throttled > 0 {
		text += fmt.Sprintf(", %d throttled", throttled)
	}
	p.bar.Describe(text)
	_ = p.bar.RenderBlank() // as in Step
}

// End removes what was drawn. It comes again with the next step.
func (p *Progress) End() {
	if p != nil {
		_ = p.bar.Clear() // as in Step
	}
}
