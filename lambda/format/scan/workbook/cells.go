package workbook

import (
	"bytes"
	"strconv"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
)

// Take takes the cells that b begins with as far as they are written as most programs do: <c r="B7" s="2" t="s"><v>12</v></c>, one right behind
// the other. They are nearly all of a workbook's bytes; all others are elements like those of any document.
func (v *sheetVisitor) Take(b []byte) (int, error) {
	const attributes, deep = 3, 6 // of a cell, and how deep its text stands
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
	cell := Cell{Column: v.column + 1, start: len(v.row.bytes)}
	n := cell.attributes(b)
	if n == 0 || cell.Column == 0 || cell.Column > v.limits.Cells {
		return 0
	}
	const value, inline, empty = "><v>", "><is><t>", "/>"
	var text []byte
	size := 0
	switch b = b[n:]; {
	case bytes.HasPrefix(b, []byte(value)):
		n += len(value)
		text, size = textBefore(b[len(value):], "</v></c>")
	case bytes.HasPrefix(b, []byte(inline)):
		n += len(inline)
		text, size = textBefore(b[len(inline):], "</t></is></c>")
	case bytes.HasPrefix(b, []byte(empty)):
		size = len(empty)
	}
	if size == 0 || len(text) > v.limits.Text || len(v.row.bytes)+len(text) > v.limits.Record {
		return 0
	}
	v.cell = cell
	v.row.bytes = append(v.row.bytes, text...)
	return n + size
}

// attributes takes where a cell stands, its style and its kind, in this order as far as they are there, and returns the size of its tag so far; 0
// where something else stands there.
func (c *Cell) attributes(b []byte) int {
	if !bytes.HasPrefix(b, []byte("<c")) {
		return 0
	}
	n, before := len("<c"), byte(0)
	for {
		const begin, quote = ` r="`, '"'
		rest := b[n:]
		if len(rest) <= len(begin) || rest[0] != ' ' || rest[2] != '=' || rest[3] != quote || rest[1] <= before {
			return n
		}
		text := word(rest[len(begin):])
		n += len(begin) + len(text) + len(`"`)
		if n > len(b) || b[n-1] != quote {
			return 0
		}
		before = rest[1]
		switch before {
		case 'r':
			c.Column = columnOf(text)
		case 's':
			c.style, _ = strconv.Atoi(string(text))
		case 't':
			c.kind = kindOf(text)
		default:
			return 0
		}
	}
}

// word returns the letters and digits that b begins with, with signs that stand for themselves in an attribute's value.
func word(b []byte) []byte {
	for i, c := range b {
		if c < '0' || c > 'z' || c == '<' {
			return b[:i]
		}
	}
	return nil
}

// textBefore returns the text that b begins with, up to certain end tags, and the size with these; 0 where it is not as plain as most are.
func textBefore(b []byte, end string) (text []byte, size int) {
	n := xml.PlainText(b)
	if n == 0 || b[0] <= ' ' || b[n-1] <= ' ' || len(b)-n < len(end) || string(b[n:n+len(end)]) != end {
		return nil, 0
	}
	return b[:n], n + len(end)
}
