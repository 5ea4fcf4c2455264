package draft

import (
	"cmp"
	"math"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// place is a list of a document that may be that of the records.
type place struct {
	*shape
	path  string
	host  *shape // the machines inside each record; nil: the record is the machine
	ids   []identifier
	score float64
}

// places returns all lists of objects of a document, the likeliest first.
func (t *tree) places() []place {
	candidates := []*shape{t.rows}
	if t.format == syntax.XML {
		candidates = []*shape{t.root}
	}
	candidates[0].walk(func(s *shape) bool {
		single := t.format == syntax.XML && len(s.children) > 1 && naming.Fit(naming.Tokens(s.name), naming.Words().Lists["single"]) == naming.Same
		if s.isObject() && (s.many || single) && !s.isPartOfParent() { // of an element that is named for machines the sample may have one only
			candidates = append(candidates, s)
		}
		return true
	})
	var places []place
	for _, s := range candidates {
		if path, ok := t.placeOf(s); ok && s.objects > 0 && s.isObject() {
			p := place{shape: s, path: path, ids: t.identifiers(s)}
			p.score = t.rank(p)
			places = append(places, p)
		}
	}
	for i := range places {
		places[i].score -= inner(places, i)
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(b.score, a.score) })
	return places
}

// rank returns how much a list looks like that of the records.
func (t *tree) rank(p place) float64 {
	score := p.strength() + math.Log10(float64(p.objects)) + 0.1*math.Min(12, float64(len(t.fieldsOf(p.shape, false))))
	name := naming.Tokens(p.name)
	if fields, _ := usable(t.fieldsOf(p.shape, false)); p.many && len(p.ids) == 0 && clearly(p.shape, fields) != nil {
		return score + 2
	}
	switch {
	case naming.Fit(name, naming.Words().Lists["machines"]) >= naming.EndsWith:
		score += 1.5
	case p.message && naming.Fit(name, naming.Words().Lists["vulnerabilities"]) >= naming.EndsWith:
		score += 2 // of messages those that state something
	case p.name != "" && naming.Fit(name, naming.Words().Lists["others"]) >= naming.EndsWith && p.path != "$rows":
		score -= 2
	}
	if p.shape == t.root || p.shape == t.rows && p.objects == 1 {
		score-- // the document as a whole
	}
	return score
}

// strength returns how well the records' machines are named.
func (p *place) strength() float64 {
	best := map[string]float64{}
	for _, id := range p.ids {
		if share := id.share(p.shape); !id.nested || id.kind == "ip" || id.kind == "mac" {
			score := id.score * math.Max(0.3, share)
			if id.nested && !interfaces(id.shape, p.shape) {
				score = 0 // of a list inside the record: its own
			}
			best[id.kind] = math.Max(best[id.kind], score)
		}
	}
	first, rest := 0.0, 0.0
	for _, kind := range kinds {
		first = math.Max(first, best[kind])
		rest += 0.3 * best[kind]
	}
	return first + rest
}

// interfaces reports whether a field is in a list of the machine's interfaces or addresses.
func interfaces(s, record *shape) bool {
	return s.upTo(record, func(s *shape) bool {
		return naming.Fit(naming.Tokens(s.name), naming.Words().Lists["interfaces"]) > naming.Unfit
	})
}

// inner is what a list inside another one's objects loses, where those name machines already: it is a part of them.
func inner(places []place, i int) float64 {
	for _, up := range places {
		named := slices.ContainsFunc(up.ids, func(id identifier) bool {
			return id.score >= 2.5 && !id.nested && !id.within(places[i].shape) && id.shape != places[i].shape
		})
		theOne := !places[i].many && up.many // the one machine of each record
		if places[i].named && !up.many {
			continue // by their names these are the machines, and what is around them is not one
		}
		if places[i].within(up.shape) && (theOne || named && (up.many || up.path == "$rows")) {
			return 5
		}
	}
	if slices.ContainsFunc(places, func(up place) bool {
		return up.many && !up.any && places[i].within(up.shape) && places[i].objects*3 < up.objects
	}) {
		return 3 // few of them have such a list
	}
	if len(places[i].ids) == 0 && slices.ContainsFunc(places, func(up place) bool { return up.many && places[i].within(up.shape) }) {
		return 2
	}
	return 0
}

// best returns the identifiers that are written: of each kind the best, and others that hold the same in another way.
func best(p place) []identifier {
	var kept []identifier
	for _, kind := range kinds {
		var first *identifier
		n := 0
		for i, id := range p.ids {
			if id.kind != kind || id.nested && !interfaces(id.shape, p.shape) || foreignAddress(id, kept) {
				continue
			}
			if first == nil {
				first = &p.ids[i]
			} else if kind == "hostname" && (id.score < 4 || id.score < first.score-1) || kind == "serial" || first.score-id.score > 0.5 && kind != "hostname" || n >= 3 {
				continue
			}
			kept = append(kept, id)
			n++
		}
	}
	return kept
}

// foreignAddress recognises an address under a name that another field has for the machine: a virtual machine's host, for one.
func foreignAddress(id identifier, names []identifier) bool {
	return id.kind == "ip" && id.fit(naming.Words().Identify["ip"]) == naming.Unfit && slices.ContainsFunc(names, func(other identifier) bool {
		return other.kind == "hostname" && other.shape != id.shape && other.score >= 4
	})
}
