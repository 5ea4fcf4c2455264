package output

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Plural is a count with its word: "1 node", "2 nodes".
func Plural(n int, word string) string {
	return fmt.Sprintf("%d %s", n, NounOf(n, word))
}

// NounOf is the form of a noun that stands behind a number.
func NounOf(n int, of string) string {
	if n == 1 {
		return of
	}
	return of + "s"
}

// Entries is how many entries there are.
func Entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// Stamp is a time in UTC.
func Stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Word is text as one word of a command: in quotes where a shell would make something else of it.
func Word(text string) string {
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=@%+,"
	if text != "" && strings.Trim(text, plain) == "" {
		return text
	}
	return "'" + strings.ReplaceAll(Printable(text), "'", `'\''`) + "'"
}

// Printable is text as a terminal may show it: what is not printable, such as the codes that move its cursor, stands there as in Go's strings.
func Printable(text string) string {
	isShown := func(r rune) bool { return unicode.IsPrint(r) && r != unicode.ReplacementChar }
	if strings.IndexFunc(text, func(r rune) bool { return !isShown(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if isShown(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}
