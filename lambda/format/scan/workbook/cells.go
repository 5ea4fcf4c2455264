package workbook

import (
	"bytes"
	"strconv"
)

// Take takes the cells that b begins with as far as they are written as most programs do: <c r="B7" s="2" t="s"><v>12</v></c>, one right behind
// the other. They are nearly all of a workbook's bytes; all others are elements like those of any document.
func (v *sheetVisitor) Take(b []byte) (int, error) {
	const attributes, deep = 3, 5 // of a cell, and how deep its value stands
	taken := 0
	for v.at() == atRow && v.limits.Attributes >= attributes && v.limits.Depth >= deep {
		n := v.takeCell(b[taken:])
		if n == 0 {
			break
		}
		taken += n
		if err := v.endCell(); err != nil {
			return taken, err
		}
	}
	return taken, nil
}

// takeCell takes a cell, and returns its size; 0 where it is written in another way, or not at hand as a whole.
func (v *sheetVisitor) takeCell(b []byte) int {
	const begin, end = `<c r="`, "</v></c>"
	if !bytes.HasPrefix(b, []byte(begin)) {
		return 0
	}
	name := word(b[len(begin):])
	column := columnOf(name)
	n := len(begin) + len(name)
	if column == 0 || column > v.limits.Cells {
		return 0
	}
	cell := Cell{Column: column, start: len(v.row.bytes)}
	n += cell.attributes(b[n:])
	switch {
	case bytes.HasPrefix(b[n:], []byte(`"/>`)):
		v.cell = cell
		return n + len(`"/>`)
	case !bytes.HasPrefix(b[n:], []byte(`"><v>`)):
		return 0
	}
	n += len(`"><v>`)
	value := word(b[n:])
	n += len(value)
	if !bytes.HasPrefix(b[n:], []byte(end)) || len(value) > v.limits.Text || len(v.row.bytes)+len(value) > v.limits.Record {
		return 0
	}
	v.cell = cell
	v.row.bytes = append(v.row.bytes, value...)
	return n + len(end)
}

// attributes takes a cell's style and kind, in this order, from behind the quote that ends the attribute before, and returns the size.
func (c *Cell) attributes(b []byte) int {
	const style, kind = `" s="`, `" t="`
	n := 0
	if bytes.HasPrefix(b, []byte(style)) {
		text := word(b[len(style):])
		c.style, _ = strconv.Atoi(string(text))
		n = len(style) + len(text)
	}
	if bytes.HasPrefix(b[n:], []byte(kind)) {
		text := word(b[n+len(kind):])
		c.kind = kindOf(text)
		n += len(kind) + len(text)
	}
	return n
}

// word returns the letters and digits that b begins with, and what else numbers have.
func word(b []byte) []byte {
	for i, c := range b {
		if digit, letter := c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'z'; !digit && !letter && c != '.' && c != '-' && c != '+' {
			return b[:i]
		}
	}
	return nil
}
