package simulation

import (
	"cmp"
	"slices"
	"time"
)

// The oracle says from what the sources said, and from nothing that the product keeps, what a node should hold. It puts all that was said
// in the order of its time, in whatever order it came, and follows plain rules:
//
//   - A snapshot states all that its source knows of a type, or of what it looked at. Rows that lie there and that it does not state are
//     removed; those outside stand.
//   - What only adds sets its rows and removes none: a document that says itself that it is a part, and one with a rejected row.
//   - A snapshot leaves the row of the newest part of a key that was written within six hours of it, unless the part says which page it is.
//   - A partial record sets the attributes for which it has values. Of a row that was stated as a whole at the same time it sets none, and
//     beside a snapshot of all of a type that is of the same time it says nothing.
//   - An event sets or removes single rows. At one time what is set stands before what is removed.
//   - Within a document, of rows with one key the one of the newer record stands. At one time those that differ only in what is united become
//     one; of others the first in the type's order stands.
//   - Of two records of a document that looked at the same of the same target only the newer counts, where a mapping has a scope.

// stamp is when something was true, and when it was written down.
type stamp struct{ at, written time.Time }

func (s stamp) compare(o stamp) int {
	return cmp.Or(s.at.Compare(o.at), s.written.Compare(o.written))
}

// manner is how a statement is meant. At one time they count in this order, but for a snapshot of all of a type, which counts last.
type manner int

const (
	changes  manner = iota // rows are set and removed
	adds                   // rows are set, and none is removed
	snapshot               // all that the source knows of what it looked at
	fills                  // values are set, and those that are not given stay
)

// word is what one document says of one node and type.
type word struct {
	source string
	stamp  stamp
	manner manner
	part   bool   // of a part that does not say which page it is
	looked []look // of a snapshot: what it looked at; nil: at all
	set    []row
	gone   []string // IDs
}

// order is where a word counts among those of one time.
func (w *word) order() manner {
	if w.manner == snapshot && (w.looked == nil || slices.ContainsFunc(w.looked, func(l look) bool { return len(l) == 0 })) {
		return fills + 1
	}
	return w.manner
}

// words are what a document says of a node and type.
func (d *doc) words(node int, typ string) []word {
	records := d.about(node)
	tooMany := overLimit(records)
	if !slices.Contains(fillsOf(d.source), typ) || typ == assetType && tooMany {
		return nil
	}
	if merges(d.source) {
		return d.events(records)
	}
	var whole, partial []rec
	for _, r := range records {
		if r.partial {
			partial = append(partial, r)
		} else {
			whole = append(whole, r)
		}
	}
	list := d.each(partial, typ, fills)
	if d.isPart() {
		for _, w := range d.each(newestLooks(d.source, whole), typ, adds) {
			w.part = d.pages < 2
			list = append(list, w)
		}
		return list
	}
	w := word{source: d.source, stamp: stamp{latest(whole), d.written}, manner: snapshot}
	if tooMany || rejects(records) {
		w.manner = adds
	}
	whole = stating(typ, newestLooks(d.source, whole))
	if len(whole) == 0 {
		return list
	}
	w.set = newestRows(typ, d.source, whole)
	if d.source == probe {
		w.looked = looks(whole)
	}
	return append(list, w)
}

// about are the records about a node.
func (d *doc) about(node int) []rec {
	return slices.DeleteFunc(slices.Clone(d.records), func(r rec) bool { return r.node != node })
}

// stating are the records that say anything of a type.
func stating(typ string, records []rec) []rec {
	return slices.DeleteFunc(slices.Clone(records), func(r rec) bool { return typ == assetType && r.keepAssets })
}

// each is what records say, each time by itself.
func (d *doc) each(records []rec, typ string, m manner) []word {
	var words []word
	for _, group := range byTime(records) {
		words = append(words, word{source: d.source, stamp: stamp{group[0].at, d.written}, manner: m, set: newestRows(typ, d.source, group)})
	}
	return words
}

// events are what a merge's records say, each time by itself.
func (d *doc) events(records []rec) []word {
	var words []word
	for _, group := range byTime(records) {
		w := word{source: d.source, stamp: stamp{group[0].at, d.written}, manner: changes}
		var set []rec
		for _, r := range group {
			if r.remove {
				w.gone = append(w.gone, r.rows[findingType][0].ID)
			} else {
				set = append(set, r)
			}
		}
		w.set = newestRows(findingType, d.source, set)
		words = append(words, w)
	}
	return words
}

func byTime(records []rec) [][]rec {
	var groups [][]rec
	for _, r := range records {
		i := slices.IndexFunc(groups, func(g []rec) bool { return g[0].at.Equal(r.at) })
		if i < 0 {
			i, groups = len(groups), append(groups, nil)
		}
		groups[i] = append(groups[i], r)
	}
	return groups
}

func latest(records []rec) time.Time {
	var last time.Time
	for _, r := range records {
		if r.at.After(last) {
			last = r.at
		}
	}
	return last
}

// rejects reports whether a row of the records is rejected: it has no ID.
func rejects(records []rec) bool {
	return slices.ContainsFunc(records, func(r rec) bool {
		for t, rows := range r.rows {
			if (t != assetType || !r.keepAssets) && slices.ContainsFunc(rows, func(e row) bool { return e.ID == "" }) {
				return true
			}
		}
		return false
	})
}

// overLimit reports whether records state more assets than the type takes, so that they are rejected.
func overLimit(records []rec) bool {
	found := map[string]bool{}
	for _, r := range stating(assetType, records) {
		for _, e := range r.rows[assetType] {
			if e.ID != "" {
				found[e.ID] = true
			}
		}
	}
	return len(found) > assetLimit
}

// newestRows are the rows of records of one document: of each key those of the newest record, together.
func newestRows(typ, source string, records []rec) []row {
	at, rows := map[string]time.Time{}, map[string][]row{}
	for _, r := range records {
		for _, e := range r.rows[typ] {
			switch {
			case e.ID == "" || r.at.Before(at[e.ID]):
				continue
			case r.at.After(at[e.ID]):
				at[e.ID], rows[e.ID] = r.at, nil
			}
			rows[e.ID] = append(rows[e.ID], e)
		}
	}
	var list []row
	for _, same := range rows {
		list = append(list, together(typ, source, same))
	}
	return list
}

// held is a row that a source states, and since when.
type held struct {
	row
	source string
	stamp  stamp
}

// shareOf is what a source states of a node and type after all that it said.
func shareOf(typ string, words []word) []held {
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Or(a.stamp.compare(b.stamp), cmp.Compare(a.order(), b.order())) })
	state, parts := map[string]held{}, map[string]held{}
	for _, w := range words {
		w.apply(state)
		w.leave(state, parts)
	}
	var list []held
	for _, h := range state {
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b held) int { return better(typ, a, b) })
	return list
}

// leave keeps the rows of a part, and sets those that a snapshot leaves.
func (w *word) leave(state, parts map[string]held) {
	for _, e := range w.set {
		if w.part {
			parts[e.ID] = held{row: e, source: w.source, stamp: w.stamp}
		}
	}
	for id, h := range parts {
		_, there := state[id]
		if w.manner == snapshot && !there && w.stamp.written.Sub(h.stamp.written).Abs() <= pageWait {
			state[id] = h
		}
	}
}

// apply changes what the source stated before.
func (w *word) apply(state map[string]held) {
	for _, id := range w.gone {
		delete(state, id)
	}
	for id, h := range state {
		if w.manner == snapshot && (w.looked == nil || slices.ContainsFunc(w.looked, func(l look) bool { return l.at(h.Area) })) {
			delete(state, id)
		}
	}
	for _, e := range w.set {
		old, there := state[e.ID]
		switch {
		case w.manner != fills || !there:
			state[e.ID] = held{row: e, source: w.source, stamp: w.stamp}
		case old.stamp.compare(w.stamp) < 0:
			old.fill(e)
			state[e.ID] = old
		}
	}
}
