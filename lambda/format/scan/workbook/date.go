package workbook

import (
	"math"
	"strconv"
	"time"
)

// maxDay is the day behind the last one of a sheet, 9999-12-31.
const maxDay = 2958466

// iso returns the text of a date or time that stands as a number of days; false where it is none.
func iso(number string, f numberFormat, from1904 bool) (string, bool) {
	days, err := strconv.ParseFloat(number, 64)
	if err != nil || f != dateNumber && f != timeNumber || !(days >= 0 && days < maxDay) {
		return "", false
	}
	whole := math.Floor(days)
	millis := math.Round((days - whole) * 86_400_000)
	at := epoch(whole, from1904).AddDate(0, 0, int(whole)).Add(time.Duration(millis) * time.Millisecond)
	layout := "2006-01-02T15:04:05"
	switch {
	case f == timeNumber && whole == 0:
		layout = "15:04:05"
	case millis == 0:
		layout = time.DateOnly
	}
	if int64(millis)%1000 != 0 {
		layout += ".000"
	}
	return at.Format(layout), true
}

// epoch is the day 0. Sheets that count from 1900 take that for a leap year, so that day 60 is none.
func epoch(day float64, from1904 bool) time.Time {
	switch {
	case from1904:
		return time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day < 60:
		return time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	default:
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	}
}
