// Package layout knows how numbers, texts, times and scopes stand in what the ledger stores: numbers as unsigned varints, texts as a length and bytes. It
// does not know what they mean.
package layout

import (
	"encoding/binary"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// Writer lays out a payload.
type Writer struct{ Buf []byte }

// Clauses lays out what a scope covers.
func (w *Writer) Clauses(s *inventory.Scope) {
	w.Number(len(s.Clauses))
	for _, c := range s.Clauses {
		w.Number(len(c))
		for _, b := range c {
			w.Text(b.Attribute)
			w.Number(len(b.Values))
			w.Entry(b.Values)
		}
	}
}

// Entry lays out the values of an entry, how many are known.
func (w *Writer) Entry(values inventory.Entry) {
	for _, v := range values {
		w.Text(v)
	}
}

// Number lays out a number; a negative one is 0.
func (w *Writer) Number(n int) { w.Buf = binary.AppendUvarint(w.Buf, uint64(max(n, 0))) }

// Flag lays out whether something is set.
func (w *Writer) Flag(set bool) {
	n := 0
	if set {
		n = 1
	}
	w.Number(n)
}

// Text lays out a text.
func (w *Writer) Text(s string) {
	w.Number(len(s))
	w.Buf = append(w.Buf, s...)
}

// Time lays out a time as signed seconds and nanoseconds since 1970; the zero time as a flag.
func (w *Writer) Time(t time.Time) {
	w.Flag(!t.IsZero())
	if t.IsZero() {
		return
	}
	w.Buf = binary.AppendVarint(w.Buf, t.Unix())
	w.Number(t.Nanosecond())
}
