// Package content knows what the values at one place of a document look like: how many there are, which of them identify machines, and
// how their dates are written. It knows nothing of names.
package content

import "strings"

// Column is what is known of the strings at one place.
type Column struct {
	Filled  int      // how many there are
	Values  []string // the first maxValues different ones, in order
	Longest int      // bytes
	Empties map[string]bool

	known map[string]bool
}

// maxValues is how many different strings of a column are looked at.
const maxValues = 3000

// Add takes a string; placeholders are no values, and are remembered for `empty`.
func (c *Column) Add(text string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	if c.known == nil {
		c.known, c.Empties = map[string]bool{}, map[string]bool{}
	}
	if Placeholder(text) {
		c.Empties[text] = true
		return
	}
	c.Filled++
	c.Longest = max(c.Longest, len(text))
	if !c.known[text] && len(c.Values) < maxValues {
		c.known[text] = true
		c.Values = append(c.Values, text)
	}
}

// Placeholder recognises strings that people write where there is nothing.
func Placeholder(text string) bool {
	if text == `\N` {
		return true
	}
	switch strings.ToLower(text) {
	case "-", "--", "---", "—", "n/a", "#n/a", "n.a.", "null", "(null)", "<null>", "nil", "k.a.", "k. a.", "[n/a]", "<none>", "(none)":
		return true
	default:
		return false
	}
}

// Share returns which part of the different strings a test holds for.
func (c *Column) Share(test func(string) bool) float64 {
	n := 0
	for _, v := range c.Values {
		if test(v) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(c.Values)))
}

// All reports whether a test holds for every string of a column that has some.
func (c *Column) All(test func(string) bool) bool { return c.Share(test) == 1 }
