package format

// walk goes along paths.
type walk struct {
	scope *Scope
	lists bool // an empty list at the end of a path is something, too
}

// from appends the nodes of a path with any root.
func (p *Path) from(w *walk, from *Node, out []*Node) []*Node {
	switch p.root {
	case RootHere:
		return w.along(p.steps, from, out)
	case RootHost:
		from = w.scope.Host
	case RootDoc:
		from = w.scope.Doc
	case RootRows:
		if from = w.scope.Doc; from != nil && from.kind != nodeList {
			from = w.scope.rows // none in XML
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
	return w.along(p.steps, from, out)
}

// up takes the nearest enclosing object in which the path is something.
func (p *Path) up(w *walk, from *Node, out []*Node) []*Node {
	inner := Path{steps: p.steps, fact: p.fact}
	has := walk{scope: w.scope, lists: true}
	for n := from.Parent(); n != nil; n = n.Parent() {
		if n.kind != nodeObject {
			continue
		}
		if len(p.steps) == 0 && inner.textOf(w.scope, n) != "" || len(p.steps) > 0 && inner.has(&has, n) {
			return w.along(p.steps, n, out)
		}
	}
	return out
}

// rows goes on from the rows of a table.
func (p *Path) rows(w *walk, from *Node, out []*Node) []*Node {
	if w.scope.Tables == nil {
		return out
	}
	var buf [4]string
	for _, key := range p.key.Texts(w.scope, from, buf[:0]) {
		if row := w.scope.Tables.find(p.table, key); row != nil {
			out = w.along(p.steps, row, out)
		}
	}
	return out
}

// along appends the nodes at the end of the steps.
func (w *walk) along(steps []step, n *Node, out []*Node) []*Node {
	if n.kind == nodeList && (len(steps) > 0 || !n.HasText()) {
		if len(steps) == 0 && w.lists && n.First() == nil {
			return append(out, n)
		}
		for item := n.First(); item != nil; item = item.Next() {
			out = w.along(steps, item, out)
		}
		return out
	}
	if n.kind == nodeNull {
		return out
	}
	if len(steps) == 0 {
		return append(out, n)
	}
	switch st := &steps[0]; {
	case st.kind == stepSelf:
		if w.passes(st.tests, n) {
			out = w.along(steps[1:], n, out)
		}
		return out
	case st.repeat == once && st.kind == stepField:
		return w.field(st, steps[1:], n, out)
	default:
		return w.repeated(st, steps[1:], n, out)
	}
}

// repeated takes a group or a repeated field: outer nodes come before inner ones.
func (w *walk) repeated(st *step, rest []step, n *Node, out []*Node) []*Node {
	if st.repeat == anyTimes || st.repeat == atMostOne {
		out = w.along(rest, n, out)
	}
	return w.again(st, rest, n, out)
}

// again takes the group at least once.
func (w *walk) again(st *step, rest []step, n *Node, out []*Node) []*Node {
	var buf [8]*Node
	single := walk{scope: w.scope, lists: w.lists && len(rest) == 0}
	for _, m := range single.inside(st, n, buf[:0]) {
		out = w.along(rest, m, out)
		if st.repeats() {
			out = w.again(st, rest, m, out)
		}
	}
	return out
}

// inside is what the repeated step leads to, taken a single time.
func (w *walk) inside(st *step, n *Node, out []*Node) []*Node {
	if st.kind == stepGroup {
		return w.along(st.group, n, out)
	}
	if n.kind == nodeList {
		for item := n.First(); item != nil; item = item.Next() {
			out = w.inside(st, item, out)
		}
		return out
	}
	return w.field(st, nil, n, out)
}

// field goes on from the fields of a name.
func (w *walk) field(st *step, rest []step, n *Node, out []*Node) []*Node {
	if len(st.tests) > 0 {
		return w.tested(st, rest, n, out)
	}
	if st.name.pattern {
		for c := n.First(); c != nil; c = c.Next() {
			if c.name != nil && glob(st.name.text, c.name.text) {
				out = w.along(rest, c, out)
			}
		}
		return out
	}
	found := false
	for c := n.First(); c != nil; c = c.Next() {
		if c.name != nil && st.name.exact(c.name) && c.kind != nodeNull {
			out, found = w.along(rest, c, out), true
		}
	}
	if found {
		return out
	}
	for c := n.First(); c != nil; c = c.Next() {
		if c.name != nil && st.name.looseFit(c.name) {
			out = w.along(rest, c, out)
		}
	}
	return out
}

// tested goes on from those of the fields' values that pass all tests.
func (w *walk) tested(st *step, rest []step, n *Node, out []*Node) []*Node {
	var buf [16]*Node
	values := w.fields(&st.name, n, buf[:0])
	for i := range st.tests {
		values = w.filter(&st.tests[i], values)
	}
	for _, v := range values {
		out = w.along(rest, v, out)
	}
	return out
}

// fields appends the values of the fields of a name; the items of lists, nulls among them.
func (w *walk) fields(name *fieldPattern, n *Node, out []*Node) []*Node {
	exact := false
	for c := n.First(); c != nil && !name.pattern; c = c.Next() {
		if c.name != nil && c.kind != nodeNull && name.exact(c.name) {
			exact = true
			break
		}
	}
	for c := n.First(); c != nil; c = c.Next() {
		if c.name != nil && (exact && name.exact(c.name) || !exact && name.fits(c.name)) {
			out = appendValues(c, out)
		}
	}
	return out
}

func appendValues(n *Node, out []*Node) []*Node {
	if n.kind != nodeList {
		return append(out, n)
	}
	for item := n.First(); item != nil; item = item.Next() {
		out = appendValues(item, out)
	}
	return out
}

func (w *walk) filter(t *test, values []*Node) []*Node {
	if t.index >= 0 {
		if t.index >= len(values) {
			return nil
		}
		return values[t.index : t.index+1]
	}
	kept := values[:0]
	for _, v := range values {
		if w.holds(t, v) {
			kept = append(kept, v)
		}
	}
	return kept
}

// passes tells whether a node passes the conditions, as far as they do not depend on its position.
func (w *walk) passes(tests []test, n *Node) bool {
	for i := range tests {
		if tests[i].index >= 0 {
			return true
		}
		if !w.holds(&tests[i], n) {
			return false
		}
	}
	return true
}

func (w *walk) holds(t *test, n *Node) bool {
	if n.kind == nodeNull {
		return false
	}
	if t.values == nil {
		inner := walk{scope: w.scope, lists: true}
		return t.path.has(&inner, n)
	}
	var buf [4]string
	for _, text := range t.path.Texts(w.scope, n, buf[:0]) {
		if matchText(t.values, text) {
			return !t.negate
		}
	}
	return t.negate
}
