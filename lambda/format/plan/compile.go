package plan

import (
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
)

// compiler makes a program of a plan.
type compiler struct {
	nfa
	g *Program
}

// Compile finds out what of a document must be read, and which records must wait for the document's end. Its error is an
// *Error.
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
	if err := c.late(); err != nil {
		return nil, err
	}
	c.g.nfa = c.nfa
	return c.g, nil
}

func newCompiler(p Plan) *compiler {
	c := &compiler{g: &Program{Plan: p, Unwrap: path.NewUnwrap(p.Unwrap)}}
	c.start = c.add(fragment{fact: true, doc: true})
	c.rows = c.add(fragment{})
	c.whole = c.add(fragment{})
	c.unwrap, c.unwraps = c.g.Unwrap.Fields(), map[fragment]int32{}
	return c
}

// late reads what is asked of the document after its end.
func (c *compiler) late() error {
	for i := range c.g.Plan.Late {
		p := &c.g.Plan.Late[i]
		switch p.Root {
		case path.RootHere, path.RootDoc, path.RootRows:
		default:
			return &Error{p.String(), "what is read after the document's end begins at the document"}
		}
		c.g.UsesIndex = c.g.UsesIndex || usesIndex(p)
		c.ofDocument(p)
	}
	return nil
}

// ofDocument reads a path from the document.
func (c *compiler) ofDocument(p *path.Path) {
	at := c.add(fragment{fact: true, doc: true})
	c.eps(c.begin(p), at)
	c.read(at, p, fragment{doc: true})
}

// begin is the state at which a path from the document begins.
func (c *compiler) begin(p *path.Path) int32 {
	if p.Root == path.RootRows {
		return c.rows
	}
	return c.start
}

// placeOf checks the path to records, entries or rows.
func placeOf(p *path.Path, what string, fromDocument bool) error {
	switch {
	case p.End != path.Field:
		return &Error{p.String(), fmt.Sprintf("the path to a %s leads to a text", what)}
	case p.Root == path.RootHere && len(p.Steps) > 0:
	case fromDocument && (p.Root == path.RootDoc || p.Root == path.RootRows):
	default:
		return &Error{p.String(), fmt.Sprintf("the path to a %s cannot begin there", what)}
	}
	return numbersAlone(p)
}

// numbersAlone checks that a number stands right behind a name: in the place of records and entries it is the value's
// position in its list.
func numbersAlone(p *path.Path) error {
	if path.AnyStep(p.Steps, func(s *path.Step) bool {
		return hasNumber(s.Tests) && s.Name.Wild() || hasNumber(withoutNumber(s.Tests))
	}) {
		return &Error{p.String(), "here a number can only stand right behind a name without *"}
	}
	return nil
}

// accepting puts an acceptance behind a state that others may share, and returns the state that has it.
func (c *compiler) accepting(end int32, a *Accept, f fragment) int32 {
	at := c.add(f)
	c.eps(end, at)
	c.states[at].accepts = append(c.states[at].accepts, a)
	c.states[at].leaf = true
	return at
}

func lastTests(steps []path.Step) []path.Test {
	if len(steps) == 0 {
		return nil
	}
	return steps[len(steps)-1].Tests
}

func hasTests(steps []path.Step) bool {
	return path.AnyStep(steps, func(s *path.Step) bool { return len(s.Tests) > 0 })
}

// testsOnlyLast reports whether no test stands before the last step, nor in anything that repeats: such a path's tests are
// all about the value that it leads to.
func testsOnlyLast(steps []path.Step) bool {
	if len(steps) == 0 {
		return true
	}
	last := steps[len(steps)-1]
	if hasTests(steps[:len(steps)-1]) {
		return false
	}
	return last.Kind != path.Group && last.Repeat == path.Once || !hasTests(steps[len(steps)-1:])
}

// Conditions is a program that reads the paths and has no records.
func Conditions(paths []path.Path) *Program {
	c := newCompiler(Plan{})
	for i := range paths {
		if root := paths[i].Root; root == path.RootHere || root == path.RootDoc || root == path.RootRows {
			c.ofDocument(&paths[i])
		}
	}
	c.g.nfa = c.nfa
	return c.g
}
