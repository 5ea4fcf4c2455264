package workbook

import (
	"errors"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// Visitor receives a workbook as an object of sheets, each a list of rows.
type Visitor interface {
	scan.Visitor
	// OpenRows begins the first sheet that is shown, whose rows are the document's, too.
	OpenRows(name []byte, at scan.Place) (scan.Action, error)
}

// sheets makes marks of a workbook. A sheet that nobody reads is passed over.
type sheets struct {
	visitor Visitor
	cells   scan.RowVisitor // is visitor
	book    *Book
	dialect scan.Dialect
	most    int // rows
	name    int // bytes of a column's name

	tables scan.TableVisitor // visitor, where it wants to know of rows that are no records; nil: it does not
	table  *scan.Table       // its columns are counted from 0
	twice  bool              // the names that several columns have are not told yet
	texts  [][]byte          // of the row that is judged
	title  string            // the first text of the first row, where that is not the header
	rows   int               // of the sheet that are not blank
	last   int               // number of the row before
	base   scan.Place
}

// Read reads a workbook. Rows before a sheet's header are passed over; cells are fields by the names in the header, and those under an
// empty one are left out.
func Read(p scan.Archive, v Visitor, d scan.Dialect, o Options) (err error) {
	book, err := Open(p, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	s := &sheets{
		visitor: v, cells: scan.RowsOf(v), book: book, dialect: d,
		most: book.o.Limits.Records, name: book.o.Limits.Name,
	}
	s.tables, _ = v.(scan.TableVisitor)
	first := book.First()
	for i := range book.Sheets {
		if err := s.sheet(i, i == first); err != nil {
			return err
		}
	}
	return nil
}

func (s *sheets) sheet(i int, first bool) error {
	s.base = scan.MemberPlace(i)
	action, err := s.open([]byte(s.book.Sheets[i].Name), first)
	if err != nil || action == scan.Skip {
		return err
	}
	s.table, s.title, s.rows = nil, "", 0
	if err := s.book.Rows(i, func(row *Row) error { return s.row(s.book.Sheets[i].Name, row) }); err != nil {
		return err
	}
	return s.visitor.Close()
}

func (s *sheets) open(name []byte, first bool) (scan.Action, error) {
	if first {
		return s.visitor.OpenRows(name, s.base)
	}
	return s.visitor.Open(name, scan.List, s.base)
}

// row takes a row for what it is: something before the header, the header, or a record.
func (s *sheets) row(sheet string, row *Row) error {
	headerAt := 0
	if sheet == s.dialect.Sheet {
		headerAt = s.dialect.HeaderRow
	}
	n := s.rows
	s.rows++
	at := scan.Place{Line: row.Number, Offset: s.base.Offset + int64(row.Number)}
	switch {
	case n == 0 && headerAt > 0:
		title, err := row.Text(row.Cells[0])
		s.title = string(title)
		return err
	case n < headerAt:
		return nil
	case n == headerAt:
		return s.takeHeader(row)
	case n-headerAt > s.most:
		return &scan.SyntaxError{Place: at, Msg: fmt.Sprintf("more than %d rows", s.most), Err: scan.ErrLimit, Limit: limit.Records}
	}
	kind, why, err := s.judge(row)
	switch {
	case err != nil:
		return err
	case kind == scan.Header:
		return s.takeHeader(row)
	case kind == scan.Aside:
		return s.aside(why, at)
	}
	action, err := s.visitor.Open(nil, scan.Object, at)
	if err != nil || action == scan.Skip {
		return err
	}
	if s.twice && s.tables != nil {
		s.twice = false
		s.table.TellTwice(s.tables)
	}
	columns := s.cells.Columns(s.table.Fields())
	for _, cell := range row.Cells {
		if cell.Column > len(columns) || !columns[cell.Column-1] {
			continue
		}
		text, err := row.Text(cell)
		if err != nil {
			return err
		}
		at.Column = cell.Column
		if err := s.cells.Cell(cell.Column-1, text, at); err != nil {
			return err
		}
	}
	return s.visitor.Close()
}

func (s *sheets) takeHeader(row *Row) error {
	var names [][]byte
	for _, cell := range row.Cells {
		name, err := row.Text(cell)
		if err != nil {
			return err
		}
		if len(name) > s.name {
			return &scan.SyntaxError{
				Place: scan.Place{Line: row.Number, Column: cell.Column}, Err: scan.ErrLimit, Limit: limit.Field,
				Msg: fmt.Sprintf("a column's name is longer than %d bytes", s.name),
			}
		}
		for len(names) < cell.Column {
			names = append(names, nil)
		}
		names[cell.Column-1] = slices.Clone(name)
	}
	s.table, s.last = scan.NewTable(names, s.title), row.Number
	s.twice = s.table.IsTwice()
	return nil
}
