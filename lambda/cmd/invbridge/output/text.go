package output

import (
	"fmt"
	"time"
)

// Plural is a count with its word: "1 node", "2 nodes".
func Plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// Stamp is a time in UTC.
func Stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
