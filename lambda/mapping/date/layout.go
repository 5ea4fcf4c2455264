package date

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// field is one token of a date layout.
type field uint8

const (
	fieldLiteral   field = iota // a letter that must stand there
	fieldSpace                  // one or more white-space characters
	fieldYear                   // yyyy: four digits; from here to the fraction they are numbers
	fieldMonth                  // MM: 01 to 12, one or two digits
	fieldDay                    // dd
	fieldHour                   // HH: 00 to 24
	fieldHour12                 // hh: 01 to 12, with a
	fieldMinute                 // mm
	fieldSecond                 // ss
	fieldFraction               // SSS: three digits, or any number where no digits follow
	fieldMonthName              // MMM: Jan, January
	fieldWeekday                // EEE: Mon, Monday; read and not believed
	fieldHalf                   // a: AM, PM
	fieldZone                   // z: Z, UTC, GMT, +02:00, CEST
	fieldEither                 // NN: day or month, as the document has them
	fieldShortYear              // yy: two digits, of 1969 to 2068
)

// letters are the letters of layouts, longest first where one begins with another.
var letters = [...]struct {
	letters string
	field   field
}{
	{"yyyy", fieldYear},
	{"yy", fieldShortYear},
	{"MMM", fieldMonthName},
	{"MM", fieldMonth},
	{"dd", fieldDay},
	{"NN", fieldEither},
	{"EEE", fieldWeekday},
	{"HH", fieldHour},
	{"hh", fieldHour12},
	{"mm", fieldMinute},
	{"ss", fieldSecond},
	{"SSS", fieldFraction},
	{"a", fieldHalf},
	{"z", fieldZone},
}

// Layout is one way to write a date.
type Layout struct {
	text   string // as it is written
	unix   int64  // units of a second where the date is a number (1 or 1,000); 0: by fields
	tokens []token
	open   bool // which of two numbers is the day, the document tells
}

type token struct {
	field  field
	letter byte // of a literal
	fixed  bool // digits follow without anything between: exactly as many digits as letters
}

// Parse parses a layout: letters, `unix`, `unixms`, other letters in single quotes.
func Parse(text string) (Layout, error) {
	switch text {
	case "unix":
		return Layout{text: text, unix: 1}, nil
	case "unixms":
		return Layout{text: text, unix: 1000}, nil
	}
	l := Layout{text: text}
	for rest := text; rest != ""; {
		token, n, err := nextToken(rest)
		if err != nil {
			return Layout{}, err
		}
		l.tokens, rest = append(l.tokens, token...), rest[n:]
	}
	l.fix()
	if err := l.check(); err != nil {
		return Layout{}, err
	}
	return l, nil
}

// String returns the layout as it is written.
func (l *Layout) String() string { return l.text }

// Open reports whether the document tells which of two numbers is the day.
func (l *Layout) Open() bool { return l.open }

// nextToken reads the first token of a layout, or a whole quoted part, and how long it is.
func nextToken(rest string) ([]token, int, error) {
	for _, known := range letters {
		if strings.HasPrefix(rest, known.letters) {
			return []token{{field: known.field}}, len(known.letters), nil
		}
	}
	switch c := rest[0]; {
	case c == '\'':
		return quotedTokens(rest)
	case c == ' ':
		return []token{{field: fieldSpace}}, len(rest) - len(strings.TrimLeft(rest, " ")), nil
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		run := len(rest) - len(strings.TrimLeft(rest, rest[:1]))
		return nil, 0, fmt.Errorf("unknown letter of date layouts: %s (they are yyyy yy MM MMM dd NN EEE HH hh mm ss SSS a z; others in single quotes)", rest[:run])
	default:
		return []token{{field: fieldLiteral, letter: c}}, 1, nil
	}
}

// quotedTokens reads 'T' as a literal T, and ” as a quote.
func quotedTokens(rest string) ([]token, int, error) {
	end := strings.IndexByte(rest[1:], '\'')
	if end < 0 {
		return nil, 0, fmt.Errorf("the single quote is not closed")
	}
	quoted := rest[1 : 1+end]
	if quoted == "" {
		quoted = "'"
	}
	tokens := make([]token, len(quoted))
	for i := range quoted {
		tokens[i] = token{field: fieldLiteral, letter: quoted[i]}
	}
	return tokens, end + 2, nil
}

func (f field) numeric() bool { return f >= fieldYear && f <= fieldFraction || f >= fieldEither }

// fix marks the numbers that stand next to other numbers, and a layout that leaves open which one is the day.
func (l *Layout) fix() {
	for i := range l.tokens {
		before := i > 0 && l.tokens[i-1].field.numeric()
		after := i+1 < len(l.tokens) && l.tokens[i+1].field.numeric()
		l.tokens[i].fixed = before || after
		l.open = l.open || l.tokens[i].field == fieldEither
	}
}

// check returns an error where the layout cannot name a day.
func (l *Layout) check() error {
	var has [fieldShortYear + 1]int
	for _, t := range l.tokens {
		has[t.field]++
	}
	for f := fieldYear; f <= fieldZone; f++ {
		if has[f] > 1 {
			return fmt.Errorf("a date layout names one thing twice")
		}
	}
	switch {
	case has[fieldYear]+has[fieldShortYear] != 1:
		return fmt.Errorf("a date layout needs the year once, yyyy or yy")
	case l.open && (has[fieldEither] != 2 || has[fieldMonth]+has[fieldMonthName]+has[fieldDay] > 0):
		return fmt.Errorf("a date layout has NN twice, for the day and the month, and neither MM nor dd beside them")
	case l.open && slices.ContainsFunc(l.tokens, func(t token) bool { return t.field == fieldEither && t.fixed }):
		return fmt.Errorf("a date layout has / or - beside NN")
	case l.open:
	case has[fieldMonth]+has[fieldMonthName] != 1:
		return fmt.Errorf("a date layout needs the month once, MM or MMM")
	case has[fieldDay] == 0:
		return fmt.Errorf("a date layout needs the day, dd")
	}
	if has[fieldHour12] != has[fieldHalf] || has[fieldHour12]+has[fieldHour] > 1 {
		return fmt.Errorf("a date layout must have the hour as HH, or as hh with a (AM, PM)")
	}
	return nil
}

// write returns a time in the layout, with the day first where that is open, as far as it is needed to find ambiguous layouts.
func (l *Layout) write(t time.Time) string {
	if l.unix > 0 {
		return fmt.Sprint(t.Unix() * l.unix)
	}
	var b strings.Builder
	either := fieldDay
	for _, token := range l.tokens {
		switch token.field {
		case fieldLiteral:
			b.WriteByte(token.letter)
		case fieldEither:
			b.WriteString(t.Format(goLayouts[either]))
			either = fieldMonth
		case fieldFraction:
			b.WriteString("000")
		default:
			b.WriteString(t.Format(goLayouts[token.field]))
		}
	}
	return b.String()
}

var goLayouts = [...]string{
	fieldSpace: " ", fieldYear: "2006", fieldShortYear: "06", fieldMonth: "01", fieldMonthName: "Jan", fieldDay: "02", fieldWeekday: "Mon", fieldHour: "15", fieldHour12: "03",
	fieldMinute: "04", fieldSecond: "05", fieldHalf: "PM", fieldZone: "Z07:00",
}

// Ambiguous reports whether two layouts read one string as two different times.
func Ambiguous(a, b Layout) bool {
	probes := [...]time.Time{
		time.Date(2009, 10, 11, 12, 1, 2, 0, time.UTC),
		time.Date(2004, 5, 6, 7, 8, 9, 0, time.UTC),
		time.Date(2012, 12, 1, 3, 4, 5, 0, time.UTC),
	}
	for _, probe := range probes {
		for _, text := range [...]string{a.write(probe), b.write(probe)} {
			for _, order := range [...]Order{DayFirst, MonthFirst} {
				first, aReads := a.read(text, time.UTC, order)
				second, bReads := b.read(text, time.UTC, order)
				if aReads && bReads && !first.Equal(second) {
					return true
				}
			}
		}
	}
	return false
}
