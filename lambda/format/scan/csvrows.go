package scan

import (
	"io"
	"slices"
)

// Row is a row of a CSV file as it stands there: a text for each cell, also for those under an empty header.
type Row struct {
	Place  Place
	Header []string // the columns' names, trimmed
	Cells  []string // as many as the header has; what a short row lacks is ""
}

// CSVRows reads the rows behind the header, as CSV does, and gives those whole that begin at a place wanted.
func CSVRows(r io.Reader, l Limits, d Dialect, wanted func(Place) bool, each func(Row) error) error {
	v := &rowVisitor{wanted: wanted, each: each}
	v.c = newCSVReader(r, v, l.orDefaults(), d)
	return v.c.read(d)
}

// rowVisitor looks at a row where the reader has it at hand.
type rowVisitor struct {
	c      *csvReader
	header []string
	wanted func(Place) bool
	each   func(Row) error
}

// Open passes over each row: what there is to be had of it, it has by then.
func (v *rowVisitor) Open(_ []byte, _ Kind, at Place) (Action, error) {
	if !v.wanted(at) {
		return Skip, nil
	}
	if v.header == nil {
		for _, name := range v.c.header {
			v.header = append(v.header, string(name))
		}
	}
	row, cells := v.c.w.rest(), make([]string, len(v.header))
	for i, which := range v.c.s.cells[:min(len(cells), len(v.c.s.cells))] {
		cells[i] = string(v.c.s.text(row, which))
	}
	return Skip, v.each(Row{Place: at, Header: slices.Clone(v.header), Cells: cells})
}

// Text is not called: rows are passed over.
func (v *rowVisitor) Text([]byte) error { return nil }

// Close is not called: rows are passed over.
func (v *rowVisitor) Close() error { return nil }
