package format

import "fmt"

// compiler makes a program of a plan.
type compiler struct {
	nfa
	g *Program
}

// Compile finds out what of a document must be read, and which records must wait for the document's end. Its error is a
// *PlanError.
func Compile(p Plan) (*Program, error) {
	c := newCompiler(p)
	for i := range p.Tables {
		if err := c.table(i); err != nil {
			return nil, err
		}
	}
	for i := range p.Blocks {
		if err := c.block(i); err != nil {
			return nil, err
		}
	}
	c.g.nfa = c.nfa
	return c.g, nil
}

func newCompiler(p Plan) *compiler {
	c := &compiler{g: &Program{plan: p, unwrap: NewUnwrap(p.Unwrap)}}
	c.start = c.add(fragment{fact: true, doc: true})
	c.rows = c.add(fragment{})
	c.whole = c.add(fragment{})
	c.unwrap, c.unwraps = c.g.unwrap.fields, map[fragment]int32{}
	return c
}

func (c *compiler) table(number int) error {
	t := &c.g.plan.Tables[number]
	for i := range t.Each {
		each := &t.Each[i]
		if err := placeOf(each, "table", true); err != nil {
			return err
		}
		if !testsOnlyLast(each.steps) {
			return &PlanError{each.text, "the condition of a table's path can only stand at its end"}
		}
		end := c.along(c.begin(each), each.steps, fragment{})
		a := &accept{kind: acceptRow, table: number, alt: i, path: each, tests: lastTests(each.steps)}
		end = c.accepting(end, a, fragment{})
		for k := range t.Key {
			if t.Key[k].root != RootHere {
				return &PlanError{t.Key[k].text, "a table's key stands inside its row"}
			}
			c.read(end, &t.Key[k], fragment{})
		}
		c.columns(end, t.Name)
	}
	return nil
}

// columns reads what the paths of all blocks want of a table's rows.
func (c *compiler) columns(row int32, table string) {
	c.eachRead(func(p *Path) {
		for ; p != nil; p = p.Key() {
			if p.root == RootTable && p.table == table {
				c.read(row, p.inner(), fragment{})
			}
		}
	})
}

// eachRead visits all paths that are read, of all blocks.
func (c *compiler) eachRead(visit func(*Path)) {
	all := func(paths []Path) {
		for i := range paths {
			visit(&paths[i])
		}
	}
	for i := range c.g.plan.Blocks {
		b := &c.g.plan.Blocks[i]
		all(b.Reads)
		all(b.HostReads)
		all(b.CapturedAt)
		for k := range b.Types {
			all(b.Types[k].Reads)
		}
	}
}

// begin is the state at which a path from the document begins.
func (c *compiler) begin(p *Path) int32 {
	if p.root == RootRows {
		return c.rows
	}
	return c.start
}

// placeOf checks the path to records, entries or rows.
func placeOf(p *Path, what string, fromDocument bool) error {
	switch {
	case p.fact != stepField:
		return &PlanError{p.text, fmt.Sprintf("the path to a %s leads to a text", what)}
	case p.root == RootHere && len(p.steps) > 0:
	case fromDocument && (p.root == RootDoc || p.root == RootRows):
	default:
		return &PlanError{p.text, fmt.Sprintf("the path to a %s cannot begin there", what)}
	}
	return numbersAlone(p, p.steps)
}

// numbersAlone checks that a number stands right behind a name: in the place of records and entries it is the value's
// position in its list.
func numbersAlone(p *Path, steps []step) error {
	for i := range steps {
		s := &steps[i]
		for k, t := range s.tests {
			if t.index >= 0 && (k > 0 || s.name.Wild()) {
				return &PlanError{p.text, "here a number can only stand right behind a name without *"}
			}
		}
		if err := numbersAlone(p, s.group); err != nil {
			return err
		}
	}
	return nil
}

// accepting puts an acceptance behind a state that others may share, and gives the state that has it.
func (c *compiler) accepting(end int32, a *accept, f fragment) int32 {
	at := c.add(f)
	c.eps(end, at)
	c.states[at].accepts = append(c.states[at].accepts, a)
	c.states[at].leaf = true
	return at
}

func lastTests(steps []step) []test {
	if len(steps) == 0 {
		return nil
	}
	return steps[len(steps)-1].tests
}

// hasTests tells that the step has tests, also inside a group.
func hasTests(steps []step) bool {
	for i := range steps {
		if len(steps[i].tests) > 0 || hasTests(steps[i].group) {
			return true
		}
	}
	return false
}

// testsOnlyLast tells that no test stands before the last step, nor in anything that repeats: such a path's tests are
// all about the node that it leads to.
func testsOnlyLast(steps []step) bool {
	if len(steps) == 0 {
		return true
	}
	last := steps[len(steps)-1]
	if hasTests(steps[:len(steps)-1]) {
		return false
	}
	return last.kind != stepGroup && last.repeat == once || !hasTests(steps[len(steps)-1:])
}
