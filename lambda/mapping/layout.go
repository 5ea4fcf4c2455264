package mapping

import (
	"fmt"
	"strings"
	"time"
)

// dateField is one token of a date layout.
type dateField uint8

const (
	dateLiteral   dateField = iota // a letter that must stand there
	dateSpace                      // one or more white-space characters
	dateYear                       // yyyy: four digits
	dateMonth                      // MM: 01 to 12, one or two digits
	dateMonthName                  // MMM: Jan, January
	dateDay                        // dd
	dateWeekday                    // EEE: Mon, Monday; read and not believed
	dateHour                       // HH: 00 to 24
	dateHour12                     // hh: 01 to 12, with a
	dateMinute                     // mm
	dateSecond                     // ss
	dateFraction                   // SSS: three digits, or any number where no digits follow
	dateHalf                       // a: AM, PM
	dateZone                       // z: Z, UTC, GMT, +02:00, CEST
)

// dateLetters are the letters of layouts, longest first where one begins with another.
var dateLetters = [...]struct {
	letters string
	field   dateField
}{
	{"yyyy", dateYear},
	{"MMM", dateMonthName},
	{"MM", dateMonth},
	{"dd", dateDay},
	{"EEE", dateWeekday},
	{"HH", dateHour},
	{"hh", dateHour12},
	{"mm", dateMinute},
	{"ss", dateSecond},
	{"SSS", dateFraction},
	{"a", dateHalf},
	{"z", dateZone},
}

// layout is one way to write a date.
type layout struct {
	text   string // as the mapping says it
	unix   int64  // units of a second where the date is a number (1 or 1,000); 0: by fields
	tokens []dateToken
}

type dateToken struct {
	field  dateField
	letter byte // of a literal
	fixed  bool // digits follow without anything between: exactly as many digits as letters
}

// parseLayout reads a layout of the language: letters, `unix`, `unixms`, other letters in single quotes.
func parseLayout(text string) (layout, error) {
	switch text {
	case "unix":
		return layout{text: text, unix: 1}, nil
	case "unixms":
		return layout{text: text, unix: 1000}, nil
	}
	l := layout{text: text}
	for rest := text; rest != ""; {
		token, n, err := nextDateToken(rest)
		if err != nil {
			return layout{}, err
		}
		l.tokens, rest = append(l.tokens, token...), rest[n:]
	}
	l.fix()
	if err := l.check(); err != nil {
		return layout{}, err
	}
	return l, nil
}

// nextDateToken reads the first token of a layout, or a whole quoted part, and how long it is.
func nextDateToken(rest string) ([]dateToken, int, error) {
	for _, known := range dateLetters {
		if strings.HasPrefix(rest, known.letters) {
			return []dateToken{{field: known.field}}, len(known.letters), nil
		}
	}
	switch c := rest[0]; {
	case c == '\'':
		return quotedDateTokens(rest)
	case c == ' ':
		return []dateToken{{field: dateSpace}}, len(rest) - len(strings.TrimLeft(rest, " ")), nil
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		run := len(rest) - len(strings.TrimLeft(rest, rest[:1]))
		return nil, 0, fmt.Errorf("no letter of date layouts: %s (they are yyyy MM MMM dd EEE HH hh mm ss SSS a z; others in single quotes)", rest[:run])
	default:
		return []dateToken{{field: dateLiteral, letter: c}}, 1, nil
	}
}

// quotedDateTokens reads 'T' as a literal T, and ” as a quote.
func quotedDateTokens(rest string) ([]dateToken, int, error) {
	end := strings.IndexByte(rest[1:], '\'')
	if end < 0 {
		return nil, 0, fmt.Errorf("the single quote is not closed")
	}
	quoted := rest[1 : 1+end]
	if quoted == "" {
		quoted = "'"
	}
	tokens := make([]dateToken, len(quoted))
	for i := range quoted {
		tokens[i] = dateToken{field: dateLiteral, letter: quoted[i]}
	}
	return tokens, end + 2, nil
}

func (f dateField) numeric() bool {
	switch f {
	case dateYear, dateMonth, dateDay, dateHour, dateHour12, dateMinute, dateSecond, dateFraction:
		return true
	default:
		return false
	}
}

// fix marks the numbers that stand next to other numbers.
func (l *layout) fix() {
	for i := range l.tokens {
		before := i > 0 && l.tokens[i-1].field.numeric()
		after := i+1 < len(l.tokens) && l.tokens[i+1].field.numeric()
		l.tokens[i].fixed = before || after
	}
	for i := range l.tokens { // the last number of a run may be a fraction of any length
		if l.tokens[i].field == dateFraction && (i+1 == len(l.tokens) || !l.tokens[i+1].field.numeric()) && (i == 0 || !l.tokens[i-1].field.numeric()) {
			l.tokens[i].fixed = false
		}
	}
}

// check says what a layout needs to name a day.
func (l *layout) check() error {
	var has [dateZone + 1]int
	for _, t := range l.tokens {
		has[t.field]++
	}
	for f := dateYear; f <= dateZone; f++ {
		if has[f] > 1 {
			return fmt.Errorf("a date layout names one thing twice")
		}
	}
	switch {
	case has[dateYear] == 0:
		return fmt.Errorf("a date layout needs the year, yyyy")
	case has[dateMonth]+has[dateMonthName] != 1:
		return fmt.Errorf("a date layout needs the month once, MM or MMM")
	case has[dateDay] == 0:
		return fmt.Errorf("a date layout needs the day, dd")
	case has[dateHour12] != has[dateHalf] || has[dateHour12]+has[dateHour] > 1:
		return fmt.Errorf("a date layout takes the hour as HH, or as hh with a (AM, PM)")
	}
	return nil
}

// write gives a time in the layout, as far as the loader needs it to find ambiguous layouts.
func (l *layout) write(t time.Time) string {
	if l.unix > 0 {
		return fmt.Sprint(t.Unix() * l.unix)
	}
	var b strings.Builder
	for _, token := range l.tokens {
		switch token.field {
		case dateLiteral:
			b.WriteByte(token.letter)
		case dateFraction:
			b.WriteString("000")
		default:
			b.WriteString(t.Format(goLayouts[token.field]))
		}
	}
	return b.String()
}

var goLayouts = [...]string{
	dateSpace: " ", dateYear: "2006", dateMonth: "01", dateMonthName: "Jan", dateDay: "02", dateWeekday: "Mon", dateHour: "15", dateHour12: "03",
	dateMinute: "04", dateSecond: "05", dateHalf: "PM", dateZone: "Z07:00",
}

// ambiguous tells whether two layouts read one text as two different times.
func ambiguous(a, b layout) bool {
	probes := [...]time.Time{
		time.Date(2009, 10, 11, 12, 1, 2, 0, time.UTC),
		time.Date(2004, 5, 6, 7, 8, 9, 0, time.UTC),
		time.Date(2012, 12, 1, 3, 4, 5, 0, time.UTC),
	}
	for _, probe := range probes {
		if differ(a, b, a.write(probe)) || differ(a, b, b.write(probe)) {
			return true
		}
	}
	return false
}

func differ(a, b layout, text string) bool {
	ta, aReads := a.read(text, time.UTC)
	tb, bReads := b.read(text, time.UTC)
	return aReads && bReads && !ta.Equal(tb)
}
