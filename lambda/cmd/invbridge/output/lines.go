// Package output is how the command line shows things: JSON lines or text, progress, and the texts of nodes, receipts and answers. It
// does not know the commands, nor where anything comes from.
package output

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Lines writes JSON lines or text. An error of writing is kept: nothing is written after it, and Flush returns it.
type Lines struct {
	JSON bool
	w    *bufio.Writer
	enc  *json.Encoder
	err  error
}

// NewLines returns lines that go to w.
func NewLines(w io.Writer, asJSON bool) *Lines {
	b := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	return &Lines{JSON: asJSON, w: b, enc: enc}
}

// Write takes text as it is.
func (l *Lines) Write(p []byte) (int, error) { return l.w.Write(p) }

// Object writes a JSON object in a line, where JSON was asked for.
func (l *Lines) Object(v any) {
	if l.JSON {
		l.Value(v)
	}
}

// Text writes text, where JSON was not asked for.
func (l *Lines) Text(format string, args ...any) {
	if !l.JSON {
		fmt.Fprintf(l.w, format, args...)
	}
}

// Value writes a value as JSON in a line.
func (l *Lines) Value(v any) {
	if l.err == nil {
		l.err = l.enc.Encode(v)
	}
}

// Page writes a text as it is or, as JSON, in one object.
func (l *Lines) Page(text string) {
	l.Object(map[string]string{"text": text})
	l.Text("%s", text)
}

// Print writes the object, or the text where JSON was not asked for.
func (l *Lines) Print(v any, text string) {
	l.Object(v)
	l.Text("%s\n", text)
}

// Summary writes the last line of a document or command, which stands in JSON alone.
func (l *Lines) Summary(v any) {
	l.Object(map[string]any{"summary": v})
}

// Err is the error of writing so far.
func (l *Lines) Err() error { return l.err }

// Flush writes what is still held.
func (l *Lines) Flush() error { return errors.Join(l.err, l.w.Flush()) }
