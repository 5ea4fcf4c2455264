package path

import "github.com/inventory-bridge/inventory-bridge/lambda/format/tree"

// Leads reports whether the steps lead from one value to another that is inside it, by what encloses that: with tests,
// also whether all on the way pass theirs (an empty list at the end passes: nothing in it does not).
func (s *Scope) Leads(steps []Step, from, to *tree.Value, tests bool) bool {
	var buf [32]*tree.Value
	way := buf[:0]
	for n := to; n != nil && n != from; n = n.Parent {
		if (n.Kind != tree.List || n == to) && n.Field != nil {
			way = append(way, n)
		}
	}
	c := chain{walk: walk{scope: s}, tests: tests, way: way}
	return c.match(steps, len(way), func(left int) bool { return left == 0 })
}

// chain goes along the values that enclose each other, the outermost last.
type chain struct {
	walk
	tests bool
	way   []*tree.Value
}

// match takes the steps along the values that are left and goes on.
func (c *chain) match(steps []Step, left int, then func(left int) bool) bool {
	if len(steps) == 0 {
		return then(left)
	}
	s := &steps[0]
	if s.Kind == Self {
		return c.match(steps[1:], left, then)
	}
	if (s.Repeat == AnyTimes || s.Repeat == AtMostOnce) && c.match(steps[1:], left, then) {
		return true
	}
	return c.taken(s, left, func(left int) bool {
		if c.match(steps[1:], left, then) {
			return true
		}
		if !s.Repeats() {
			return false
		}
		more := *s
		more.Repeat = OnceOrMore
		return c.match(append([]Step{more}, steps[1:]...), left, then)
	})
}

// taken takes a step a single time and goes on.
func (c *chain) taken(s *Step, left int, then func(left int) bool) bool {
	if s.Kind == Group {
		return c.match(s.Group, left, then)
	}
	if left == 0 {
		return false
	}
	n := c.way[left-1]
	if n.Field == nil || !s.Name.Fits(n.Field) {
		return false
	}
	if c.tests && n.Kind != tree.List && !c.all(s.Tests, n) {
		return false
	}
	return then(left - 1)
}

// all reports whether a value passes its tests, a number being its position.
func (c *chain) all(tests []Test, n *tree.Value) bool {
	for i := range tests {
		if t := &tests[i]; t.Index >= 0 && n.Index() != t.Index || t.Index < 0 && !c.holds(t, n) {
			return false
		}
	}
	return true
}
