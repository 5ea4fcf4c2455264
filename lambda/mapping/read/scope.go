package read

import (
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

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

// scope evaluates a scope on the record. What depends on the document is known after its end, by its number.
func (r *reader) scope(c *compiledScope) (scope *inventory.Scope, late int) {
	if c == nil {
		return nil, 0
	}
	r.scopeWord(c)
	if c.asked && !r.maker.holds(c.Where, r.found.Value) {
		return &r.unseen, 0
	}
	if c.late && !r.settled(c) {
		return r.lateScope(c)
	}
	scope = r.maker.scopeOf(c, r.found.Value)
	if scope == nil {
		return nil, 0
	}
	if last := r.lastScopes[c]; last != nil && slices.EqualFunc(last.Clauses, scope.Clauses, inventory.Clause.Equal) {
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
		if values > inventory.MaxScopeValues {
			m.note("more than 10,000 values: it counts as if nothing was looked at")
			return &inventory.Scope{}
		}
		scope.Clauses = append(scope.Clauses, clause)
	}
	slices.SortFunc(scope.Clauses, inventory.Clause.Compare)
	scope.Clauses = slices.CompactFunc(scope.Clauses, inventory.Clause.Equal)
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
	m.trace.Clauses(c.Scope, len(starts) > 0)
	return starts
}

// clause returns the bounds of a clause, in the order of the type's attributes.
func (m *entryMaker) clause(c *compiledScope, from *tree.Value) inventory.Clause {
	var clause inventory.Clause
	for i := range c.bounds {
		a := &c.bounds[i]
		values := m.bound(a, from)
		m.trace.Value(a.value, len(values) > 0)
		if len(values) > 0 {
			clause = append(clause, inventory.Bound{Attribute: a.of.Name, Values: values})
		}
	}
	return clause
}

// bound returns the values of a bound as entries have them, sorted, each once.
func (m *entryMaker) bound(a *compiledAttribute, from *tree.Value) []string {
	m.texts = m.evaluator.texts(a.value, from, m.texts[:0])
	var values []string
	for _, text := range m.texts {
		text = clean(m.normal(a, text))
		if a.of.Max > 0 && !isRange(text) {
			text = cut(text, a.of.Max)
		}
		if text != "" {
			values = append(values, text)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// isRange reports whether a text is a range of numbers, which may be longer than one of them.
func isRange(text string) bool {
	from, to, found := strings.Cut(text, "-")
	_, errFrom := strconv.Atoi(from)
	_, errTo := strconv.Atoi(to)
	return found && errFrom == nil && errTo == nil
}
