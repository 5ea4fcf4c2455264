package date

import (
	"strconv"
	"strings"
	"time"
)

// readScript reads /Date(1772431200000)/ and /Date(1772431200000+0100)/, as older writers of JSON write dates: milliseconds since 1970,
// and an offset that changes nothing.
func readScript(text string) (time.Time, bool) {
	inner, ok := strings.CutPrefix(text, "/Date(")
	if !ok {
		return time.Time{}, false
	}
	inner, ok = strings.CutSuffix(inner, ")/")
	if !ok {
		return time.Time{}, false
	}
	if i := strings.LastIndexAny(inner, "+-"); i > 0 {
		if _, rest := digits(inner[i+1:], 4); rest != "" || len(inner)-i != len("+0100") {
			return time.Time{}, false
		}
		inner = inner[:i]
	}
	n, err := strconv.ParseInt(inner, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	t := time.UnixMilli(n).UTC()
	return t, t.Year() >= 1 && t.Year() <= 9999
}
