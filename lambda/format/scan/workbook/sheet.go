package workbook

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// maxHead is how many bytes of the first rows Head returns; what is beyond is left out.
const maxHead = 4 << 20

// Row is a row of a sheet that is not blank. It is valid until the next one.
type Row struct {
	Number int // from 1
	Cells  []Cell

	book  *Book
	bytes []byte
	text  []byte
}

// Cell is a cell that has something in it.
type Cell struct {
	Column     int // from 1
	kind       cellKind
	style      int
	start, end int
}

type cellKind uint8

const (
	cellNumber cellKind = iota
	cellText
	cellShared
	cellBoolean
	cellError
)

// Rows calls each with the rows of a sheet that are not blank, in their order. An error of each ends the reading and is returned as it is.
func (b *Book) Rows(sheet int, each func(*Row) error) error {
	s := &b.Sheets[sheet]
	v := &sheetVisitor{row: Row{book: b}, each: each, sheet: s.Name, limits: b.o.Limits}
	err := b.xml(s.part, v, b.o.Limits)
	return scan.Within(err, fmt.Sprintf("sheet %.200q behind row %d, member %.200q", s.Name, v.last, b.names[s.part]))
}

// Head returns the texts of the first rows of a sheet that are not blank, by column from 0.
func (b *Book) Head(sheet, most int) ([][]string, error) {
	var rows [][]string
	var later []func()
	shared, size := map[int]string{}, 0
	err := b.Rows(sheet, func(r *Row) error {
		texts := make([]string, slices.MaxFunc(r.Cells, func(a, b Cell) int { return a.Column - b.Column }).Column)
		for _, c := range r.Cells {
			if c.kind == cellShared {
				n, err := r.index(c)
				if err != nil {
					return err
				}
				shared[n] = ""
				later = append(later, func() { texts[c.Column-1] = shared[n] })
				continue
			}
			text, err := r.Text(c)
			if err != nil {
				return err
			}
			size += len(text)
			texts[c.Column-1] = string(text)
		}
		size += 16 * len(texts)
		if size > maxHead {
			return errEnough
		}
		rows = append(rows, texts)
		if len(rows) == most {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	if err := b.some(shared); err != nil {
		return nil, err
	}
	for _, set := range later {
		set()
	}
	return rows, nil
}

// Text returns a cell's text, valid until the next call: numbers as they are spelled, dates in ISO 8601, booleans as true and false, none
// of an error. Its error is of the shared strings or styles.
func (r *Row) Text(c Cell) ([]byte, error) {
	raw := r.bytes[c.start:c.end]
	switch c.kind {
	case cellShared:
		n, err := r.index(c)
		if err != nil {
			return nil, err
		}
		text, err := r.book.sharedString(n)
		if errors.Is(err, errNoString) {
			err = r.wrong(c, err.Error())
		}
		return text, err
	case cellBoolean:
		return strconv.AppendBool(r.text[:0], isTrue(string(raw))), nil
	case cellError:
		return nil, nil
	case cellNumber:
		return r.number(c, raw)
	default:
		return raw, nil
	}
}

func (r *Row) number(c Cell, raw []byte) ([]byte, error) {
	if c.style == 0 && r.book.styles < 0 {
		return raw, nil
	}
	f, err := r.book.format(c.style)
	if err != nil || f == plainNumber {
		return raw, err
	}
	if text, ok := f.pad(r.text[:0], raw); ok {
		return text, nil
	}
	if text, ok := iso(string(raw), f, r.book.dates); ok {
		return append(r.text[:0], text...), nil
	}
	return raw, nil
}

func (r *Row) index(c Cell) (int, error) {
	n, err := strconv.Atoi(string(r.bytes[c.start:c.end]))
	if err != nil || n < 0 {
		return 0, r.wrong(c, "a cell refers to a shared string without its number")
	}
	return n, nil
}

func (r *Row) wrong(c Cell, msg string) error {
	return &scan.SyntaxError{Place: scan.Place{Line: r.Number, Column: c.Column}, Msg: msg}
}
