package date

import (
	"bytes"
	"io"
)

// Order says which of day and month stands first where a document writes both as numbers.
type Order uint8

// Orders. Unknown is that of a document which has no date that shows it, or some of each.
const (
	Unknown Order = iota
	DayFirst
	MonthFirst
)

// peeked is how many bytes of a document show its order: some thousand rows.
const peeked = 256 << 10

// PeekOrder finds the order in which the beginning of a document writes its dates, and returns a reader of the whole document.
func PeekOrder(document io.Reader) (io.Reader, Order) {
	begin, err := io.ReadAll(io.LimitReader(document, peeked)) // most documents are smaller, and need no buffer of that size
	if err != nil {
		document = failed{err}
	}
	return io.MultiReader(bytes.NewReader(begin), document), OrderOf(begin)
}

// failed is what is left of a document that could not be read on.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// OrderOf finds the order by dates such as 12/31/2025 and 31-12-2025 where a value begins: one of their numbers is no month.
func OrderOf(text []byte) Order {
	days, months := false, false // which number stands first somewhere
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		end := i
		for end < len(text) && isDigit(text[end]) {
			end++
		}
		if i == 0 || beginsValue(text[i-1]) {
			if first, second, ok := dayAndMonth(text[i:]); ok && (first > 12) != (second > 12) {
				days, months = days || first > 12, months || second > 12
			}
		}
		i = end
	}
	switch {
	case days == months:
		return Unknown
	case days:
		return DayFirst
	default:
		return MonthFirst
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// beginsValue reports whether a value begins behind a byte: in a row, a text of JSON, an element.
func beginsValue(c byte) bool {
	switch c {
	case '"', '\'', ',', ';', '\t', '|', '\n', '\r', '>':
		return true
	}
	return false
}

// dayAndMonth reads the two numbers before a year, with / or - behind each; JSON may have a backslash before the slash.
func dayAndMonth(text []byte) (first, second int, ok bool) {
	first, mark, text := dayOrMonth(text)
	second, again, text := dayOrMonth(text)
	year := 0
	for year < len(text) && isDigit(text[year]) {
		year++
	}
	ends := len(text) == year || text[year] != mark && text[year] != '.'
	return first, second, mark != 0 && again == mark && (year == 4 || year == 2 && mark == '/') && ends
}

// dayOrMonth reads a number of a date and the mark behind it, 0 where there is none, and returns what is behind both.
func dayOrMonth(text []byte) (number int, mark byte, rest []byte) {
	n := 0
	for n < len(text) && n < 3 && isDigit(text[n]) {
		number = number*10 + int(text[n]-'0')
		n++
	}
	rest = text[n:]
	if len(rest) > 1 && rest[0] == '\\' {
		rest = rest[1:]
	}
	if n == 0 || n > 2 || number == 0 || number > 31 || len(rest) == 0 || rest[0] != '/' && rest[0] != '-' {
		return 0, 0, nil
	}
	return number, rest[0], rest[1:]
}

// settle makes day and month of the two numbers of a layout that leaves their order open: by the document's, unless one of them is no month.
func (c *civil) settle(order Order) bool {
	first, second := c.either[0], c.either[1]
	switch {
	case second > 12 && first <= 12:
		order = MonthFirst
	case first > 12 || first == second:
		order = DayFirst
	}
	switch order {
	case DayFirst:
		c.day, c.month = first, second
	case MonthFirst:
		c.month, c.day = first, second
	default:
		return false
	}
	return true
}
