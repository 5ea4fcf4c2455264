package workbook

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// numberFormat is what a cell's number means, by its style.
type numberFormat uint8

const (
	plainNumber numberFormat = iota
	dateNumber               // days
	timeNumber               // a part of a day
)

// Formats above paddedNumber are of a whole number with at least so many digits more, as 00000: zeros stand in front of it.
const paddedNumber numberFormat = 16

// mostPadded is how many digits a format may ask for: a longer one pads nothing.
const mostPadded = 64

// pad returns a whole number with the zeros that its format asks for; false for other formats and numbers.
func (f numberFormat) pad(to, number []byte) ([]byte, bool) {
	if f <= paddedNumber || len(bytes.Trim(number, "0123456789")) > 0 {
		return nil, false
	}
	for range int(f-paddedNumber) - len(number) {
		to = append(to, '0')
	}
	return append(to, number...), true
}

// format is the format of a style. The styles are read when the first cell asks.
func (b *Book) format(style int) (numberFormat, error) {
	if !b.styled {
		if err := b.readStyles(); err != nil {
			return plainNumber, err
		}
	}
	if style < 0 || style >= len(b.formats) {
		return plainNumber, nil
	}
	return b.formats[style], nil
}

func (b *Book) readStyles() error {
	b.styled = true
	own := map[int]numberFormat{}
	return b.elements(b.styles, func(parent, name string, attrs map[string]string) error {
		id, _ := strconv.Atoi(attrs["numFmtId"])
		switch {
		case len(own) > b.o.Limits.Elements || len(b.formats) > b.o.Limits.Elements:
			return &scan.SyntaxError{Msg: "more than " + strconv.Itoa(b.o.Limits.Elements) + " styles", Err: scan.ErrLimit, Limit: limit.Elements}
		case parent == "numFmts" && name == "numFmt":
			own[id] = formatOf(attrs["formatCode"])
		case parent == "cellXfs" && name == "xf":
			f, is := own[id]
			if !is {
				f = builtinFormat(id)
			}
			b.formats = append(b.formats, f)
		}
		return nil
	})
}

// builtinFormat is what the numbers of formats mean that need no code (ECMA-376, 18.8.30), those of East Asia among them.
func builtinFormat(id int) numberFormat {
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return dateNumber
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return timeNumber
	}
	return plainNumber
}

// formatOf finds out by its code what a format is for: letters of dates and times outside of quotes and brackets make it one. A duration
// ([h]:mm) is a number. Zeros alone are digits that are always shown: those of asset tags and postal codes.
func formatOf(code string) numberFormat {
	code, _, _ = strings.Cut(strings.ToLower(code), ";")
	if n := len(code); n > 1 && n <= mostPadded && strings.Trim(code, "0") == "" {
		return paddedNumber + numberFormat(n)
	}
	var date, month, clock bool
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '\\', '_', '*':
			i++
		case '"', '[':
			end := strings.IndexByte(code[i+1:], map[byte]byte{'"': '"', '[': ']'}[c])
			if end < 0 {
				return plainNumber
			}
			if inner := code[i+1 : i+1+end]; c == '[' && inner != "" && strings.Trim(inner, "hms") == "" {
				return plainNumber
			}
			i += end + 1
		case 'g':
			if strings.HasPrefix(code[i:], "general") {
				i += len("general") - 1
			}
		case 'd', 'y':
			date = true
		case 'm':
			month = true
		case 'h', 's':
			clock = true
		}
	}
	switch {
	case date, month && !clock:
		return dateNumber
	case clock:
		return timeNumber
	}
	return plainNumber
}
