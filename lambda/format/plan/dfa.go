package plan

import (
	"encoding/binary"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Automaton is the automaton made deterministic, as far as a document has led through it. What one document can make it hold
// is bounded: over maxStates it begins anew.
type Automaton struct {
	nfa    *nfa
	states map[string]*State
	dead   []bool // owners (by number) that were not taken
	key    []byte
	marks  []bool
}

// docRead is a position of the kernel at which a value is read by the document itself.
type docRead struct {
	tests []path.Test
	leaf  bool // the value itself, not only what is in it
}

const maxStates = 1 << 12

// State is a set of positions in paths.
type State struct {
	kernel  []int32 // arrived at by name
	all     []int32 // with everything that follows without a name
	next    []*State
	known   []bool // by class of name: next was computed
	Records []*Accept
	Entries []*Accept
	Rows    []*Accept
	plain   bool          // its value is read by what encloses it, whatever it is
	tested  [][]path.Test // of the kernel: its value is read by what encloses it, on conditions
	docs    []docRead
	counted bool   // one of docs is about a position: all values must be kept
	Owns    uint64 // by their numbers, the paths of tables whose rows may belong to an object here
	Leaf    bool   // its text is read
	Deeper  bool   // something in it is read, besides what stands for its text
	Plain   bool   // a text here is read as it stands, and is nothing else: no record, entry or row, and nothing is read in it
	beyond  int8   // see isRecordAlone: 0, not known; 1, no; 2, yes

	ByPosition bool // of a list here that is itself an item of a list, items are read by their position: it is an object of 0, 1, 2
}

// Automaton returns a new one, which has led through nothing yet.
func (g *Program) Automaton() *Automaton {
	n := &g.nfa
	return &Automaton{nfa: n, states: map[string]*State{}, dead: make([]bool, len(n.alts)+1), marks: make([]bool, len(n.states))}
}

// Document is the state of the document itself.
func (d *Automaton) Document() *State { return d.state([]int32{d.nfa.start, d.nfa.whole}) }

// Rows is the state of each row or root value of a document that is a list.
func (d *Automaton) Rows() *State { return d.state([]int32{d.nfa.start, d.nfa.rows}) }

// Sheet is the state of the rows of a workbook's first sheet, which are those of the document, and of the sheet's name, where that is
// read (else nil).
func (d *Automaton) Sheet(named *State) *State {
	kernel := []int32{d.nfa.rows}
	if named != nil {
		kernel = append(kernel, named.kernel...)
	}
	return d.state(kernel)
}

// state returns the state for the positions; nil where none is left.
func (d *Automaton) state(kernel []int32) *State {
	slices.Sort(kernel)
	kernel = slices.Compact(kernel)
	kernel = slices.DeleteFunc(kernel, d.isDead)
	if len(kernel) == 0 {
		return nil
	}
	d.key = d.key[:0]
	for _, k := range kernel {
		d.key = binary.LittleEndian.AppendUint32(d.key, uint32(k)) //nolint:gosec // an index
	}
	if s, ok := d.states[string(d.key)]; ok {
		return s
	}
	if len(d.states) >= maxStates {
		d.forget()
	}
	s := d.make(slices.Clone(kernel))
	d.states[string(d.key)] = s
	return s
}

func (d *Automaton) isDead(k int32) bool {
	s := &d.nfa.states[k]
	return d.dead[s.owner] && !s.route
}

func (d *Automaton) forget() {
	for _, s := range d.states {
		s.next, s.known = nil, nil
	}
	clear(d.states)
}

// Decide leaves out what is only read for other alternatives of the block. States that were given before must be made anew.
func (d *Automaton) Decide(a *Accept) {
	for _, other := range d.nfa.alts {
		if other.Block == a.Block && other.Alternative != a.Alternative {
			d.dead[other.Owner] = true
			d.forget()
		}
	}
}

// IsOut reports whether another alternative than the record's was taken.
func (d *Automaton) IsOut(a *Accept) bool { return d.dead[a.Owner] }

// Again makes a state without what is not read any more; one of nothing is still a state.
func (d *Automaton) Again(s *State) *State {
	if made := d.state(slices.Clone(s.kernel)); made != nil {
		return made
	}
	return &State{}
}

// KeepsSome reports whether what encloses the value may read it.
func (s *State) KeepsSome() bool { return s.plain || len(s.docs)+len(s.tested) > 0 }

// Keeps reports whether what encloses a closed value reads it, and whether the document itself does; hasDoc: something in the
// value was kept for the document.
func (s *State) Keeps(scope *path.Scope, v *tree.Value, hasDoc bool) (kept, doc bool) {
	isList := v.Kind == tree.List
	kept = s.plain || isList && len(s.tested) > 0
	for i := 0; i < len(s.tested) && !kept; i++ {
		kept = scope.Passes(s.tested[i], v)
	}
	if len(s.docs) == 0 {
		return kept, false
	}
	doc = s.counted
	for i := 0; i < len(s.docs) && !doc; i++ {
		read := &s.docs[i]
		doc = (hasDoc || read.leaf) && (isList || scope.Passes(read.tests, v))
	}
	return kept || doc, doc
}

func (d *Automaton) make(kernel []int32) *State {
	s := &State{kernel: kernel, all: d.closure(kernel)}
	for _, k := range s.all {
		d.describe(s, &d.nfa.states[k])
	}
	s.Plain = s.Leaf && !s.Deeper && len(s.Records)+len(s.Entries)+len(s.Rows) == 0
	for _, k := range kernel {
		switch n := &d.nfa.states[k]; {
		case !n.fact:
		case n.doc:
			s.counted = s.counted || hasNumber(n.tests)
			s.docs = append(s.docs, docRead{n.tests, d.hasLeaf(k)})
		case len(n.tests) == 0:
			s.plain = true
		default:
			s.tested = append(s.tested, n.tests)
		}
	}
	return s
}

func (d *Automaton) describe(s *State, n *nstate) {
	s.Leaf = s.Leaf || n.leaf
	s.Owns |= n.owns
	for _, e := range n.edges {
		s.Deeper = s.Deeper || !e.unwrap
		s.ByPosition = s.ByPosition || e.name.IsNumber()
	}
	for _, a := range n.accepts {
		switch a.kind {
		case acceptRecord:
			s.Records = append(s.Records, a)
		case acceptEntry:
			s.Entries = append(s.Entries, a)
		case acceptRow:
			s.Rows = append(s.Rows, a)
		}
	}
}

func (d *Automaton) closure(kernel []int32) []int32 {
	clear(d.marks)
	all := slices.Clone(kernel)
	for _, k := range all {
		d.marks[k] = true
	}
	for i := 0; i < len(all); i++ {
		for _, to := range d.nfa.states[all[i]].eps {
			if !d.marks[to] && !d.isDead(to) {
				d.marks[to] = true
				all = append(all, to)
			}
		}
	}
	slices.Sort(all)
	return all
}

// hasLeaf reports whether the value at a position is itself read.
func (d *Automaton) hasLeaf(k int32) bool {
	return slices.ContainsFunc(d.closure([]int32{k}), func(at int32) bool { return d.nfa.states[at].leaf })
}

// Step returns the state behind a name; nil: nothing is read there.
func (d *Automaton) Step(s *State, name *tree.Name) *State {
	if c := int(name.Class()); uint(c) < uint(len(s.known)) && s.known[c] {
		return s.next[c]
	}
	return d.firstStep(s, name)
}

func (d *Automaton) firstStep(s *State, name *tree.Name) *State {
	var kernel []int32
	for _, k := range s.all {
		for _, e := range d.nfa.states[k].edges {
			if e.name.Fits(name) {
				kernel = append(kernel, e.to)
			}
		}
	}
	next := d.state(kernel)
	if name.Class() < 0 {
		return next
	}
	for int(name.Class()) >= len(s.known) {
		s.known = append(s.known, false)
		s.next = append(s.next, nil)
	}
	s.known[name.Class()], s.next[name.Class()] = true, next
	return next
}

func hasNumber(tests []path.Test) bool {
	return slices.ContainsFunc(tests, func(t path.Test) bool { return t.Index >= 0 })
}
