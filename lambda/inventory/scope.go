package inventory

import (
	"cmp"
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

// MaxScopeValues is how many values a scope may have. A longer one counts as if nothing was looked at.
const MaxScopeValues = 10_000

// Together is what scopes cover together, in whatever order they come.
func Together(scopes []*Scope) *Scope {
	all, values := &Scope{}, 0
	for _, s := range scopes {
		if s == nil {
			return nil
		}
		all.Clauses = append(all.Clauses, s.Clauses...)
	}
	slices.SortFunc(all.Clauses, Clause.Compare)
	all.Clauses = slices.CompactFunc(all.Clauses, Clause.Equal)
	for _, c := range all.Clauses {
		for _, b := range c {
			values += len(b.Values)
		}
	}
	if values > MaxScopeValues {
		return &Scope{}
	}
	return all
}

// Compare is negative where the clause comes before another one, and 0 only where they are equal.
func (c Clause) Compare(other Clause) int {
	return slices.CompareFunc(c, other, func(a, b Bound) int {
		return cmp.Or(cmp.Compare(a.Attribute, b.Attribute), slices.Compare(a.Values, b.Values))
	})
}

// Equal reports whether two clauses are equal.
func (c Clause) Equal(other Clause) bool { return c.Compare(other) == 0 }

// Covers reports whether an entry of a type lies within the scope. Whoever asks for many entries asks Of once.
func (s *Scope) Covers(t *Type, e Entry) bool { return s.Of(t).Has(e) }

// Cover reports which entries of a type lie within a scope.
type Cover struct {
	all     bool
	byKey   bool
	clauses [][]limit
}

// limit is a bound of an attribute that the type has.
type limit struct {
	attribute int
	values    map[string]bool
	ranges    []span // by their lower ends, none within another
}

type span struct{ low, high int }

// Of makes ready to look at entries of a type. Bounds of attributes that the type does not have bind nothing.
func (s *Scope) Of(t *Type) *Cover {
	if s == nil {
		return &Cover{all: true, byKey: true}
	}
	c := &Cover{byKey: true}
	key := t.key()
	for _, clause := range s.Clauses {
		var limits []limit
		for _, b := range clause {
			i := slices.Index(t.Attributes, b.Attribute)
			if i < 0 {
				continue
			}
			limits = append(limits, limitOf(i, b.Values))
			c.byKey = c.byKey && slices.Contains(key, i)
		}
		c.clauses = append(c.clauses, limits)
	}
	return c
}

func limitOf(attribute int, values []string) limit {
	l := limit{attribute: attribute, values: make(map[string]bool, len(values))}
	for _, v := range values {
		l.values[v] = true
		from, to, isRange := strings.Cut(v, "-")
		if !isRange {
			continue
		}
		low, errLow := strconv.Atoi(from)
		high, errHigh := strconv.Atoi(to)
		if errLow == nil && errHigh == nil && low <= high {
			l.ranges = append(l.ranges, span{low, high})
		}
	}
	slices.SortFunc(l.ranges, func(a, b span) int { return a.low - b.low })
	l.ranges = joined(l.ranges)
	return l
}

// joined joins ranges that overlap, so that their upper ends are in order, too.
func joined(ranges []span) []span {
	var out []span
	for _, r := range ranges {
		if last := len(out) - 1; last >= 0 && r.low <= out[last].high {
			out[last].high = max(out[last].high, r.high)
			continue
		}
		out = append(out, r)
	}
	return out
}

// ByKey reports whether an entry's key alone decides whether it lies within the scope.
func (c *Cover) ByKey() bool { return c.byKey }

// Has reports whether an entry lies within the scope.
func (c *Cover) Has(e Entry) bool {
	return c.all || slices.ContainsFunc(c.clauses, func(limits []limit) bool {
		return !slices.ContainsFunc(limits, func(l limit) bool { return e[l.attribute] != "" && !l.has(e[l.attribute]) })
	})
}

func (l *limit) has(value string) bool {
	if l.values[value] {
		return true
	}
	if len(l.ranges) == 0 {
		return false
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		return false
	}
	_, within := slices.BinarySearchFunc(l.ranges, n, func(r span, n int) int {
		switch {
		case r.high < n:
			return -1
		case r.low > n:
			return 1
		}
		return 0
	})
	return within
}
