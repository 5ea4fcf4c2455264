package receipt

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Counts is a number of records for each outcome. As JSON it is an object that always lists all.
type Counts struct {
	n [outcomes]int // in the order of Outcomes
}

// Add counts n more records with an outcome. An outcome that is none of Outcomes is not counted, so that the sum does not add up.
func (c *Counts) Add(o Outcome, n int) {
	if i := slices.Index(Outcomes(), o); i >= 0 {
		c.n[i] += n
	}
}

// AddAll adds other counts to these.
func (c *Counts) AddAll(other Counts) {
	for i, n := range other.n {
		c.n[i] += n
	}
}

// Of is the number of records with an outcome.
func (c Counts) Of(o Outcome) int {
	if i := slices.Index(Outcomes(), o); i >= 0 {
		return c.n[i]
	}
	return 0
}

// Sum is the number of all records counted.
func (c Counts) Sum() int {
	sum := 0
	for _, n := range c.n {
		sum += n
	}
	return sum
}

// MarshalJSON writes {"put":0,"unchanged":0,…}: always all, always in this order.
func (c Counts) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, o := range Outcomes() {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendQuote(out, string(o))
		out = append(out, ':')
		out = strconv.AppendInt(out, int64(c.n[i]), 10)
	}
	return append(out, '}'), nil
}

// UnmarshalJSON reads what MarshalJSON writes. Missing outcomes are 0, unknown ones an error.
func (c *Counts) UnmarshalJSON(data []byte) error {
	var m map[Outcome]int
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("receipt: counts: %w", err)
	}
	*c = Counts{}
	for o, n := range m {
		if !o.Valid() {
			return fmt.Errorf("receipt: counts: there is an unknown outcome: use the program that wrote the receipt, or a newer one")
		}
		c.Add(o, n)
	}
	return nil
}

// Good reports whether every record ended well: nothing for a person to look at.
func (c Counts) Good() bool {
	for i, o := range Outcomes() {
		if c.n[i] > 0 && !o.Good() {
			return false
		}
	}
	return true
}
