package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// level is which element of a sheet is being read.
type level uint8

const (
	atNothing level = iota
	atSheet
	atRows
	atRow
	atCell
	atValue  // its text is the cell's
	atInline // the text stands in the cell
	atRun
)

// sheetVisitor makes rows of a sheet's elements.
type sheetVisitor struct {
	row    Row
	each   func(*Row) error
	sheet  string
	limits scan.Limits
	open   []level
	attr   byte // the attribute that is being read
	cell   Cell
	last   int // number of the row before
	column int // of the cell before
}

func (v *sheetVisitor) at() level {
	if len(v.open) == 0 {
		return atNothing
	}
	return v.open[len(v.open)-1]
}

// Open begins an element or an attribute.
func (v *sheetVisitor) Open(name []byte, kind scan.Kind, _ scan.Place) (scan.Action, error) {
	at := v.at()
	if kind == scan.Text {
		if len(name) != 1 || at != atRow && at != atCell {
			return scan.Skip, nil
		}
		v.attr = name[0]
		return scan.Enter, nil
	}
	next := inside(at, name)
	switch next {
	case atNothing:
		return scan.Skip, nil
	case atRow:
		v.row.Number, v.row.Cells, v.row.bytes = v.last+1, v.row.Cells[:0], v.row.bytes[:0]
		v.column = 0
	case atCell:
		v.cell = Cell{Column: v.column + 1, start: len(v.row.bytes)}
	}
	v.open = append(v.open, next)
	return scan.Enter, nil
}

// OpenText begins an attribute, or an element that has nothing but a text.
func (v *sheetVisitor) OpenText(name []byte, kind scan.Kind, _ scan.Where) (scan.Action, error) {
	return v.Open(name, kind, scan.Place{})
}

// CloseText takes the text of what was begun, and ends it.
func (v *sheetVisitor) CloseText(value []byte) error {
	if err := v.Text(value); err != nil {
		return err
	}
	return v.Close()
}

// inside is what an element is by its name, inside another; atNothing: it is passed over, with formulas, comments and looks.
func inside(at level, name []byte) level {
	switch at {
	case atNothing:
		return atSheet
	case atSheet:
		if string(name) == "sheetData" {
			return atRows
		}
	case atRows:
		if string(name) == "row" {
			return atRow
		}
	case atRow:
		if string(name) == "c" {
			return atCell
		}
	case atCell:
		if string(name) == "v" {
			return atValue
		} else if string(name) == "is" {
			return atInline
		}
	case atInline, atRun:
		if string(name) == "t" {
			return atValue
		} else if string(name) == "r" {
			return atRun
		}
	}
	return atNothing
}

// Text is an attribute's, or a piece of a cell's.
func (v *sheetVisitor) Text(value []byte) error {
	switch at := v.at(); {
	case v.attr != 0:
		return v.attribute(at, value)
	case at != atValue:
		return nil
	case len(v.row.bytes)-v.cell.start+len(value) > v.limits.Text:
		return v.wrong(fmt.Sprintf("a cell is longer than %d bytes", v.limits.Text), limit.Text)
	case len(v.row.bytes)+len(value) > v.limits.Record:
		return v.wrong(fmt.Sprintf("a row is longer than %d bytes", v.limits.Record), limit.Record)
	}
	v.row.bytes = append(v.row.bytes, value...)
	return nil
}

func (v *sheetVisitor) attribute(at level, value []byte) error {
	switch {
	case at == atRow && v.attr == 'r':
		n, err := strconv.Atoi(string(value))
		if err != nil || n <= v.last || n > math.MaxInt32 {
			return v.wrong("the next row has no greater number", "")
		}
		v.row.Number = n
	case at == atCell && v.attr == 'r':
		n := columnOf(value)
		if n == 0 || n > v.limits.Cells {
			return v.wrong("a cell without a column", "")
		}
		v.cell.Column = n
	case at == atCell && v.attr == 's':
		v.cell.style, _ = strconv.Atoi(string(value))
	case at == atCell && v.attr == 't':
		v.cell.kind = kindOf(value)
	}
	return nil
}

func kindOf(t []byte) cellKind {
	switch string(t) {
	case "s":
		return cellShared
	case "b":
		return cellBoolean
	case "e":
		return cellError
	case "n":
		return cellNumber
	default: // str, inlineStr, and d: a date that is spelled
		return cellText
	}
}

// columnOf reads the letters of a cell's name; 0: there are none.
func columnOf(name []byte) int {
	n := 0
	for i, c := range name {
		c |= 0x20
		if c < 'a' || c > 'z' || i == 4 {
			break
		}
		n = n*26 + int(c-'a') + 1
	}
	return n
}

// Close ends an element or an attribute.
func (v *sheetVisitor) Close() error {
	if v.attr != 0 {
		v.attr = 0
		return nil
	}
	at := v.at()
	v.open = v.open[:len(v.open)-1]
	switch at {
	case atCell:
		return v.endCell()
	case atRow:
		return v.endRow()
	}
	return nil
}

func (v *sheetVisitor) endCell() error {
	v.column = v.cell.Column
	text := v.row.bytes[v.cell.start:]
	if v.cell.kind == cellText {
		text = unescape(text)
	}
	text = bytes.TrimSpace(text)
	v.cell.end = v.cell.start + copy(v.row.bytes[v.cell.start:], text)
	v.row.bytes = v.row.bytes[:v.cell.end]
	if v.cell.kind == cellError || len(text) == 0 {
		return nil
	}
	if len(v.row.Cells) == v.limits.Cells {
		return v.wrong(fmt.Sprintf("a row has more than %d cells", v.limits.Cells), limit.Cells)
	}
	v.row.Cells = append(v.row.Cells, v.cell)
	return nil
}

func (v *sheetVisitor) endRow() error {
	v.last = v.row.Number
	if len(v.row.Cells) == 0 {
		return nil
	}
	err := v.each(&v.row)
	if syntax, ok := errors.AsType[*scan.SyntaxError](err); ok && syntax.Within == "" {
		syntax.Sheet = v.sheet
	}
	return err
}

// wrong returns what is wrong at the cell, and which limit it is over; "": none.
func (v *sheetVisitor) wrong(msg string, over limit.Name) error {
	wrong := &scan.SyntaxError{Place: scan.Place{Line: v.row.Number, Column: v.cell.Column}, Sheet: v.sheet, Msg: msg, Limit: over}
	if over != "" {
		wrong.Err = scan.ErrLimit
	}
	return wrong
}
