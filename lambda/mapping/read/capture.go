package read

import (
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
)

// capture finds the record's capture time.
func (r *reader) capture(b *mapping.Block) {
	if b.Captured == nil {
		return
	}
	scope := &r.maker.scope
	document := scope.Doc
	late := r.program.late[r.found.Block] && !r.found.DocComplete
	if late {
		scope.Doc = nil
	}
	r.record.Captured = r.latest(b.Captured, r.found.Value)
	scope.Doc = document
	if late && r.record.Captured.IsZero() {
		r.record.Late = true
		r.late[r.found.Block] = true
	}
}

// latest reads a value as times and returns the latest; of a list of alternatives, of the first that has any.
func (r *reader) latest(v *mapping.Value, from *tree.Value) time.Time {
	if !v.IsChoice() {
		return r.latestOf(v, from)
	}
	for _, inner := range v.First {
		if at := r.latestOf(inner, from); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

func (r *reader) latestOf(v *mapping.Value, from *tree.Value) time.Time {
	var latest time.Time
	ev := r.word("capturedAt")
	d := &r.Conventions.Dates
	if v.Dates != nil { // its own verb has made them canonical
		d = &date.Reader{Zone: time.UTC}
	}
	r.maker.texts = ev.texts(v, from, r.maker.texts[:0])
	for _, text := range r.maker.texts {
		if r.lastDate.text != text || r.lastDate.canonical != (v.Dates != nil) {
			r.lastDate.read(d, r.maker.order, text)
			r.lastDate.canonical = v.Dates != nil
		}
		at, ok := r.lastDate.at, r.lastDate.ok
		if !ok {
			ev.note(notADate(d, text))
		} else if at.After(latest) {
			latest = at.UTC()
		}
	}
	return latest
}

// lateCapture finds the capture time at the end of the document.
func (r *reader) lateCapture(scope path.Scope) {
	scope.File = r.facts
	r.maker.scope = scope
	r.maker.at = Note{}
	for i, b := range r.Blocks {
		if !r.late[i] {
			continue
		}
		if at := r.latest(b.Captured, &tree.Value{}); at.After(r.reading.late) {
			r.reading.late = at
		}
	}
}

// readDate is a capture time as it was read: the records of one machine often have the same.
type readDate struct {
	text      string
	canonical bool // a verb has made it so
	at        time.Time
	ok        bool
}

func (l *readDate) read(d *date.Reader, order date.Order, text string) {
	l.text = strings.Clone(text)
	l.at, l.ok = d.ReadIn(order, text)
}
