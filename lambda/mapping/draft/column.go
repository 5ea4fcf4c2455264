package draft

import "strings"

// column is what is known of the strings at one place.
type column struct {
	filled  int            // how many there are
	counts  map[string]int // how often each of the first maxValues different ones occurs
	values  []string       // those, in order
	longest int            // bytes
	empties map[string]bool
}

// maxValues is how many different strings of a column are looked at.
const maxValues = 3000

// add takes a string; placeholders are no values, and are remembered for `empty`.
func (c *column) add(text string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	if placeholder(text) {
		if c.empties == nil {
			c.empties = map[string]bool{}
		}
		c.empties[text] = true
		return
	}
	c.filled++
	c.longest = max(c.longest, len(text))
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	if c.counts[text] == 0 {
		if len(c.values) >= maxValues {
			return
		}
		c.values = append(c.values, text)
	}
	c.counts[text]++
}

// placeholder recognises strings that people write where there is nothing.
func placeholder(text string) bool {
	switch strings.ToLower(text) {
	case "-", "--", "---", "—", "n/a", "#n/a", "n.a.", "null", "(null)", "<null>", "nil", "k.a.", "k. a.", "[n/a]", "<none>", "(none)":
		return true
	default:
		return false
	}
}

// share returns which part of the different strings a test holds for.
func (c *column) share(test func(string) bool) float64 {
	if len(c.values) == 0 {
		return 0
	}
	n := 0
	for _, v := range c.values {
		if test(v) {
			n++
		}
	}
	return float64(n) / float64(len(c.values))
}

// all reports whether a test holds for every string of a column that has some.
func (c *column) all(test func(string) bool) bool { return c.share(test) == 1 }
