// Package missed collects what a mapping makes of documents, and knows what it misses there, for the one who writes the mapping. It reads no document.
package missed

import (
	"cmp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// Trace collects what a mapping makes of documents, for the one who writes the mapping. The zero Trace is ready.
type Trace struct {
	values map[*mapping.Value]use
	words  map[any]use // scopes with clauses, and expressions about the document
	maps   map[*mapping.Value]use
	cuts   map[*mapping.Attribute]use
	fields map[string]use
	order  []string // of fields
	notes  map[note]use
}

// note is what did not go as the mapping hoped, wherever.
type note struct{ typ, word, reason string }

// use counts how often something was there, and how often it was of use.
type use struct{ of, used int }

// count adds to what is known of something, and returns all that is known.
func count[K comparable](uses map[K]use, k K, used bool) map[K]use {
	if uses == nil {
		uses = make(map[K]use)
	}
	u := uses[k]
	u.of++
	if used {
		u.used++
	}
	uses[k] = u
	return uses
}

// Finding is something that a mapping misses in a document, or that is not as its types want it.
type Finding struct {
	Kind  string        // one of the Finding constants
	At    problem.Place // in the mapping's file; of a field nowhere
	Type  string        // the type, or ""
	Word  string        // the attribute, or "identify hostname"
	Field string        // of the document's records
	Why   string        // of a note; of a path that leads nowhere the field that may be meant
	Count int           // how many
	Of    int           // of how many, 0 where that is not known
}

// Kinds of findings.
const (
	Unfilled = "unfilled" // the mapping has a value for it, and there never is one
	Unused   = "unused"   // a field of the records that nothing reads
	Unmapped = "unmapped" // no word of a map is among the strings that it maps
	Cut      = "cut"      // values longer than their attribute's max
	Noted    = "note"     // dates that are not understood, and what else did not go as hoped
)

// Value notes whether a value was there.
func (t *Trace) Value(v *mapping.Value, filled bool) {
	if t != nil {
		t.values = count(t.values, v, filled)
	}
}

// Clauses notes whether a scope has clauses in a document.
func (t *Trace) Clauses(s *mapping.Scope, found bool) {
	if t != nil {
		t.words = count(t.words, any(s), found)
	}
}

// Condition notes whether anything that an expression reads is in a document.
func (t *Trace) Condition(x *mapping.Expression, found bool) {
	if t != nil {
		t.words = count(t.words, any(x), found)
	}
}

// Cut notes a value that was longer than its attribute's max.
func (t *Trace) Cut(a *mapping.Attribute) {
	if t != nil {
		t.cuts = count(t.cuts, a, true)
	}
}

// Note notes what did not go as the mapping hoped: of a type or "", at an attribute or block word.
func (t *Trace) Note(typ, word, reason string) {
	if t != nil {
		t.notes = count(t.notes, note{typ, word, reason}, true)
	}
}

// maxTraced bounds the fields that are counted apart.
const maxTraced = 10_000

// Field notes a field of the records, and whether anything reads it.
func (t *Trace) Field(path string, read bool) {
	if _, known := t.fields[path]; !known {
		if len(t.order) >= maxTraced {
			return
		}
		t.order = append(t.order, path)
	}
	t.fields = count(t.fields, path, read)
}

// Findings returns what was found of a mapping, in the order of its file; then the fields that are not used, in that of the document.
func (t *Trace) Findings(m *mapping.Mapping) []Finding {
	found := t.whole(m.Whole)
	for _, b := range m.Blocks {
		found = append(found, t.identifiers(b)...)
		for _, f := range b.Fills {
			found = append(found, t.attributes(f)...)
			found = append(found, t.scope(f)...)
		}
	}
	for n, u := range t.notes {
		found = append(found, Finding{Kind: Noted, At: placeOf(m, n), Type: n.typ, Word: n.word, Why: n.reason, Count: u.of})
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column),
			cmp.Compare(a.Type, b.Type), cmp.Compare(a.Word, b.Word), cmp.Compare(a.Why, b.Why))
	})
	for _, path := range t.order {
		if u := t.fields[path]; u.used == 0 {
			found = append(found, Finding{Kind: Unused, Field: path, Count: u.of})
		}
	}
	return found
}

// identifiers returns the identifiers that no record has.
func (t *Trace) identifiers(b *mapping.Block) []Finding {
	var found []Finding
	for _, n := range b.Identity.All() {
		if u := t.values[n.Value]; u.of > 0 && u.used == 0 {
			found = append(found, Finding{Kind: Unfilled, At: n.Value.At, Word: "identify " + n.Key, Why: t.meant(n.Value), Count: u.of, Of: u.of})
		}
		found = t.unmapped(found, n.Value, Finding{Word: "identify " + n.Key})
	}
	return found
}

// whole returns what of `whole` finds nothing in the document.
func (t *Trace) whole(w *mapping.Whole) []Finding {
	if w == nil {
		return nil
	}
	var found []Finding
	if x := w.Holds; x != nil && len(x.Paths()) > 0 {
		found = appendUnfilled(found, t.words[x], Finding{At: x.At, Word: "whole"})
	}
	for _, part := range []mapping.TagValue{{Key: "whole page", Value: w.Page}, {Key: "whole pages", Value: w.Pages}} {
		if part.Value != nil {
			found = appendUnfilled(found, t.values[part.Value], Finding{At: part.Value.At, Word: part.Key})
		}
	}
	return found
}

// scope returns what of a type's scope finds nothing.
func (t *Trace) scope(f *mapping.Fill) []Finding {
	if f.Scope == nil {
		return nil
	}
	found := appendUnfilled(nil, t.words[f.Scope], Finding{At: f.Scope.At, Type: f.Type.Name(), Word: "scope each"})
	for _, b := range f.Scope.Bounds {
		found = appendUnfilled(found, t.values[b.Value], Finding{At: b.Value.At, Type: f.Type.Name(), Word: "scope " + f.Type.Attributes[b.Attribute].Name})
	}
	return found
}

// appendUnfilled adds a finding about what was asked for and never found.
func appendUnfilled(found []Finding, u use, f Finding) []Finding {
	if u.of == 0 || u.used > 0 {
		return found
	}
	f.Kind, f.Count, f.Of = Unfilled, u.of, u.of
	return append(found, f)
}

// attributes returns the attributes that no entry has, and those that were cut.
func (t *Trace) attributes(f *mapping.Fill) []Finding {
	var found []Finding
	if at, none := t.noEntry(f); none {
		return []Finding{{Kind: Unfilled, At: at, Type: f.Type.Name()}}
	}
	for i, v := range f.Values {
		if v == nil {
			continue
		}
		a, u := &f.Type.Attributes[i], t.values[v]
		finding := Finding{At: v.At, Type: f.Type.Name(), Word: a.Name, Of: u.of}
		if u.of > 0 && u.used == 0 {
			finding.Kind, finding.Count, finding.Why = Unfilled, u.of, t.meant(v)
			found = append(found, finding)
		}
		found = t.unmapped(found, v, Finding{Type: f.Type.Name(), Word: a.Name})
		if cuts := t.cuts[a].of; u.of > 0 && cuts > 0 {
			finding.Kind, finding.Count = Cut, cuts
			found = append(found, finding)
		}
	}
	return found
}

// noEntry reports whether no entry was made of the fill, and where its first attribute stands.
func (t *Trace) noEntry(f *mapping.Fill) (at problem.Place, none bool) {
	for _, v := range f.Values {
		if v == nil {
			continue
		}
		if t.values[v].of > 0 {
			return problem.Place{}, false
		}
		if !none || v.At.Line < at.Line {
			at, none = v.At, true
		}
	}
	return at, none
}

// placeOf finds the attribute, scope or `whole` that a note is about; the mapping's file where it is about something else.
func placeOf(m *mapping.Mapping, n note) problem.Place {
	if n.word == "whole" && m.Whole != nil {
		return m.Whole.At
	}
	for _, b := range m.Blocks {
		for _, f := range b.Fills {
			if f.Type.Name() != n.typ {
				continue
			}
			if n.word == "scope" && f.Scope != nil {
				return f.Scope.At
			}
			for i, v := range f.Values {
				if v != nil && f.Type.Attributes[i].Name == n.word {
					return v.At
				}
			}
		}
	}
	return problem.Place{File: m.File}
}
