// Package date knows how dates are written: in layouts, in ISO 8601, with the names of months and zones. It reads strings as times
// and knows nothing of mappings, files or documents.
package date

import (
	"fmt"
	"time"
	_ "time/tzdata" // zones are the same on every machine
)

// Reader reads the dates of one attribute: by its layouts in order, then by ISO 8601, as Go writes dates, by RFC 1123, as /Date(1772431200000)/, and
// by what else its documents may have.
type Reader struct {
	Layouts []Layout
	Else    []Layout
	Zone    *time.Location // of times that name none; a date without a time is that day in UTC
}

// Read returns the time that a string states; the zero time where it is what products write for no date; false where no layout reads it or
// where there is no such day.
func (r *Reader) Read(text string) (time.Time, bool) { return r.ReadIn(Unknown, text) }

// ReadIn does the same in a document that writes days and months in an order.
func (r *Reader) ReadIn(order Order, text string) (time.Time, bool) {
	if nothing(text) {
		return time.Time{}, true
	}
	t, ok := readBy(r.Layouts, text, r.Zone, order)
	if !ok {
		t, ok = readISO(text, r.Zone)
	}
	if !ok {
		t, ok = readRFC1123(text, r.Zone)
	}
	if !ok {
		t, ok = readScript(text)
	}
	if !ok {
		t, ok = readBy(r.Else, text, r.Zone, order)
	}
	return OrNone(t), ok
}

// readBy reads by the first layout that fits.
func readBy(layouts []Layout, text string, zone *time.Location, order Order) (time.Time, bool) {
	for i := range layouts {
		if t, ok := layouts[i].read(text, zone, order); ok {
			return t, true
		}
	}
	return time.Time{}, false
}

// IsOpen reports whether a string that was not read is a date of a document in another order than Unknown.
func (r *Reader) IsOpen(text string) bool {
	_, ok := readBy(r.Layouts, text, r.Zone, DayFirst)
	if !ok {
		_, ok = readBy(r.Else, text, r.Zone, DayFirst)
	}
	return ok
}

// Zone finds a time zone by an abbreviation that dates may end in, or by its name in the tz database.
func Zone(name string) (*time.Location, error) {
	if minutes, known := zones[name]; known {
		return fixedZone(minutes), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fmt.Errorf("no time zone is called %s: UTC, Europe/Berlin", name)
	}
	return zone, nil
}

// Canonical is how times are written: RFC 3339, UTC, whole seconds.
func Canonical(t time.Time) string {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return t.Format("2006-01-02T15:04:05Z")
	}
	b := [...]byte{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0', '0', ':', '0', '0', ':', '0', '0', 'Z'}
	hour, minute, second := t.Clock()
	for _, field := range [...]struct{ end, value int }{{4, year}, {7, int(month)}, {10, day}, {13, hour}, {16, minute}, {19, second}} {
		for at, n := field.end, field.value; n > 0; n /= 10 {
			at--
			b[at] += byte(n % 10)
		}
	}
	return string(b[:])
}

// civil collects the fields of a date.
type civil struct {
	year, month, day           int
	hour, minute, second, nano int
	either                     [2]int // numbers of which the order tells what they are
	half                       int    // 1: AM, 2: PM
	zone                       *time.Location
	clock                      bool // it has a time of day
}

// instant returns the time, if there is such a day and hour.
func (c civil) instant(zone *time.Location) (time.Time, bool) {
	if c.half > 0 {
		if c.hour < 1 || c.hour > 12 {
			return time.Time{}, false
		}
		c.hour = c.hour%12 + 12*(c.half-1)
	}
	if c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > daysIn(c.year, c.month) {
		return time.Time{}, false
	}
	midnight := c.hour == 24 && c.minute == 0 && c.second == 0 && c.nano == 0
	if c.hour > 23 && !midnight || c.minute > 59 || c.second > 60 {
		return time.Time{}, false
	}
	switch {
	case c.zone != nil:
		zone = c.zone
	case !c.clock:
		zone = time.UTC // a day is the same day in every zone
	}
	t := time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute, c.second, c.nano, zone)
	year := t.UTC().Year()
	return t, year >= 1 && year <= 9999
}

// daysIn returns the last day of a month, which is the one before the first of the next.
func daysIn(year, month int) int {
	return time.Date(year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day()
}

// Read returns the time that a string states in this layout. The whole string must fit.
func (l *Layout) Read(text string, zone *time.Location) (time.Time, bool) {
	return l.read(text, zone, Unknown)
}

func (l *Layout) read(text string, zone *time.Location, order Order) (time.Time, bool) {
	if l.unix > 0 {
		return readUnix(text, l.unix)
	}
	var c civil
	rest := text
	for _, token := range l.tokens {
		var ok bool
		rest, ok = token.read(rest, &c)
		if !ok {
			return time.Time{}, false
		}
	}
	if rest != "" || l.open && !c.settle(order) {
		return time.Time{}, false
	}
	return c.instant(zone)
}

// readUnix reads seconds of 9 or 10 digits, or milliseconds of 12 or 13, so that no compact date is taken for one. A
// fraction of seconds is cut.
func readUnix(text string, unit int64) (time.Time, bool) {
	whole, fraction := digits(text, 13)
	n := len(text) - len(fraction)
	if fraction != "" {
		if fraction[0] != '.' || len(fraction) < 2 {
			return time.Time{}, false
		}
		if _, rest := digits(fraction[1:], 18); rest != "" {
			return time.Time{}, false
		}
	}
	if unit == 1 && (n < 9 || n > 10) || unit == 1000 && (n < 12 || n > 13) {
		return time.Time{}, false
	}
	return time.Unix(whole/unit, whole%unit*(1e9/unit)).UTC(), true
}

// read takes one token from the beginning of a string.
func (t token) read(rest string, c *civil) (string, bool) {
	switch t.field {
	case fieldLiteral:
		if rest == "" || rest[0] != t.letter {
			return rest, false
		}
		return rest[1:], true
	case fieldSpace:
		after := skipSpace(rest)
		return after, len(after) < len(rest)
	case fieldMonthName:
		return readName(rest, monthNames[:], &c.month)
	case fieldWeekday:
		var day int
		return readName(rest, weekdayNames[:], &day)
	case fieldHalf:
		return readName(rest, halfNames[:], &c.half)
	case fieldZone:
		return readZone(rest, c)
	case fieldFraction:
		most := 9
		if t.fixed {
			most = 3
		}
		return readFraction(rest, most, c)
	case fieldYear:
		return readNumber(rest, 4, 4, &c.year)
	case fieldShortYear:
		rest, ok := readNumber(rest, 2, 2, &c.year)
		if c.year < 69 { // as POSIX has it, where a century is missing
			c.year += 100
		}
		c.year += 1900
		return rest, ok
	case fieldMonth:
		return t.number(rest, &c.month)
	case fieldDay:
		return t.number(rest, &c.day)
	case fieldEither:
		if c.either[0] == 0 {
			return t.number(rest, &c.either[0])
		}
		return t.number(rest, &c.either[1])
	case fieldMinute:
		return t.number(rest, &c.minute)
	case fieldSecond:
		return t.number(rest, &c.second)
	default:
		c.clock = true
		return t.number(rest, &c.hour)
	}
}

// number reads one digit or two; exactly two where other digits stand beside them.
func (t token) number(rest string, to *int) (string, bool) {
	least := 1
	if t.fixed {
		least = 2
	}
	return readNumber(rest, least, 2, to)
}
