package date

import (
	"strings"
	"time"
)

var (
	monthNames = [...]string{
		"january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
		"november", "december",
	}
	weekdayNames = [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
	halfNames    = [...]string{"am", "pm"}
)

// zones are the abbreviations that dates may end in, in minutes east of UTC. Where a name is used twice in the world, it
// is the one that products of the trade print.
var zones = map[string]int{
	"Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 60, "BST": 60, "IST": 330, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120,
	"EET": 120, "EEST": 180, "MSK": 180, "SAST": 120, "GST": 240, "PKT": 300, "SGT": 480, "HKT": 480, "AWST": 480, "JST": 540, "KST": 540,
	"ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "BRT": -180, "ART": -180, "AST": -240, "ADT": -180,
	"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480,
	"HST": -600, "NST": -210, "NDT": -150,
}

// digits reads up to most digits.
func digits(text string, most int) (int64, string) {
	n, i := int64(0), 0
	for i < len(text) && i < most && text[i] >= '0' && text[i] <= '9' {
		n = n*10 + int64(text[i]-'0')
		i++
	}
	return n, text[i:]
}

func readNumber(text string, least, most int, to *int) (string, bool) {
	n, rest := digits(text, most)
	*to = int(n)
	return rest, len(text)-len(rest) >= least
}

// readFraction reads the digits after a decimal point as nanoseconds; what is finer than that is cut.
func readFraction(text string, most int, c *civil) (string, bool) {
	n, rest := digits(text, most)
	read := len(text) - len(rest)
	for i := read; i < 9; i++ {
		n *= 10
	}
	c.nano = int(n)
	if most == 9 {
		rest = strings.TrimLeft(rest, "0123456789")
	}
	return rest, read > 0
}

// readName reads a name of a list, whole or its first letters (three, or all of a shorter one), without case.
func readName(text string, names []string, to *int) (string, bool) {
	n := 0
	for n < len(text) && (text[n]|0x20 >= 'a' && text[n]|0x20 <= 'z') {
		n++
	}
	for i, name := range names {
		if strings.EqualFold(text[:n], name) || strings.EqualFold(text[:n], name[:min(3, len(name))]) {
			*to = i + 1
			if n < len(text) && text[n] == '.' && n < len(name) { // "Sept." is none, "Sep." is
				n++
			}
			return text[n:], true
		}
	}
	return text, false
}

// skipSpace also passes over the spaces that do not break, which newer libraries write before AM and PM.
func skipSpace(text string) string { return strings.TrimLeft(text, " \t\u00a0\u202f") }

// readZone reads Z, a known abbreviation, or an offset of the forms +02, +0200, +02:00 (also after UTC or GMT).
func readZone(text string, c *civil) (string, bool) {
	n := 0
	for n < len(text) && (text[n]|0x20 >= 'a' && text[n]|0x20 <= 'z') {
		n++
	}
	rest := text[n:]
	if n > 0 {
		minutes, known := zones[text[:n]]
		if !known {
			minutes, known = zones[strings.ToUpper(text[:n])]
		}
		if !known {
			return text, false
		}
		c.zone = fixedZone(minutes)
		if minutes != 0 || rest == "" || rest[0] != '+' && rest[0] != '-' {
			return rest, true
		}
	}
	return readOffset(rest, c)
}

func readOffset(text string, c *civil) (string, bool) {
	if text == "" || text[0] != '+' && text[0] != '-' {
		return text, false
	}
	var hours, minutes int
	rest, ok := readNumber(text[1:], 2, 2, &hours)
	after, colon := strings.CutPrefix(rest, ":")
	if ok && (colon || after != "" && after[0] >= '0' && after[0] <= '9') {
		rest, ok = readNumber(after, 2, 2, &minutes)
	}
	if !ok || hours > 18 || minutes > 59 {
		return text, false
	}
	minutes += hours * 60
	if text[0] == '-' {
		minutes = -minutes
	}
	c.zone = fixedZone(minutes)
	return rest, true
}

func fixedZone(minutes int) *time.Location {
	if minutes == 0 {
		return time.UTC
	}
	return time.FixedZone("", minutes*60)
}
