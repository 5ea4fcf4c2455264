package mapping

import "time"

// ReadDate reads a text as a mapping with this layout and no zone does; with "" only dates of ISO 8601 are read. It is for those
// who look for the layout of a column.
func ReadDate(text, layoutText string) (time.Time, bool) {
	if layoutText == "" {
		return readISO(text, time.UTC)
	}
	l, err := parseLayout(layoutText)
	if err != nil {
		return time.Time{}, false
	}
	return l.read(text, time.UTC)
}
