package read

import (
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// maxLateScopes bounds how many scopes a reading remembers until the document's end.
const maxLateScopes = 1000

// lateScopes are scopes that depend on the document, each with what of it is about records: the same for most of them.
type lateScopes struct {
	numbers map[string]int // by that; from 1
	all     []lateScope    // by number
	key     []byte
}

type lateScope struct {
	*compiledScope
	given map[*mapping.Value][]string
}

// settled reports whether the record has what goes before all that the document may have: `[ports, $doc.ports]`.
func (r *reader) settled(c *compiledScope) bool {
	return len(c.holes) > 0 && len(c.Each) == 0 && (c.asked || c.Where == nil) && !slices.ContainsFunc(c.bounds, func(a compiledAttribute) bool {
		return r.needsDocument(a.value)
	})
}

// needsDocument reports whether a value cannot be evaluated on the record alone.
func (r *reader) needsDocument(v *mapping.Value) bool {
	for _, inner := range v.First {
		if r.needsDocument(inner) {
			return true
		}
		r.maker.texts = r.maker.evaluator.texts(inner, r.found.Value, r.maker.texts[:0])
		if len(r.maker.texts) > 0 {
			return false
		}
	}
	if len(v.First)+len(v.All) == 0 {
		return slices.ContainsFunc(v.Paths(), isOfDocument)
	}
	return slices.ContainsFunc(v.All, func(inner *mapping.Value) bool { return r.needsDocument(inner) })
}

// lateScope returns the number of a scope that is evaluated after the document's end.
func (r *reader) lateScope(c *compiledScope) (scope *inventory.Scope, number int) {
	l := &r.lateScopes
	l.key = append(strconv.AppendInt(l.key[:0], int64(r.found.Block), 10), c.of.Name()...)
	for _, hole := range c.holes {
		texts := r.maker.evaluator.texts(hole, r.found.Value, r.maker.texts[:0])
		r.maker.texts = texts
		l.key = strconv.AppendInt(append(l.key, 0), int64(len(texts)), 10)
		for _, text := range texts {
			l.key = append(append(l.key, 0), text...)
		}
	}
	if number := l.numbers[string(l.key)]; number > 0 {
		return nil, number
	}
	if len(l.all) >= maxLateScopes {
		r.maker.note("more than 1,000 different scopes that depend on the document: it counts as if nothing was looked at")
		return &r.unseen, 0
	}
	if l.numbers == nil {
		l.numbers = make(map[string]int)
	}
	l.all = append(l.all, lateScope{c, r.fill(c.holes)})
	l.numbers[string(l.key)] = len(l.all)
	return nil, len(l.all)
}

// fill evaluates values on the current record, for longer than it is valid.
func (r *reader) fill(holes []*mapping.Value) map[*mapping.Value][]string {
	given := make(map[*mapping.Value][]string, len(holes))
	for _, hole := range holes {
		texts := r.maker.evaluator.texts(hole, r.found.Value, nil)
		for i := range texts {
			texts[i] = strings.Clone(texts[i])
		}
		given[hole] = texts
	}
	return given
}

// endScopes evaluates the scopes that depend on the document.
func (r *reader) endScopes(in path.Scope) {
	for _, l := range r.lateScopes.all {
		r.scopeWord(l.compiledScope)
		scope := &r.unseen
		if l.Where == nil || l.asked || r.maker.holds(l.Where, in.Doc) {
			r.maker.given = l.given
			scope = r.maker.scopeOf(l.compiledScope, in.Doc)
			r.maker.given = nil
			keepScope(scope)
		}
		r.reading.scopes = append(r.reading.scopes, scope)
	}
}
