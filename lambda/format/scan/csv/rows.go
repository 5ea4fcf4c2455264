package csv

import (
	"io"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// Row is a row of a CSV file as it stands there: a text for each cell, also for those under an empty header.
type Row struct {
	Place  scan.Place
	Header []string // the columns' names, trimmed
	Cells  []string // as many as the header has; what a short row lacks is ""
}

// Rows reads the rows behind the header, as Read does, and calls each with those that begin at a place wanted.
func Rows(r io.Reader, l scan.Limits, d scan.Dialect, wanted func(scan.Place) bool, each func(Row) error) error {
	v := &rowVisitor{wanted: wanted, each: each}
	v.c = newReader(r, v, l.OrDefaults(), d)
	return v.c.read(d)
}

// rowVisitor looks at a row where the reader has it at hand.
type rowVisitor struct {
	scan.Passing
	c      *reader
	header []string
	table  *scan.Table // whose columns they are …
	order  []int       // … and by column of the header which of them it is; -1: none
	wanted func(scan.Place) bool
	each   func(Row) error
}

// Open passes over each row: what there is to be had of it, it has by then.
func (v *rowVisitor) Open(_ []byte, _ scan.Kind, at scan.Place) (scan.Action, error) {
	if !v.wanted(at) {
		return scan.Skip, nil
	}
	if v.header == nil {
		for _, name := range v.c.table.Names() {
			v.header = append(v.header, string(name))
		}
	}
	if v.table != v.c.table {
		v.table, v.order = v.c.table, columnsOf(v.header, v.c.table.Names())
	}
	cells := make([]string, len(v.header))
	for i, column := range v.order {
		if column >= 0 && column < len(v.c.s.cells) {
			cells[i] = string(v.c.s.text(v.c.at, v.c.s.cells[column]))
		}
	}
	return scan.Skip, v.each(Row{Place: at, Header: slices.Clone(v.header), Cells: cells})
}

// columnsOf returns where the columns of a file's first header stand in a later one, of which they may be the same in another order.
func columnsOf(first []string, names [][]byte) []int {
	at := make(map[string][]int, len(names))
	for column, name := range names {
		at[string(name)] = append(at[string(name)], column)
	}
	order := make([]int, len(first))
	for i, name := range first {
		order[i] = -1
		if columns := at[name]; len(columns) > 0 {
			order[i], at[name] = columns[0], columns[1:]
		}
	}
	return order
}
