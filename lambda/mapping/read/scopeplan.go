package read

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// compiledScope is a scope with when it is evaluated, and how its values are made fit.
type compiledScope struct {
	*mapping.Scope
	timing

	of     *mapping.Type
	bounds []compiledAttribute
}

// timing is when a scope is evaluated. No record waits for what stands elsewhere in its document as long as each value of the scope reads
// either the document or the record.
type timing struct {
	late  bool             // clauses or condition depend on the document: they are evaluated after its end
	asked bool             // the condition is asked of each record
	holes []*mapping.Value // values of late clauses that are about the record, and so are evaluated on it
}

// compileScope prepares a fill's scope; nil where it has none.
func compileScope(m *mapping.Mapping, f *mapping.Fill) *compiledScope {
	if f.Scope == nil {
		return nil
	}
	c := &compiledScope{Scope: f.Scope, of: f.Type}
	c.timing, _, _ = planScope(f.Scope)
	for _, b := range f.Scope.Bounds {
		c.bounds = append(c.bounds, compileAttribute(m, f.Type, b.Attribute, b.Value))
	}
	return c
}

// planScope finds out when a scope is evaluated, and what it reads of records and of the document after its end.
func planScope(s *mapping.Scope) (t timing, ofRecords, atEnd []path.Path) {
	leaves, err := s.Leaves()
	if err != nil {
		return t, nil, nil // planOf returns it
	}
	document, holes, apart := partsOf(s, leaves)
	condition := ofDocument(s.Where.Paths())
	if apart && (document || condition) {
		t.late, t.holes = true, holes
	}
	t.asked = s.Where != nil && (!t.late || !condition)
	reads := func(late bool, paths []path.Path) {
		if late {
			atEnd = append(atEnd, paths...)
		} else {
			ofRecords = append(ofRecords, paths...)
		}
	}
	reads(!t.asked, s.Where.Paths())
	reads(t.late, s.Each)
	for _, leaf := range leaves {
		reads(t.late && !slices.Contains(t.holes, leaf.Value), leaf.Reads)
	}
	return t, ofRecords, atEnd
}

// partsOf reports whether clauses depend on the document, which of their values are about the record, and whether both can be evaluated
// apart: there is no expression on both, and it is not the record that has the clauses.
func partsOf(s *mapping.Scope, leaves []mapping.Leaf) (document bool, ofRecord []*mapping.Value, apart bool) {
	for _, each := range s.Each {
		if !isOfDocument(each) {
			return false, nil, false
		}
		document = true
	}
	for _, leaf := range leaves {
		switch {
		case len(leaf.Reads) == 0:
		case ofDocument(leaf.Reads):
			document = true
		case readsDocument(leaf.Reads):
			return false, nil, false
		default:
			ofRecord = append(ofRecord, leaf.Value)
		}
	}
	return document, ofRecord, true
}

// ofDocument reports whether paths read the document, and nothing else.
func ofDocument(paths []path.Path) bool {
	return readsDocument(paths) && !slices.ContainsFunc(paths, func(p path.Path) bool { return !isOfDocument(p) && p.Root != path.RootFile })
}

func readsDocument(paths []path.Path) bool { return slices.ContainsFunc(paths, isOfDocument) }

func isOfDocument(p path.Path) bool { return p.Root == path.RootDoc || p.Root == path.RootRows }
