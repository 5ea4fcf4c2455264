package plan

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
)

// CompileWhole makes a program whose records are whole, and known with all that encloses them, for AppendDocument.
func CompileWhole(p Plan) (*Program, error) {
	everything, err := path.Parse("(*)*")
	if err != nil {
		return nil, err
	}
	// They come back as they stand, and are merged: what is known at the document's end is none of theirs.
	p.Blocks, p.Late, p.Unescape = slices.Clone(p.Blocks), nil, false
	for i := range p.Blocks {
		b := &p.Blocks[i]
		b.Reads = append(slices.Concat(b.Reads, b.CapturedAt), everything) // records wait for a capture time, too
	}
	g, err := Compile(p)
	if err != nil {
		return nil, err
	}
	g.Padded, g.UsesIndex = g.UsesIndex, true // which distinguishes a field from others of its name
	for _, b := range g.Holds {
		b.Up = true
	}
	return g, nil
}

// MarksRecords reports whether a document that is given back must mark the object that is the record: where what encloses a record, or is
// inside it, may be one too.
func (g *Program) MarksRecords() bool {
	return len(g.Plan.Blocks) > 1 || slices.ContainsFunc(g.Plan.Blocks, func(b Block) bool {
		return slices.ContainsFunc(b.Each, func(p path.Path) bool { return mayRepeat(p.Steps) })
	})
}

func mayRepeat(steps []path.Step) bool {
	return path.AnyStep(steps, func(s *path.Step) bool { return s.Kind == path.Group || s.Repeats() })
}

// IsRecordAlone reports whether a value is a record, for certain, in which nothing is read but for the record.
func (d *Automaton) IsRecordAlone(s *State) bool {
	if len(s.Records) == 0 {
		return false
	}
	if s.beyond == 0 {
		s.beyond = 1
		doubt := func(a *Accept) bool { return a.Many && !a.Weak && (a.Deep || len(a.tests) > 0) }
		if s.plain || len(s.tested)+len(s.docs)+len(s.Rows) > 0 || slices.ContainsFunc(s.Records, doubt) || d.nfa.leadsBeyond(s.all) {
			s.beyond = 2
		}
	}
	return s.beyond == 1
}

// leadsBeyond reports whether something inside the values at these positions is read by others than the record: the document, a table,
// another record.
func (a *nfa) leadsBeyond(from []int32) bool {
	var reached []int32
	add := func(to int32) {
		if !slices.Contains(reached, to) {
			reached = append(reached, to)
		}
	}
	for _, k := range from {
		for _, e := range a.states[k].edges {
			add(e.to)
		}
	}
	for i := 0; i < len(reached); i++ {
		s := &a.states[reached[i]]
		if s.doc || slices.ContainsFunc(s.accepts, func(a *Accept) bool { return a.kind != acceptEntry }) {
			return true
		}
		for _, e := range s.edges {
			add(e.to)
		}
		for _, to := range s.eps {
			add(to)
		}
	}
	return false
}
