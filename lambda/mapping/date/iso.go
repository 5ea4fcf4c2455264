package date

import (
	"strings"
	"time"
)

// readISO reads a date of ISO 8601, with or without a time, seconds, fraction and zone, in the basic and the extended
// form, as day of the month, of the year or of the week. A space may stand for the T, and may precede the zone. Behind an offset may stand
// what Go writes there: the zone's name, and the reading of its other clock.
func readISO(text string, zone *time.Location) (time.Time, bool) {
	var c civil
	rest, ok := readISODate(text, &c)
	if !ok {
		return time.Time{}, false
	}
	if rest != "" {
		rest, ok = readISOTime(rest, &c)
		if !ok || rest != "" {
			return time.Time{}, false
		}
	}
	return c.instant(zone)
}

// readISODate reads 2024-05-09, 20240509, 2024-130, 2024130, 2024-W19-4 or 2024W194.
func readISODate(text string, c *civil) (string, bool) {
	rest, ok := readNumber(text, 4, 4, &c.year)
	if !ok {
		return text, false
	}
	rest, extended := strings.CutPrefix(rest, "-")
	if week, ok := strings.CutPrefix(rest, "W"); ok {
		return readISOWeek(week, extended, c)
	}
	_, after := digits(rest, 5)
	switch n := len(rest) - len(after); {
	case n == 3:
		return readISODayOfYear(rest, c)
	case extended && n == 2:
		rest, _ = readNumber(rest, 2, 2, &c.month)
		rest, ok = strings.CutPrefix(rest, "-")
		if !ok {
			return text, false
		}
		return readNumber(rest, 2, 2, &c.day)
	case !extended && n == 4:
		rest, _ = readNumber(rest, 2, 2, &c.month)
		return readNumber(rest, 2, 2, &c.day)
	default:
		return text, false
	}
}

func readISODayOfYear(text string, c *civil) (string, bool) {
	var day int
	rest, _ := readNumber(text, 3, 3, &day)
	t := time.Date(c.year, 1, day, 0, 0, 0, 0, time.UTC)
	c.month, c.day = int(t.Month()), t.Day()
	return rest, day > 0 && t.Year() == c.year
}

func readISOWeek(text string, extended bool, c *civil) (string, bool) {
	var week, day int
	rest, ok := readNumber(text, 2, 2, &week)
	if ok && extended {
		rest, ok = strings.CutPrefix(rest, "-")
	}
	if ok {
		rest, ok = readNumber(rest, 1, 1, &day)
	}
	if !ok || week < 1 || week > 53 || day < 1 || day > 7 {
		return text, false
	}
	fourth := time.Date(c.year, 1, 4, 0, 0, 0, 0, time.UTC) // is always in the first week
	t := fourth.AddDate(0, 0, (week-1)*7+day-1-(int(fourth.Weekday())+6)%7)
	if _, last := t.ISOWeek(); last != week {
		return text, false
	}
	c.year, c.month, c.day = t.Year(), int(t.Month()), t.Day()
	return rest, true
}

// readISOTime reads what follows a date: T or space, hours, minutes, seconds, fraction, zone.
func readISOTime(text string, c *civil) (string, bool) {
	rest := text
	switch text[0] {
	case 'T', 't':
		rest = rest[1:]
	case ' ', '\t':
		rest = skipSpace(rest)
	default:
		return readISOZone(rest, c)
	}
	rest, ok := readNumber(rest, 2, 2, &c.hour)
	if !ok {
		return text, false
	}
	c.clock = true
	rest, ok = readISOPart(rest, &c.minute)
	if ok {
		rest, ok = readISOPart(rest, &c.second)
	}
	if ok && rest != "" && (rest[0] == '.' || rest[0] == ',') {
		rest, ok = readFraction(rest[1:], 9, c)
		if !ok {
			return text, false
		}
	}
	return readISOZone(rest, c)
}

// readISOPart reads minutes or seconds if there are any.
func readISOPart(text string, to *int) (string, bool) {
	if after, ok := readNumber(strings.TrimPrefix(text, ":"), 2, 2, to); ok {
		return after, true
	}
	*to = 0
	return text, false
}

func readISOZone(text string, c *civil) (string, bool) {
	rest := skipSpace(text)
	if rest == "" {
		return rest, true
	}
	after, ok := readZone(rest, c)
	if ok && (rest[0] == '+' || rest[0] == '-') && strings.HasPrefix(after, " ") {
		after = skipGo(after)
	}
	return after, ok
}

// skipGo passes over a zone's name, or its offset once more, and m=+0.123, if there is nothing else.
func skipGo(text string) string {
	fields := strings.Fields(text)
	if len(fields) > 0 && (strings.Trim(fields[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" || strings.Trim(fields[0], "+-0123456789") == "") {
		fields = fields[1:]
	}
	if len(fields) > 0 && strings.HasPrefix(fields[0], "m=") && strings.Trim(fields[0][2:], "+-.0123456789") == "" {
		fields = fields[1:]
	}
	if len(fields) > 0 {
		return text
	}
	return ""
}
