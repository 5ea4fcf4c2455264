package format

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// A record can be given back as a document of its own: a JSON object in which the record stands whole at its place, with what the plan
// reads of all that encloses it, of the document and of tables, so that the same plan reads the same of it. What JSON has no word for
// is said by names that begin with a dollar sign: see mendedVisitor, which reads such documents.

// CompileReturned makes a program whose records are whole, and known with all that encloses them, for AppendDocument.
func CompileReturned(p Plan) (*Program, error) {
	everything, err := ParsePath("(*)*")
	if err != nil {
		return nil, err
	}
	p.Blocks = slices.Clone(p.Blocks)
	for i := range p.Blocks {
		b := &p.Blocks[i]
		b.Reads = append(slices.Concat(b.Reads, b.CapturedAt), everything) // records wait for a capture time, too
	}
	g, err := Compile(p)
	if err != nil {
		return nil, err
	}
	g.padded, g.usesIndex = g.usesIndex, true // by which a field is told from others of its name
	for _, b := range g.blocks {
		b.needsUp = true
	}
	return g, nil
}

// AppendDocument appends the current record, of a program that CompileReturned made, as a JSON object on a line of its own; the
// record that a whole JSON document of many values is has a line for each of them. The field error, or $error where the document has
// an error of its own, comes first and says what is wrong.
func (r *Reading) AppendDocument(b []byte, rec *Record, wrong string) []byte {
	w := returning{r: r.reader, rec: rec, out: b, wrong: wrong}
	if r.reader.g.marksRecords() {
		w.mark = rec.Block + 1
	}
	if rec.Node == r.reader.doc && rec.Node.Kind() == tree.List {
		if w.values(rec.Node); len(w.out) == len(b) {
			w.line(&branch{record: true})
		}
		return w.out
	}
	w.line(w.root())
	return w.out
}

// marksRecords tells that it must be said which object of a document is the record: where what encloses a record, or is inside it,
// may be one too.
func (g *Program) marksRecords() bool {
	return len(g.plan.Blocks) > 1 || slices.ContainsFunc(g.plan.Blocks, func(b Block) bool {
		return slices.ContainsFunc(b.Each, func(p Path) bool { return mayRepeat(p.steps) })
	})
}

func mayRepeat(steps []step) bool {
	return slices.ContainsFunc(steps, func(s step) bool { return s.kind == stepGroup || s.repeats() || mayRepeat(s.group) })
}

// passOver tells that a value just opened is a record that nobody wants, with nothing in it that anybody else reads. That it is there
// may decide where the document's records stand.
func (r *reader) passOver(s *dstate, kind scan.Kind, at scan.Place) (bool, error) {
	if r.only == nil || kind != scan.Object || !r.passable(s) || r.only(at) || r.insideWanted() {
		return false, nil
	}
	for _, a := range s.records {
		if a.many && !a.weak {
			if err := r.decide(a); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// passable tells that a value is a record, for certain, in which nothing is read but for the record.
func (r *reader) passable(s *dstate) bool {
	if len(s.records) == 0 {
		return false
	}
	if s.beyond == 0 {
		s.beyond = 1
		doubt := func(a *accept) bool { return a.many && !a.weak && (a.deep || len(a.tests) > 0) }
		if s.plain || len(s.tested)+len(s.docs)+len(s.rows) > 0 || slices.ContainsFunc(s.records, doubt) || r.dfa.nfa.leadsBeyond(s.all) {
			s.beyond = 2
		}
	}
	return s.beyond == 1
}

// leadsBeyond tells that something inside the values at these positions is read by others than the record: the document, a table,
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
		if s.doc || slices.ContainsFunc(s.accepts, func(a *accept) bool { return a.kind != acceptEntry }) {
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

// insideWanted tells that a record that is to be given back is being read: it is taken as it stands.
func (r *reader) insideWanted() bool {
	return r.only != nil && slices.ContainsFunc(r.open, func(rec *record) bool { return r.only(rec.place) })
}
