// Package csv knows how rows of cells are written (RFC 4180), and makes marks of them: each row is an object of the header's names. It does
// not know which row is the header, nor what the columns mean.
package csv

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// ErrBackslash is what a SyntaxError wraps where a quote inside quotes is written with a backslash before it.
var ErrBackslash = errors.New("a backslash before a quote")

// reader reads rows and makes marks of them under the names of the header.
type reader struct {
	w       *scan.Window
	v       scan.Visitor
	cells   scan.RowVisitor   // is v
	tables  scan.TableVisitor // v, where it wants to know of rows that are no records; nil: it does not
	l       scan.Limits
	s       splitter
	wrapped *wrapped // each row is a cell; nil: none is
	table   *scan.Table
	header  [][]byte // by column, under which name it is read
	twice   bool     // the names that several columns have are not told yet
	texts   texts    // of the row that is judged
	at      []byte   // the row that is visited
	title   string   // the first text of the first row, where that is not the header
	rows    int      // rows met that are not blank, also those before the header
	done    bool     // the window has the last bytes of the input
}

// Begins reports whether a text may be CSV, which any may be: only its header shows it.
func Begins([]byte) bool { return true }

// Read reads rows of cells; bare quotes inside an unquoted cell are taken as they are. Rows before the header
// are passed over; each row after it is Open(nil, Object), and each of its cells Open(header, Text), Text, Close. Blank
// rows are left out, as are cells under an empty header. A row may be shorter than the header, and longer where what is
// beyond it is empty. A row that names columns again is the header of those behind it.
func Read(r io.Reader, v scan.Visitor, l scan.Limits, d scan.Dialect) error {
	return newReader(r, v, l.OrDefaults(), d).read(d)
}

func newReader(r io.Reader, v scan.Visitor, l scan.Limits, d scan.Dialect) *reader {
	c := &reader{w: scan.NewWindow(r, l.Record), v: v, cells: scan.RowsOf(v), l: l}
	c.s.delimiter, c.s.backslash, c.s.most = cmp.Or(d.Delimiter, ','), d.Backslash, l.Cells
	c.tables, _ = v.(scan.TableVisitor)
	if d.Wrapped {
		c.wrapped = &wrapped{inner: splitter{delimiter: c.s.delimiter, most: l.Cells}}
	}
	return c
}

func (c *reader) read(d scan.Dialect) error {
	c.w.SkipBOM()
	for {
		row, ended, err := c.next()
		if scan.AtEnd(err) {
			break
		}
		if err == nil {
			err = c.row(row, ended, d)
		}
		if err != nil {
			return err
		}
		c.w.Pass(len(row))
	}
	if c.header == nil {
		return c.w.Cut(0, "the document ends before its header row")
	}
	return nil
}

// row reads the row at the window's position; in a file of rows that are cells each, the one in its cell.
func (c *reader) row(row []byte, ended bool, d scan.Dialect) error {
	if c.wrapped != nil && c.wrapped.holds(&c.s, row) {
		inner, err := c.unwrap(row)
		if err != nil {
			return err
		}
		outer := c.s
		c.s = c.wrapped.inner
		defer func() {
			outer.strict = c.s.strict
			c.wrapped.inner, c.s = c.s, outer
		}()
		row = inner
	}
	if c.s.blank(row) {
		return c.passBlank(row, ended)
	}
	return c.take(row, ended, d)
}

// next finds the next row's cells. The row lies at the window's position; ended: it has a line end.
func (c *reader) next() (row []byte, ended bool, err error) {
	for {
		b := c.w.Rest()
		if c.done && len(b) == 0 {
			return nil, false, io.EOF
		}
		if bytes.HasPrefix(b, []byte(bom)) { // of a file that was written behind another one
			c.w.Pass(len(bom))
			continue
		}
		got := c.s.row(b, c.done)
		switch {
		case got.tooMany:
			return nil, false, c.w.Over(limit.Cells, fmt.Sprintf("a row has more than %d cells", c.l.Cells))
		case got.msg != "":
			err := c.w.Fail(got.at, got.msg)
			if wrong, ok := errors.AsType[*scan.SyntaxError](err); ok && got.backslash {
				wrong.Err = ErrBackslash
			}
			return nil, false, err
		case got.size > 0:
			return b[:got.size], got.ended, c.w.CheckText(b[:got.size])
		case c.done:
			return nil, false, c.w.Cut(got.quote, "the quote opened here is not closed")
		}
		if err := c.grow(got); err != nil {
			return nil, false, err
		}
	}
}

// grow brings more of a row that is not at hand as a whole.
func (c *reader) grow(got split) error {
	err := c.w.More()
	switch {
	case scan.AtEnd(err):
		c.done = true
		return nil
	case errors.Is(err, scan.ErrFull) && got.quote >= 0:
		return &scan.SyntaxError{
			Place: c.w.After(got.quote), Record: c.w.Record,
			Msg: fmt.Sprintf("the quote opened here is not closed within a row of %d bytes", c.w.Most()), Err: scan.ErrLimit, Limit: limit.Record,
		}
	case errors.Is(err, scan.ErrFull):
		return c.w.Over(limit.Record, fmt.Sprintf("a row is longer than %d bytes", c.w.Most()))
	}
	return err
}

// passBlank leaves out a blank row, unless it may be what is left of a row that was cut off.
func (c *reader) passBlank(row []byte, ended bool) error {
	if c.table != nil {
		c.table.Blank()
	}
	if ended || c.header == nil || len(c.s.cells) == 1 {
		return nil
	}
	return c.fits(row, ended)
}

// take reads a row that is not blank as what it is.
func (c *reader) take(row []byte, ended bool, d scan.Dialect) error {
	n := c.rows
	c.rows++
	switch {
	case n < d.HeaderRow:
		if n == 0 {
			c.title = string(c.first(row))
		}
		return nil
	case n == d.HeaderRow:
		c.s.strict, c.w.Record = true, 1
		return c.takeHeader(row)
	case c.w.Record > c.l.Records:
		return c.w.Over(limit.Records, fmt.Sprintf("more than %d rows", c.l.Records))
	}
	kind, why := c.judge(row, ended)
	if kind == scan.Header {
		return c.takeHeader(row)
	}
	if kind == scan.Record {
		if err := c.fits(row, ended); err != nil {
			return err
		}
	}
	if err := c.visit(row, why); err != nil {
		return err
	}
	c.w.Record++
	return nil
}

func (c *reader) takeHeader(row []byte) error {
	names := make([][]byte, 0, len(c.s.cells))
	for _, at := range c.s.cells {
		name := bytes.TrimSpace(c.s.text(row, at))
		if len(name) > c.l.Name {
			return c.w.Over(limit.Field, fmt.Sprintf("a column's name is longer than %d bytes", c.l.Name))
		}
		names = append(names, bytes.Clone(name))
	}
	c.table = scan.NewTable(names, c.title)
	c.header, c.twice = c.table.Fields(), c.table.IsTwice()
	return nil
}

// fits compares a row with the header.
func (c *reader) fits(row []byte, ended bool) error {
	cells, columns := c.s.cells, len(c.header)
	for _, extra := range cells[min(columns, len(cells)):] {
		if len(bytes.TrimSpace(row[extra.start:extra.end])) > 0 {
			return c.w.Fail(extra.start, fmt.Sprintf("a row has more cells than the header's %d", columns))
		}
	}
	if len(cells) >= columns {
		return nil
	}
	// Some writers leave out empty cells at the end. A row that lacks its line end too is taken for cut off: a statement of
	// half the rows would be believed.
	if !ended {
		return c.w.Cut(len(row), fmt.Sprintf("the document ends in a row of %d cells, where the header has %d", len(cells), columns))
	}
	return nil
}

// visit makes marks of a row; why it is none of the records, "" for those.
func (c *reader) visit(row []byte, why string) error {
	at := c.w.At()
	if why != "" {
		return c.aside(why, at)
	}
	c.at = row
	action, err := c.v.Open(nil, scan.Object, at)
	if err != nil || action == scan.Skip {
		return err
	}
	if c.twice && c.tables != nil {
		c.twice = false
		c.table.TellTwice(c.tables)
	}
	for i, read := range c.cells.Columns(c.header)[:min(len(c.header), len(c.s.cells))] {
		if !read {
			continue
		}
		if err := c.visitCell(i, row, c.s.cells[i], at); err != nil {
			return err
		}
	}
	return c.v.Close()
}

func (c *reader) visitCell(column int, row []byte, which cell, at scan.Place) error {
	if which.end-which.start > c.l.Text {
		return c.w.Over(limit.Text, fmt.Sprintf("a cell is longer than %d bytes", c.l.Text))
	}
	return c.cells.Cell(column, c.s.text(row, which), at)
}
