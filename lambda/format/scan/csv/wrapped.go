package csv

import (
	"bytes"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// bom is the mark that a file of UTF-8 may begin with.
const bom = "\xEF\xBB\xBF"

// wrapped is for files of which each row was quoted as if it were a cell: "a,""b"",c".
type wrapped struct {
	inner splitter
	row   []byte
}

// holds reports whether a row is one quoted cell that has several, with nothing but empty ones behind it.
func (w *wrapped) holds(s *splitter, row []byte) bool {
	if len(s.cells) == 0 || !s.cells[0].quoted {
		return false
	}
	for _, behind := range s.cells[1:] {
		if len(bytes.TrimSpace(row[behind.start:behind.end])) > 0 {
			return false
		}
	}
	return bytes.IndexByte(row[s.cells[0].start:s.cells[0].end], s.delimiter) >= 0
}

// take returns the row in a row's only cell, as a row of its own, and finds the cells of that.
func (w *wrapped) take(s *splitter, row []byte) ([]byte, split) {
	w.inner.strict = s.strict
	w.row = append(w.row[:0], s.text(row, s.cells[0])...)
	return w.row, w.inner.row(w.row, true)
}

// unwrap returns the row in the cell of the row at the window's position. Places in it are not known: they are the row's.
func (c *reader) unwrap(row []byte) ([]byte, error) {
	inner, got := c.wrapped.take(&c.s, row)
	switch {
	case got.tooMany:
		return nil, c.w.Over(limit.Cells, fmt.Sprintf("a row has more than %d cells", c.l.Cells))
	case got.msg != "":
		return nil, c.w.Fail(0, got.msg+", inside the quotes of the whole row")
	case got.quote >= 0:
		return nil, c.w.Fail(0, "a quote is not closed inside the quotes of the whole row")
	case got.size != len(inner):
		return nil, c.w.Fail(0, "there are several rows inside the quotes of one")
	}
	return inner, nil
}

// unwrapped returns the texts of a row of a head: those of the row in its cell, where there is one.
func (w *wrapped) unwrapped(s *splitter, row []byte) []string {
	if w.holds(s, row) {
		if inner, got := w.take(s, row); got.size == len(inner) {
			return w.inner.texts(inner)
		}
	}
	return s.texts(row)
}
