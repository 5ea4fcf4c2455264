package date

import "time"

// nothing reports whether a string is what products write in place of a date that they do not have.
func nothing(text string) bool {
	switch text {
	case "0", "-1", "never", "Never", "NEVER", "0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00", "0000-00-00T00:00:00Z":
		return true
	}
	return false
}

// nothingDays are days that are zero, or the end of time, where products count from; midnight: only their first moment is.
var nothingDays = [...]struct {
	year     int
	month    time.Month
	day      int
	midnight bool
}{
	{1, time.January, 1, false},      // Go, .NET
	{1601, time.January, 1, false},   // Windows
	{1899, time.December, 30, false}, // OLE
	{1900, time.January, 1, false},   // SQL Server, spreadsheets
	{1970, time.January, 1, true},    // Unix
	{9999, time.December, 31, false}, // never ends
}

// OrNone returns the zero time for one that stands for none: 0001-01-01, 9999-12-31. It is looked at in its own zone and in UTC.
func OrNone(t time.Time) time.Time {
	if year := t.Year(); year > 1970 && year < 9998 {
		return t
	}
	if isNothing(t) || isNothing(t.UTC()) {
		return time.Time{}
	}
	return t
}

func isNothing(t time.Time) bool {
	year, month, day := t.Date()
	for _, d := range nothingDays {
		if d.year == year && d.month == month && d.day == day && (!d.midnight || t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0) {
			return true
		}
	}
	return false
}
