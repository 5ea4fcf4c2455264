package read

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// maxScope bounds the values of one scope.
const maxScope = 10_000

// compiledScope is a scope with how its values are made fit.
type compiledScope struct {
	*mapping.Scope
	of     *mapping.Type
	bounds []compiledAttribute
	late   bool // the clauses are those of the document, or there are none, and the condition is its own
	asked  bool // the condition is about the record
	number int  // of a late one, from 1
}

// compileScopes prepares the scopes of all fills, and returns those that are evaluated after the document's end.
func compileScopes(m *mapping.Mapping, fills [][]compiledFill) []*compiledScope {
	var late []*compiledScope
	for _, block := range fills {
		for i := range block {
			f := &block[i]
			if f.Fill.Scope == nil {
				continue
			}
			f.scope = compileScope(m, f.Fill)
			if f.scope.late {
				late = append(late, f.scope)
				f.scope.number = len(late)
			}
		}
	}
	return late
}

func compileScope(m *mapping.Mapping, f *mapping.Fill) *compiledScope {
	c := &compiledScope{Scope: f.Scope, of: f.Type}
	c.late, c.asked = lateScope(f.Scope)
	for _, b := range f.Scope.Bounds {
		c.bounds = append(c.bounds, compileAttribute(m, f.Type, b.Attribute, b.Value))
	}
	return c
}

// lateScope reports whether a scope is evaluated after the document's end, and whether its condition is asked of each record.
func lateScope(s *mapping.Scope) (late, asked bool) {
	bare := len(s.Each)+len(s.Bounds) == 0
	document := s.Where != nil && s.WhereOfDocument()
	late = s.ClausesOfDocument() || bare && document
	return late, s.Where != nil && !(late && document)
}

// planScope adds what a scope reads to what is read of records, or after the document's end.
func planScope(f *mapping.Fill, ofRecords, atEnd *[]path.Path) error {
	late, asked := lateScope(f.Scope)
	conditions, clauses := atEnd, ofRecords
	if asked {
		conditions = ofRecords
	}
	if late {
		clauses = atEnd
	}
	*conditions = appendReads(*conditions, f.Scope.Where.Paths())
	reads, err := f.Scope.ClauseReads()
	*clauses = appendReads(*clauses, reads)
	return err
}

// scopes finds what the record looked at of each type that it states.
func (r *reader) scopes() {
	r.record.Scopes, r.record.LateScopes = r.record.Scopes[:0], r.record.LateScopes[:0]
	if r.record.Merge || !r.program.scoped[r.found.Block] {
		return
	}
	fills := r.program.fills[r.found.Block]
	for _, t := range r.record.States {
		i := slices.IndexFunc(fills, func(f compiledFill) bool { return f.Index == t })
		scope, late := r.scope(fills[i].scope)
		r.record.Scopes, r.record.LateScopes = append(r.record.Scopes, scope), append(r.record.LateScopes, late)
	}
}

// scope evaluates a scope on the record. What is the same for all records is known after the document's end, by its number.
func (r *reader) scope(c *compiledScope) (scope *inventory.Scope, late int) {
	if c == nil {
		return nil, 0
	}
	r.scopeWord(c)
	switch {
	case c.asked && !r.maker.holds(c.Where, r.found.Value):
		return &r.unseen, 0
	case c.late:
		return nil, c.number
	}
	scope = r.maker.scopeOf(c, r.found.Value)
	if scope == nil {
		return nil, 0
	}
	if last := r.lastScopes[c]; last != nil && slices.EqualFunc(last.Clauses, scope.Clauses, equalClauses) {
		return last, 0
	}
	if r.lastScopes == nil {
		r.lastScopes = make(map[*compiledScope]*inventory.Scope)
	}
	keepScope(scope)
	r.lastScopes[c] = scope
	return scope, 0
}

// keepScope makes a scope valid for longer than its record.
func keepScope(s *inventory.Scope) {
	if s == nil {
		return
	}
	for _, clause := range s.Clauses {
		for _, b := range clause {
			for i := range b.Values {
				b.Values[i] = strings.Clone(b.Values[i])
			}
		}
	}
}

func (r *reader) scopeWord(c *compiledScope) {
	r.maker.at.Type, r.maker.at.Word = c.of.Inventory.Name, "scope"
}

// endScopes evaluates the scopes that are those of the whole document.
func (r *reader) endScopes(in path.Scope) {
	for _, c := range r.program.late.scopes {
		r.scopeWord(c)
		scope := &r.unseen
		if c.Where == nil || c.asked || r.maker.holds(c.Where, in.Doc) {
			scope = r.maker.scopeOf(c, in.Doc)
			keepScope(scope)
		}
		r.reading.scopes = append(r.reading.scopes, scope)
	}
}

// scopeOf makes a scope of its clauses; nil where one of them is bound by nothing, and so covers all.
func (m *entryMaker) scopeOf(c *compiledScope, from *tree.Value) *inventory.Scope {
	starts := m.starts(c, from)
	scope := &inventory.Scope{}
	values := 0
	for _, start := range starts {
		clause := m.clause(c, start)
		if len(clause) == 0 {
			return nil
		}
		for _, b := range clause {
			values += len(b.Values)
		}
		if values > maxScope {
			m.note("more than 10,000 values: it counts as if nothing was looked at")
			return &inventory.Scope{}
		}
		scope.Clauses = append(scope.Clauses, clause)
	}
	slices.SortFunc(scope.Clauses, compareClauses)
	scope.Clauses = slices.CompactFunc(scope.Clauses, equalClauses)
	return scope
}

// starts are the values that make a clause each.
func (m *entryMaker) starts(c *compiledScope, from *tree.Value) []*tree.Value {
	if len(c.Each) == 0 {
		return []*tree.Value{from}
	}
	var starts []*tree.Value
	for i := range c.Each {
		starts = c.Each[i].Nodes(&m.scope, from, starts)
		if len(starts) > 0 {
			break
		}
	}
	m.trace.clauses(c.Scope, len(starts) > 0)
	return starts
}

// clause returns the bounds of a clause, in the order of the type's attributes.
func (m *entryMaker) clause(c *compiledScope, from *tree.Value) inventory.Clause {
	var clause inventory.Clause
	for i := range c.bounds {
		a := &c.bounds[i]
		of := &c.of.Attributes[a.index]
		values := m.bound(a, of, from)
		m.trace.value(a.value, len(values) > 0)
		if len(values) > 0 {
			clause = append(clause, inventory.Bound{Attribute: of.Name, Values: values})
		}
	}
	return clause
}

// bound returns the values of a bound as entries have them, sorted, each once.
func (m *entryMaker) bound(a *compiledAttribute, of *mapping.Attribute, from *tree.Value) []string {
	m.texts = m.evaluator.texts(a.value, from, m.texts[:0])
	var values []string
	for _, text := range m.texts {
		text = clean(m.normal(a, of, text))
		if of.Max > 0 {
			text = cut(text, of.Max)
		}
		if text != "" {
			values = append(values, text)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

func compareClauses(a, b inventory.Clause) int {
	return slices.CompareFunc(a, b, func(a, b inventory.Bound) int {
		return cmp.Or(cmp.Compare(a.Attribute, b.Attribute), slices.Compare(a.Values, b.Values))
	})
}

func equalClauses(a, b inventory.Clause) bool { return compareClauses(a, b) == 0 }
