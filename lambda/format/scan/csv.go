package scan

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
)

// csvReader reads rows and gives them under the names of the header.
type csvReader struct {
	w      *window
	v      Visitor
	l      Limits
	s      splitter
	header [][]byte
	rows   int  // rows met that are not blank, also those before the header
	record int  // the number of the row being read, counted after the header; 0: none of them yet
	done   bool // the window has the last bytes of the input
}

func readCSV(r io.Reader, v Visitor, l Limits, d Dialect) error {
	return newCSVReader(r, v, l, d).read(d)
}

func newCSVReader(r io.Reader, v Visitor, l Limits, d Dialect) *csvReader {
	c := &csvReader{w: newWindow(r, l.Record), v: v, l: l}
	c.s.delimiter = cmp.Or(d.Delimiter, ',')
	return c
}

func (c *csvReader) read(d Dialect) error {
	c.w.skipBOM()
	for {
		row, ended, err := c.next()
		if atEnd(err) {
			break
		}
		if err == nil && c.s.blank(row) {
			err = c.passBlank(row, ended)
		} else if err == nil {
			err = c.take(row, ended, d)
		}
		if err != nil {
			return err
		}
		c.w.pos += len(row)
	}
	if c.header == nil {
		return &SyntaxError{Place: c.w.at(), Msg: "the document ends before its header row", Err: ErrCut}
	}
	return nil
}

// next finds the next row's cells. The row lies at the window's position; ended says whether it has a line end.
func (c *csvReader) next() (row []byte, ended bool, err error) {
	for {
		b := c.w.rest()
		if c.done && len(b) == 0 {
			return nil, false, io.EOF
		}
		got := c.s.row(b, c.done)
		switch {
		case got.tooMany:
			return nil, false, c.over(fmt.Sprintf("a row has more than %d cells", maxCells))
		case got.msg != "":
			return nil, false, c.fail(got.at, got.msg)
		case got.size > 0:
			return b[:got.size], got.ended, c.clean(b[:got.size])
		case c.done:
			return nil, false, &SyntaxError{Place: c.w.after(got.quote), Record: c.record, Msg: "the quote opened here is not closed", Err: ErrCut}
		}
		if err := c.grow(got); err != nil {
			return nil, false, err
		}
	}
}

// grow brings more of a row that is not at hand as a whole.
func (c *csvReader) grow(got split) error {
	err := c.w.more()
	switch {
	case atEnd(err):
		c.done = true
		return nil
	case errors.Is(err, errFull) && got.quote >= 0:
		return &SyntaxError{
			Place: c.w.after(got.quote), Record: c.record,
			Msg: fmt.Sprintf("the quote opened here is not closed within a row of %d bytes", c.w.most), Err: ErrLimit,
		}
	case errors.Is(err, errFull):
		return c.over(fmt.Sprintf("a row is longer than %d bytes", c.w.most))
	}
	return err
}

func (c *csvReader) clean(row []byte) error {
	if i := bytes.IndexByte(row, 0); i >= 0 {
		return c.fail(i, "a NUL byte: not a text file?")
	}
	return nil
}

// passBlank leaves out a blank row, unless it may be what is left of a row that was cut off.
func (c *csvReader) passBlank(row []byte, ended bool) error {
	if ended || c.header == nil || len(c.s.cells) == 1 {
		return nil
	}
	return c.fits(row, ended)
}

// take gives a row that is not blank to where it belongs.
func (c *csvReader) take(row []byte, ended bool, d Dialect) error {
	n := c.rows
	c.rows++
	switch {
	case n < d.HeaderRow:
		return nil
	case n == d.HeaderRow:
		c.s.strict, c.record = true, 1
		return c.takeHeader(row)
	case c.record > c.l.Records:
		return c.over(fmt.Sprintf("more than %d rows", c.l.Records))
	}
	if err := c.fits(row, ended); err != nil {
		return err
	}
	if err := c.visit(row); err != nil {
		return err
	}
	c.record++
	return nil
}

func (c *csvReader) takeHeader(row []byte) error {
	c.header = make([][]byte, 0, len(c.s.cells))
	for _, at := range c.s.cells {
		name := bytes.TrimSpace(c.s.text(row, at))
		if len(name) > c.l.Name {
			return c.over(fmt.Sprintf("a column's name is longer than %d bytes", c.l.Name))
		}
		c.header = append(c.header, bytes.Clone(name))
	}
	return nil
}

// fits compares a row with the header.
func (c *csvReader) fits(row []byte, ended bool) error {
	cells, columns := c.s.cells, len(c.header)
	for _, extra := range cells[min(columns, len(cells)):] {
		if len(bytes.TrimSpace(row[extra.start:extra.end])) > 0 {
			return c.fail(extra.start, fmt.Sprintf("a row has more cells than the header's %d", columns))
		}
	}
	if len(cells) >= columns {
		return nil
	}
	// Some writers leave out empty cells at the end. A row that lacks its line end too is taken for cut off: a statement of
	// half the rows would be believed.
	if !ended {
		return &SyntaxError{
			Place: c.w.after(len(row)), Record: c.record, Err: ErrCut,
			Msg: fmt.Sprintf("the document ends in a row of %d cells, where the header has %d", len(cells), columns),
		}
	}
	return nil
}

func (c *csvReader) visit(row []byte) error {
	at := c.w.at()
	action, err := c.v.Open(nil, Object, at)
	if err != nil || action == Skip {
		return err
	}
	for i, name := range c.header[:min(len(c.header), len(c.s.cells))] {
		if len(name) == 0 {
			continue
		}
		if err := c.visitCell(name, row, c.s.cells[i], at); err != nil {
			return err
		}
	}
	return c.v.Close()
}

func (c *csvReader) visitCell(name, row []byte, which cell, at Place) error {
	action, err := c.v.Open(name, Text, at)
	if err != nil || action == Skip {
		return err
	}
	if which.end-which.start > c.l.Text {
		return c.over(fmt.Sprintf("a cell is longer than %d bytes", c.l.Text))
	}
	if err := c.v.Text(c.s.text(row, which)); err != nil {
		return err
	}
	return c.v.Close()
}

func (c *csvReader) fail(n int, msg string) error {
	return &SyntaxError{Place: c.w.after(n), Record: c.record, Msg: msg}
}

func (c *csvReader) over(msg string) error {
	return &SyntaxError{Place: c.w.at(), Record: c.record, Msg: msg, Err: ErrLimit}
}
