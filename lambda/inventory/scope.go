package inventory

import (
	"slices"
	"strconv"
	"strings"
)

// Scope is what a statement looked at of a type's entries: those that any of its clauses covers. A statement that has one says nothing of
// the entries outside it. Without clauses it looked at none; a nil Scope covers all.
type Scope struct {
	Clauses []Clause `json:"clauses,omitempty"`
}

// Clause covers the entries that lie within all of its bounds.
type Clause []Bound

// Bound is what an attribute may be: one of some strings, or a number in one of some ranges ("1-1024"). An entry without a value for
// the attribute is within the bound.
type Bound struct {
	Attribute string   `json:"attribute"`
	Values    []string `json:"values"`
}

// Covers reports whether an entry of a type lies within the scope.
func (s *Scope) Covers(t *Type, e Entry) bool {
	if s == nil {
		return true
	}
	return slices.ContainsFunc(s.Clauses, func(c Clause) bool { return c.covers(t, e) })
}

func (c Clause) covers(t *Type, e Entry) bool {
	for _, b := range c {
		i := slices.Index(t.Attributes, b.Attribute)
		if i >= 0 && e[i] != "" && !b.has(e[i]) {
			return false
		}
	}
	return true
}

func (b *Bound) has(value string) bool {
	n, err := strconv.Atoi(value)
	number := err == nil
	return slices.ContainsFunc(b.Values, func(v string) bool {
		if v == value {
			return true
		}
		from, to, isRange := strings.Cut(v, "-")
		if !isRange || !number {
			return false
		}
		low, errLow := strconv.Atoi(from)
		high, errHigh := strconv.Atoi(to)
		return errLow == nil && errHigh == nil && low <= n && n <= high
	})
}
