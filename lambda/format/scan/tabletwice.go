package scan

import (
	"bytes"
	"strconv"
	"unicode"
)

// number gives each column whose name an earlier one has a name of its own: "Status", "Status 2", "Status 3". What other columns are called is
// passed over, also where it differs in what is no letter and no digit.
func (t *Table) number() {
	if len(t.twice) == 0 {
		return
	}
	taken := make(map[string]bool, len(t.names))
	for name := range t.known {
		taken[plain([]byte(name))] = true
	}
	next := make(map[string]int, len(t.twice))
	for _, i := range t.twice {
		name := t.names[i]
		n := max(2, next[string(name)])
		numbered := strconv.AppendInt(append(bytes.Clone(name), ' '), int64(n), 10)
		for ; taken[plain(numbered)]; numbered = strconv.AppendInt(append(bytes.Clone(name), ' '), int64(n), 10) {
			n++
		}
		next[string(name)] = n + 1
		taken[plain(numbered)], t.fields[i] = true, numbered
	}
}

// plain is what of a name distinguishes it from others: its letters and digits.
func plain(name []byte) string {
	return string(bytes.ToLower(bytes.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, name)))
}
