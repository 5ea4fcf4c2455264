package plan

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// nfa is the plan's paths as one nondeterministic automaton over field names. Lists are not seen by it: their items
// have the state of the list.
type nfa struct {
	states   []nstate
	patterns []*tree.Pattern          // each name of a path once
	spelled  map[string]*tree.Pattern // the same, by their spelling
	start    int32                    // paths from the document begin here
	rows     int32                    // at each row of a list-like document
	whole    int32                    // at the document as a whole
	alts     []*Accept                // acceptances of records, by owner-1
	entries  []*Accept
	unwrap   []tree.Pattern
	unwraps  map[fragment]int32 // the state of fields that stand for an object's text
}

// nstate is a position in a path.
type nstate struct {
	fragment
	edges   []edge
	eps     []int32
	tests   []path.Test // conditions on the value at which a path's step arrived here
	accepts []*Accept
	owns    uint64 // by their numbers, the paths of tables whose rows may belong to the object here
	leaf    bool   // the value itself is read: its text
}

type edge struct {
	name   *tree.Pattern
	to     int32
	unwrap bool // only for the text of an object
}

// Accept marks that a value is a record, an entry or a row.
type Accept struct {
	kind        acceptKind
	Block       int
	Type        int // entries: index into Block.Types
	Alternative int // index into Each
	Table       int
	Number      int // rows: among the paths of all tables
	Owner       int32
	Weak        bool // $rows and $doc: counts only where no other alternative occurred
	Many        bool // the block has alternatives
	Path        *path.Path
	Deep        bool        // the path's tests are not only about the value itself
	tests       []path.Test // of the last step; none where deep
}

// Tested reports whether a value must pass tests that are about itself.
func (a *Accept) Tested() bool { return len(a.tests) > 0 }

// Accepts reports whether a value passes the tests that are about itself.
func (a *Accept) Accepts(s *path.Scope, v *tree.Value) bool {
	for i := range a.tests {
		if t := &a.tests[i]; t.Index >= 0 && v.Index() != t.Index {
			return false
		}
	}
	return s.Passes(withoutNumber(a.tests), v)
}

// withoutNumber leaves out the number that stands first.
func withoutNumber(tests []path.Test) []path.Test {
	if len(tests) > 0 && tests[0].Index >= 0 {
		return tests[1:]
	}
	return tests
}

type acceptKind uint8

const (
	acceptRecord acceptKind = iota
	acceptEntry
	acceptRow
)

// fragment is what states are made for.
type fragment struct {
	owner int32 // the alternative of a block, from 1; 0: none
	fact  bool  // on a path to what is read of an enclosing object, as opposed to the way to records, entries and rows
	doc   bool  // of the document itself: see frame.hasDoc in package record
	route bool  // on the way to the records of its owner: stays when other alternatives were taken
}

func (a *nfa) add(f fragment) int32 {
	a.states = append(a.states, nstate{fragment: f})
	return a.size() - 1
}

// size is how many states there are, which is the next one's number.
func (a *nfa) size() int32 { return int32(len(a.states)) } //nolint:gosec // a plan is no larger than the mapping that it is made of

func (a *nfa) eps(from, to int32) { a.states[from].eps = append(a.states[from].eps, to) }

func (a *nfa) edge(from int32, name *tree.Pattern, to int32, unwrap bool) {
	a.states[from].edges = append(a.states[from].edges, edge{a.pattern(name), to, unwrap})
}

// pattern returns the one pattern that stands for all of its spelling.
func (a *nfa) pattern(name *tree.Pattern) *tree.Pattern {
	if known := a.spelled[name.String()]; known != nil {
		return known
	}
	if a.spelled == nil {
		a.spelled = map[string]*tree.Pattern{}
	}
	a.spelled[name.String()] = name
	a.patterns = append(a.patterns, name)
	return name
}

// along adds the steps behind a state and returns the state at their end.
func (a *nfa) along(from int32, steps []path.Step, f fragment) int32 {
	for i := range steps {
		from = a.step(from, &steps[i], f)
	}
	return from
}

func (a *nfa) step(from int32, s *path.Step, f fragment) int32 {
	switch s.Repeat {
	case path.AnyTimes, path.OnceOrMore:
		loop := a.add(f)
		a.eps(from, loop)
		end := a.single(loop, s, f)
		a.eps(end, loop)
		after := a.add(f)
		a.eps(end, after)
		if s.Repeat == path.AnyTimes {
			a.eps(from, after)
		}
		return after
	case path.AtMostOnce:
		end := a.single(from, s, f)
		after := a.add(f)
		a.eps(end, after)
		a.eps(from, after)
		return after
	default:
		return a.single(from, s, f)
	}
}

func (a *nfa) single(from int32, s *path.Step, f fragment) int32 {
	switch s.Kind {
	case path.Group:
		return a.along(from, s.Group, f)
	case path.Self:
		a.conditions(from, s.Tests, f)
		return from
	default:
		to := a.add(f)
		a.edge(from, &s.Name, to, false)
		a.states[to].tests = s.Tests
		a.conditions(to, s.Tests, f)
		return to
	}
}

// conditions adds what conditions on a value read of it.
func (a *nfa) conditions(at int32, tests []path.Test, f fragment) {
	for i := range tests {
		if tests[i].Index < 0 {
			a.read(at, &tests[i].Path, fragment{owner: f.owner, route: f.route, fact: true})
		}
	}
}

// read adds a path's steps as something to be read.
func (a *nfa) read(from int32, p *path.Path, f fragment) {
	f.fact = true
	end := a.along(from, p.Steps, f)
	if end == from && p.End != path.Text {
		return
	}
	a.states[end].leaf = true
	if p.End == path.Field {
		a.unwrapAt(end, f)
	}
}

// unwrapAt lets the fields that may stand for an object's text be read, and those that stand for theirs.
func (a *nfa) unwrapAt(at int32, f fragment) {
	if len(a.unwrap) == 0 {
		return
	}
	text, ok := a.unwraps[f]
	if !ok {
		text = a.add(f)
		a.unwraps[f] = text
		a.states[text].leaf = true
		a.unwrapAt(text, f)
	}
	for i := range a.unwrap {
		a.edge(at, &a.unwrap[i], text, true)
	}
}
