// Package output is how the command line shows things: JSON lines or text, progress, and the texts of nodes, receipts and answers. It
// does not know the commands, nor where anything comes from.
package output

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Lines writes JSON lines or text.
type Lines struct {
	JSON bool
	w    *bufio.Writer
	enc  *json.Encoder
}

// NewLines returns lines that go to w.
func NewLines(w io.Writer, asJSON bool) *Lines {
	b := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	return &Lines{asJSON, b, enc}
}

// Write takes text as it is.
func (l *Lines) Write(p []byte) (int, error) { return l.w.Write(p) }

// Object writes a JSON object in a line.
func (l *Lines) Object(v any) error { return l.enc.Encode(v) }

// Print writes the object, or the text where JSON was not asked for.
func (l *Lines) Print(v any, text string) error {
	if l.JSON {
		return l.Object(v)
	}
	_, err := fmt.Fprintln(l.w, text)
	return err
}

// Summary writes the last line of a document or command, which stands in JSON alone.
func (l *Lines) Summary(v any) error {
	if !l.JSON {
		return nil
	}
	return l.Object(map[string]any{"summary": v})
}

// Flush writes what is still held.
func (l *Lines) Flush() error { return l.w.Flush() }
