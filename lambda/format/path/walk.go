package path

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// walk goes along paths.
type walk struct {
	scope *Scope
	lists bool // an empty list at the end of a path is something, too
	one   bool // a single value is enough, one that is there for a condition
}

// enough reports whether nothing further is looked for.
func (w *walk) enough(out []*tree.Value) bool { return w.one && len(out) > 0 }

// from appends the values of a path with any root.
func (p *Path) from(w *walk, from *tree.Value, out []*tree.Value) []*tree.Value {
	switch p.Root {
	case RootHere:
		return w.along(p.Steps, from, out)
	case RootHost:
		from = w.scope.Host
	case RootDoc:
		from = w.scope.Doc
	case RootRows:
		from = w.scope.Doc
		if from != nil && from.Kind != tree.List {
			from = w.scope.Rows // none in XML
		}
	case RootUp:
		return p.up(w, from, out)
	case RootTable:
		return p.rows(w, from, out)
	default:
		return out
	}
	if from == nil {
		return out
	}
	return w.along(p.Steps, from, out)
}

// up takes the nearest enclosing object in which the path is something.
func (p *Path) up(w *walk, from *tree.Value, out []*tree.Value) []*tree.Value {
	inner := Path{Steps: p.Steps, End: p.End}
	has := walk{scope: w.scope, lists: true, one: true}
	for n := from.Parent; n != nil; n = n.Parent {
		if n.Kind != tree.Object {
			continue
		}
		if len(p.Steps) == 0 && inner.textOf(w.scope, n) != "" || len(p.Steps) > 0 && inner.has(&has, n) {
			return w.along(p.Steps, n, out)
		}
	}
	return out
}

// rows goes on from the rows of a table.
func (p *Path) rows(w *walk, from *tree.Value, out []*tree.Value) []*tree.Value {
	if w.scope.Tables == nil {
		return out
	}
	if p.In == nil {
		return p.rowsIn(w, from, place{owner: from.Scope}, out)
	}
	var buf [4]*tree.Value
	rows := p.In.Nodes(w.scope, from, buf[:0])
	if len(rows) == 0 && p.InAny {
		return p.rowsIn(w, from, place{owner: from.Scope}, out)
	}
	for _, row := range rows {
		out = p.rowsIn(w, from, place{row.Scope, row}, out)
	}
	return out
}

// rowsIn goes on from the rows that are found at a place.
func (p *Path) rowsIn(w *walk, from *tree.Value, at place, out []*tree.Value) []*tree.Value {
	var buf [4]string
	for i := range p.Keys {
		found := false
		for _, key := range p.Keys[i].Texts(w.scope, from, buf[:0]) {
			if row := w.scope.Tables.find(p.Table, key, at); row != nil {
				out, found = w.along(p.Steps, row, out), true
			}
		}
		if found {
			break
		}
	}
	return out
}

// along appends the values at the end of the steps.
func (w *walk) along(steps []Step, n *tree.Value, out []*tree.Value) []*tree.Value {
	if n.Kind == tree.List && (len(steps) > 0 || !n.HasText()) {
		if len(steps) == 0 && w.lists && n.First == nil {
			return append(out, n)
		}
		for item := n.First; item != nil && !w.enough(out); item = item.Next {
			out = w.along(steps, item, out)
		}
		return out
	}
	if n.Kind == tree.Null {
		return out
	}
	if len(steps) == 0 {
		if w.one && !w.scope.isValue(n) {
			return out
		}
		return append(out, n)
	}
	switch st := &steps[0]; {
	case st.Kind == Self:
		if w.scope.Passes(st.Tests, n) {
			out = w.along(steps[1:], n, out)
		}
		return out
	case st.Repeat == Once && st.Kind == Field:
		return w.field(st, steps[1:], n, out)
	default:
		return w.repeated(st, steps[1:], n, out)
	}
}

// repeated takes a group or a repeated field: outer values come before inner ones.
func (w *walk) repeated(st *Step, rest []Step, n *tree.Value, out []*tree.Value) []*tree.Value {
	if st.Repeat == AnyTimes || st.Repeat == AtMostOnce {
		out = w.along(rest, n, out)
	}
	return w.again(st, rest, n, out)
}

// again takes the group at least once.
func (w *walk) again(st *Step, rest []Step, n *tree.Value, out []*tree.Value) []*tree.Value {
	var buf [8]*tree.Value
	single := walk{scope: w.scope, lists: w.lists && len(rest) == 0}
	for _, m := range single.inside(st, n, buf[:0]) {
		out = w.along(rest, m, out)
		if st.Repeats() {
			out = w.again(st, rest, m, out)
		}
	}
	return out
}

// inside is what the repeated step leads to, taken a single time.
func (w *walk) inside(st *Step, n *tree.Value, out []*tree.Value) []*tree.Value {
	if st.Kind == Group {
		return w.along(st.Group, n, out)
	}
	if n.Kind == tree.List {
		for item := n.First; item != nil; item = item.Next {
			out = w.inside(st, item, out)
		}
		return out
	}
	return w.field(st, nil, n, out)
}

// field goes on from the fields of a name.
func (w *walk) field(st *Step, rest []Step, n *tree.Value, out []*tree.Value) []*tree.Value {
	if w.scope.Names != nil && w.scope.Names.Lack(&st.Name) {
		return out
	}
	if len(st.Tests) > 0 {
		return w.tested(st, rest, n, out)
	}
	if st.Name.Wild() {
		return w.wild(&st.Name, rest, n, out)
	}
	if n.IsWide() {
		return w.many(&st.Name, rest, n, out)
	}
	found, near := false, (*tree.Value)(nil)
	if only, known := w.scope.Index.Only(n, &st.Name); known {
		return w.in(only, rest, out)
	}
	for c := n.First; c != nil && !w.enough(out); c = c.Next { // most paths end here, so no function that is not inlined
		if c.Field == nil || !st.Name.Near(c.Field) {
			continue
		}
		if c.Kind != tree.Null && st.Name.Exact(c.Field) {
			out, found = w.along(rest, c, out), true
		} else if near == nil {
			near = c
		}
	}
	if found {
		return out
	}
	return w.loose(st, rest, near, out)
}

// wild goes on from the fields of a name with *.
func (w *walk) wild(name *tree.Pattern, rest []Step, n *tree.Value, out []*tree.Value) []*tree.Value {
	for c := n.First; c != nil; c = c.Next {
		if c.Field != nil && name.Fits(c.Field) {
			out = w.along(rest, c, out)
		}
	}
	return out
}

// in goes on from the only field of a name; nil: there is none.
func (w *walk) in(only *tree.Value, rest []Step, out []*tree.Value) []*tree.Value {
	if only == nil {
		return out
	}
	return w.along(rest, only, out)
}

// many goes on from the fields of a name without * of a wide object.
func (w *walk) many(name *tree.Pattern, rest []Step, n *tree.Value, out []*tree.Value) []*tree.Value {
	exact := hasExact(name, n)
	for c := range n.Near(name) {
		if isNamed(c, name, exact) {
			out = w.along(rest, c, out)
		}
		if w.enough(out) {
			break
		}
	}
	return out
}

// loose goes on from the fields, from one on, that have a name's letters and digits.
func (w *walk) loose(st *Step, rest []Step, from *tree.Value, out []*tree.Value) []*tree.Value {
	for c := from; c != nil; c = c.Next {
		if c.Field != nil && st.Name.Loose(c.Field) {
			out = w.along(rest, c, out)
		}
	}
	return out
}

// hasExact reports whether an object has a field that is spelled like the name, and is not null: then fields of other spellings do not count.
func hasExact(name *tree.Pattern, n *tree.Value) bool {
	if name.Wild() {
		return false
	}
	if n.IsWide() {
		return hasExactNear(name, n)
	}
	for c := n.First; c != nil; c = c.Next {
		if c.Field != nil && c.Kind != tree.Null && name.Exact(c.Field) {
			return true
		}
	}
	return false
}

func hasExactNear(name *tree.Pattern, n *tree.Value) bool {
	for c := range n.Near(name) {
		if c.Kind != tree.Null && name.Exact(c.Field) {
			return true
		}
	}
	return false
}

// isNamed reports whether a field has the name: with exact, in the same spelling.
func isNamed(c *tree.Value, name *tree.Pattern, exact bool) bool {
	return c.Field != nil && (exact && name.Exact(c.Field) || !exact && name.Fits(c.Field))
}

// tested goes on from those of the fields' values that pass all tests.
func (w *walk) tested(st *Step, rest []Step, n *tree.Value, out []*tree.Value) []*tree.Value {
	var buf [16]*tree.Value
	values := w.fields(&st.Name, n, buf[:0])
	if w.one && !slices.ContainsFunc(st.Tests, func(t Test) bool { return t.Index >= 0 }) {
		return w.firstTested(st.Tests, rest, values, out)
	}
	for i := range st.Tests {
		values = w.filter(&st.Tests[i], values)
	}
	for _, v := range values {
		out = w.along(rest, v, out)
	}
	return out
}

// firstTested goes on from the first of the values that passes all tests, none of which is a position, and leads to something.
func (w *walk) firstTested(tests []Test, rest []Step, values, out []*tree.Value) []*tree.Value {
	for _, v := range values {
		if w.scope.Passes(tests, v) {
			out = w.along(rest, v, out)
		}
		if w.enough(out) {
			break
		}
	}
	return out
}

// fields appends the values of the fields of a name; the items of lists, nulls among them.
func (w *walk) fields(name *tree.Pattern, n *tree.Value, out []*tree.Value) []*tree.Value {
	exact := hasExact(name, n)
	if n.IsWide() && !name.Wild() {
		for c := range n.Near(name) {
			if isNamed(c, name, exact) {
				out = appendValues(c, out)
			}
		}
		return out
	}
	for c := n.First; c != nil; c = c.Next {
		if isNamed(c, name, exact) {
			out = appendValues(c, out)
		}
	}
	return out
}

func appendValues(n *tree.Value, out []*tree.Value) []*tree.Value {
	if n.Kind != tree.List {
		return append(out, n)
	}
	for item := n.First; item != nil; item = item.Next {
		out = appendValues(item, out)
	}
	return out
}

func (w *walk) filter(t *Test, values []*tree.Value) []*tree.Value {
	if t.Index >= 0 {
		if t.Index >= len(values) {
			return nil
		}
		return values[t.Index : t.Index+1]
	}
	kept := values[:0]
	for _, v := range values {
		if w.holds(t, v) {
			kept = append(kept, v)
		}
	}
	return kept
}

// Passes reports whether a value passes the conditions, as far as they do not depend on its position.
func (s *Scope) Passes(tests []Test, n *tree.Value) bool {
	w := walk{scope: s}
	for i := range tests {
		if tests[i].Index >= 0 {
			return true
		}
		if !w.holds(&tests[i], n) {
			return false
		}
	}
	return true
}

func (w *walk) holds(t *Test, n *tree.Value) bool {
	if n.Kind == tree.Null {
		return false
	}
	if t.Path.Lacks(w.scope) {
		return t.Values != nil && t.Negate
	}
	if t.Values == nil {
		return t.Path.has(&walk{scope: w.scope, lists: true, one: true}, n)
	}
	return slices.ContainsFunc(w.scope.tested(&t.Path, n), t.fits) != t.Negate
}

// fits reports whether a string is one that the condition wants.
func (t *Test) fits(text string) bool {
	if t.exact {
		return slices.Contains(t.Values, text)
	}
	return tree.GlobAny(t.Values, text)
}

// tested returns the strings that the path of a condition leads to, until it is called again.
func (s *Scope) tested(p *Path, n *tree.Value) []string {
	if s.Buffer == nil || !p.plain { // there may be conditions on the way
		return p.Texts(s, n, nil)
	}
	s.Buffer.texts = s.plainTexts(p.Steps, n, s.Buffer.texts[:0])
	return s.Buffer.texts
}
