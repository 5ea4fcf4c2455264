package format

import (
	"encoding/binary"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// dfa is the automaton made deterministic, as far as a document has led through it. What one document can make it hold
// is bounded: over maxStates it begins anew.
type dfa struct {
	nfa    *nfa
	states map[string]*dstate
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

// dstate is a set of positions in paths.
type dstate struct {
	kernel  []int32 // arrived at by name
	all     []int32 // with everything that follows without a name
	next    []*dstate
	known   []bool // by class of name: next was computed
	records []*accept
	entries []*accept
	rows    []*accept
	plain   bool          // its value is read by what encloses it, whatever it is
	tested  [][]path.Test // of the kernel: its value is read by what encloses it, on conditions
	docs    []docRead
	counted bool // one of docs is about a position: all values must be kept
	leaf    bool // its text is read
	deeper  bool // something in it is read, besides what stands for its text
	beyond  int8 // see isRecordAlone: 0, not known; 1, no; 2, yes
}

// automaton returns a new one, which has led through nothing yet.
func (g *Program) automaton() *dfa {
	n := &g.nfa
	return &dfa{nfa: n, states: map[string]*dstate{}, dead: make([]bool, len(n.alts)+1), marks: make([]bool, len(n.states))}
}

// document is the state of the document itself.
func (d *dfa) document() *dstate { return d.state([]int32{d.nfa.start, d.nfa.whole}) }

// docRows is the state of each row or root value of a document that is a list.
func (d *dfa) docRows() *dstate { return d.state([]int32{d.nfa.start, d.nfa.rows}) }

// sheet is the state of the rows of a workbook's first sheet, which are those of the document, and of the sheet's name, where that is
// read (else nil).
func (d *dfa) sheet(named *dstate) *dstate {
	kernel := []int32{d.nfa.rows}
	if named != nil {
		kernel = append(kernel, named.kernel...)
	}
	return d.state(kernel)
}

// state returns the state for the positions; nil where none is left.
func (d *dfa) state(kernel []int32) *dstate {
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

func (d *dfa) isDead(k int32) bool {
	s := &d.nfa.states[k]
	return d.dead[s.owner] && !s.route
}

func (d *dfa) forget() {
	for _, s := range d.states {
		s.next, s.known = nil, nil
	}
	clear(d.states)
}

// decide leaves out what is only read for other alternatives of the block. States that were given before must be made anew.
func (d *dfa) decide(a *accept) {
	for _, other := range d.nfa.alts {
		if other.block == a.block && other.alt != a.alt {
			d.dead[other.owner] = true
			d.forget()
		}
	}
}

// isOut reports whether another alternative than the record's was taken.
func (d *dfa) isOut(a *accept) bool { return d.dead[a.owner] }

// again makes a state without what is not read any more; one of nothing is still a state.
func (d *dfa) again(s *dstate) *dstate {
	if made := d.state(slices.Clone(s.kernel)); made != nil {
		return made
	}
	return &dstate{}
}

// keepsSome reports whether what encloses the value may read it.
func (s *dstate) keepsSome() bool { return s.plain || len(s.docs)+len(s.tested) > 0 }

// keeps reports whether what encloses a closed value reads it, and whether the document itself does; hasDoc says that something in the
// value was kept for the document.
func (s *dstate) keeps(scope *path.Scope, v *tree.Value, hasDoc bool) (kept, doc bool) {
	isList := v.Kind() == tree.List
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

func (d *dfa) make(kernel []int32) *dstate {
	s := &dstate{kernel: kernel, all: d.closure(kernel)}
	for _, k := range s.all {
		d.describe(s, &d.nfa.states[k])
	}
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

func (d *dfa) describe(s *dstate, n *nstate) {
	s.leaf = s.leaf || n.leaf
	for _, e := range n.edges {
		s.deeper = s.deeper || !e.unwrap
	}
	for _, a := range n.accepts {
		switch a.kind {
		case acceptRecord:
			s.records = append(s.records, a)
		case acceptEntry:
			s.entries = append(s.entries, a)
		case acceptRow:
			s.rows = append(s.rows, a)
		}
	}
}

func (d *dfa) closure(kernel []int32) []int32 {
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

// hasLeaf tells whether the value at a position is itself read.
func (d *dfa) hasLeaf(k int32) bool {
	for _, a := range d.closure([]int32{k}) {
		if d.nfa.states[a].leaf {
			return true
		}
	}
	return false
}

// step gives the state behind a name; nil: nothing is read there.
func (d *dfa) step(s *dstate, name *tree.Name) *dstate {
	if c := int(name.Class()); uint(c) < uint(len(s.known)) && s.known[c] {
		return s.next[c]
	}
	return d.firstStep(s, name)
}

func (d *dfa) firstStep(s *dstate, name *tree.Name) *dstate {
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
