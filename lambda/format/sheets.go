package format

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/workbook"
)

// sheets reads a workbook as an object of sheets, each a list of rows. A sheet that nobody reads is passed over.
type sheets struct {
	reader  *reader
	book    *workbook.Book
	dialect scan.Dialect
	most    int // rows
	name    int // bytes of a column's name

	header [][]byte // by column
	rows   int      // of the sheet that are not blank
	base   int64
	ended  func() error // tells when the reading is to end
}

func (r *Reading) workbook(b *reader) (err error) {
	book, err := workbook.Open(r.in.Archive, workbook.Options{
		Limits: r.in.Limits, Budget: b.held.budget, TempDir: r.in.TempDir, Read: func(n int) { r.source.bytes += int64(n) },
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	s := &sheets{
		reader: b, book: book, dialect: r.in.Dialect, ended: r.source.ctx.Err,
		most: cmp.Or(r.in.Limits.Records, maxSheetRows), name: cmp.Or(r.in.Limits.Name, maxColumnName),
	}
	first := book.First()
	for i := range book.Sheets {
		if err := s.sheet(i, i == first); err != nil {
			return err
		}
	}
	return nil
}

// maxSheetRows is how many rows a program for sheets allows.
const maxSheetRows = 1 << 20

// maxColumnName is how many bytes of a name may stand in a header.
const maxColumnName = 4 << 10

func (s *sheets) sheet(i int, first bool) error {
	s.base = int64(i) << memberOffsets
	action, err := s.reader.openSheet([]byte(s.book.Sheets[i].Name), first, scan.Place{Offset: s.base})
	if err != nil || action == scan.Skip {
		return err
	}
	s.header, s.rows = nil, 0
	if err := s.book.Rows(i, func(row *workbook.Row) error { return s.row(s.book.Sheets[i].Name, row) }); err != nil {
		return err
	}
	return s.reader.Close()
}

// row takes a row for what it is: something before the header, the header, or a record.
func (s *sheets) row(sheet string, row *workbook.Row) error {
	headerAt := 0
	if sheet == s.dialect.Sheet {
		headerAt = s.dialect.HeaderRow
	}
	n := s.rows
	s.rows++
	at := scan.Place{Line: row.Number, Offset: s.base + int64(row.Number)}
	switch {
	case n < headerAt:
		return nil
	case n == headerAt:
		return s.takeHeader(row)
	case n-headerAt > s.most:
		return &scan.SyntaxError{Place: at, Msg: fmt.Sprintf("more than %d rows", s.most), Err: scan.ErrLimit}
	}
	if err := s.ended(); err != nil {
		return fmt.Errorf("format: %w", err)
	}
	action, err := s.reader.Open(nil, scan.Object, at)
	if err != nil || action == scan.Skip {
		return err
	}
	for _, cell := range row.Cells {
		if err := s.cell(row, cell, at); err != nil {
			return err
		}
	}
	return s.reader.Close()
}

func (s *sheets) takeHeader(row *workbook.Row) error {
	s.header = nil
	for _, cell := range row.Cells {
		name, err := row.Text(cell)
		if err != nil {
			return err
		}
		if len(name) > s.name {
			return &scan.SyntaxError{
				Place: scan.Place{Line: row.Number, Column: cell.Column}, Err: scan.ErrLimit,
				Msg: fmt.Sprintf("a column's name is longer than %d bytes", s.name),
			}
		}
		for len(s.header) <= cell.Column {
			s.header = append(s.header, nil)
		}
		s.header[cell.Column] = slices.Clone(name)
	}
	return nil
}

// cell gives a cell under its column's name; one without a name is left out.
func (s *sheets) cell(row *workbook.Row, cell workbook.Cell, at scan.Place) error {
	if cell.Column >= len(s.header) || len(s.header[cell.Column]) == 0 {
		return nil
	}
	name := s.header[cell.Column]
	at.Column = cell.Column
	action, err := s.reader.Open(name, scan.Text, at)
	if err != nil || action == scan.Skip {
		return err
	}
	text, err := row.Text(cell)
	if err == nil {
		err = s.reader.Text(text)
	}
	if err != nil {
		return err
	}
	return s.reader.Close()
}

// openSheet begins a sheet. The first one has the document's rows, besides being a field like the others.
func (r *reader) openSheet(name []byte, first bool, at scan.Place) (scan.Action, error) {
	if !first || !r.g.nfa.readsRows() {
		return r.Open(name, scan.List, at)
	}
	r.place = at
	up := &r.frames[len(r.frames)-1]
	field := r.names.find(name)
	kernel := []int32{r.g.nfa.rows}
	if named := r.dfa.step(up.state, field); named != nil {
		kernel = append(kernel, named.kernel...)
	} else {
		field = nil // its rows have no name, like those of other lists
	}
	state := r.dfa.state(kernel)
	if state == nil {
		return scan.Skip, nil
	}
	if err := r.enter(state, field, scan.List, 0); err != nil {
		return scan.Skip, err
	}
	r.sheetNamed = field != nil
	r.sheet = r.frames[len(r.frames)-1].node
	r.scope.rows = r.sheet
	return scan.Enter, nil
}

// readsRows tells whether any path begins at the document's rows.
func (a *nfa) readsRows() bool {
	rows := &a.states[a.rows]
	return len(rows.eps)+len(rows.edges)+len(rows.accepts) > 0
}
