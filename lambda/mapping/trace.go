package mapping

import (
	"cmp"
	"slices"
)

// Trace collects what a mapping makes of documents, for the one who writes the mapping. The zero Trace is ready.
type Trace struct {
	values map[*value]*use
	cuts   map[*Attribute]int
	fields map[string]*use
	order  []string // of fields
	notes  map[Note]int
}

// use counts how often something was there, and how often it was of use.
type use struct{ of, used int }

// Finding is something that a mapping misses in a document, or that is not as its types want it.
type Finding struct {
	Kind  string // one of the Finding constants
	At    Place  // in the mapping's file; of a field nowhere
	Type  string // the type, or ""
	Word  string // the attribute, or "identify hostname"
	Field string // of the document's records
	Why   string // of a note
	Count int    // how many
	Of    int    // of how many, 0 where that is not known
}

// Kinds of findings.
const (
	Unfilled = "unfilled" // the mapping says where a value comes from, and there never is one
	Unused   = "unused"   // a field of the records that nothing reads
	Cut      = "cut"      // values longer than their attribute's max
	Noted    = "note"     // dates that are not understood, and what else did not go as hoped
)

func (t *Trace) value(v *value, filled bool) {
	if t == nil {
		return
	}
	if t.values == nil {
		t.values = map[*value]*use{}
	}
	count(t.values, v, filled)
}

// count adds to what is known of something, and tells whether it is new.
func count[K comparable](uses map[K]*use, k K, used bool) bool {
	u, known := uses[k]
	if !known {
		u = &use{}
		uses[k] = u
	}
	u.of++
	if used {
		u.used++
	}
	return !known
}

func (t *Trace) cut(a *Attribute) {
	if t == nil {
		return
	}
	if t.cuts == nil {
		t.cuts = map[*Attribute]int{}
	}
	t.cuts[a]++
}

// maxTraced bounds the fields that are told apart.
const maxTraced = 10_000

func (t *Trace) field(path string, read bool) {
	if t.fields == nil {
		t.fields = map[string]*use{}
	}
	if t.fields[path] == nil && len(t.order) >= maxTraced {
		return
	}
	if count(t.fields, path, read) {
		t.order = append(t.order, path)
	}
}

func (t *Trace) note(at Note, reason string) {
	if t == nil {
		return
	}
	if t.notes == nil {
		t.notes = map[Note]int{}
	}
	t.notes[Note{Type: at.Type, Word: at.Word, Reason: reason}]++
}

// Findings gives what was found of a mapping, in the order of its file; then the fields that are not used, in that of the document.
func (t *Trace) Findings(m *Mapping) []Finding {
	var found []Finding
	for _, b := range m.blocks {
		found = append(found, t.identifiers(b)...)
		for _, f := range b.fills {
			found = append(found, t.attributes(f)...)
		}
	}
	for n, times := range t.notes {
		found = append(found, Finding{Kind: Noted, At: m.placeOf(n), Type: n.Type, Word: n.Word, Why: n.Reason, Count: times})
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

// identifiers gives the identifiers that no record has.
func (t *Trace) identifiers(b *block) []Finding {
	i := b.identity
	if i == nil {
		return nil
	}
	named := []tagValue{{"nodeId", i.nodeID}, {"serial", i.serial}, {"hostname", i.hostname}, {"reverse", i.reverse}, {"ip", i.ip}, {"mac", i.mac}}
	for _, tag := range i.tags {
		named = append(named, tagValue{"tag " + tag.key, tag.value})
	}
	var found []Finding
	for _, n := range named {
		if u := t.values[n.value]; n.value != nil && u != nil && u.used == 0 {
			found = append(found, Finding{Kind: Unfilled, At: n.value.at, Word: "identify " + n.key, Count: u.of, Of: u.of})
		}
	}
	return found
}

// attributes gives the attributes that no entry has, and those that were cut.
func (t *Trace) attributes(f *fill) []Finding {
	var found []Finding
	if at, none := t.noEntry(f); none {
		return []Finding{{Kind: Unfilled, At: at, Type: f.typ.Name()}}
	}
	for i, v := range f.values {
		a := &f.typ.Attributes[i]
		finding := Finding{Type: f.typ.Name(), Word: a.Name}
		if v == nil {
			continue
		}
		finding.At = v.at
		u := t.values[v]
		if u != nil && u.used == 0 {
			finding.Kind, finding.Count, finding.Of = Unfilled, u.of, u.of
			found = append(found, finding)
		}
		if u != nil && t.cuts[a] > 0 {
			finding.Kind, finding.Count, finding.Of = Cut, t.cuts[a], u.of
			found = append(found, finding)
		}
	}
	return found
}

// noEntry tells that no entry was made of the fill, and where its first attribute stands.
func (t *Trace) noEntry(f *fill) (at Place, none bool) {
	for _, v := range f.values {
		if v == nil {
			continue
		}
		if t.values[v] != nil {
			return Place{}, false
		}
		if !none || v.at.Line < at.Line {
			at, none = v.at, true
		}
	}
	return at, none
}

// placeOf finds the attribute that a note is about; the mapping's file where it is about none.
func (m *Mapping) placeOf(n Note) Place {
	for _, b := range m.blocks {
		for _, f := range b.fills {
			for i, v := range f.values {
				if v != nil && f.typ.Name() == n.Type && f.typ.Attributes[i].Name == n.Word {
					return v.at
				}
			}
		}
	}
	return Place{File: m.File}
}
