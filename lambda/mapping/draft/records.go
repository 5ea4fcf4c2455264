package draft

import (
	"cmp"
	"math"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// place is a list of a document that may be that of the records.
type place struct {
	*shape.Shape
	path  string
	host  *shape.Shape // the machines inside each record; nil: the record is the machine
	ids   []identifier
	score float64
}

// placesIn returns all lists of objects of a document, the likeliest first.
func placesIn(t *shape.Tree) []place {
	candidates := []*shape.Shape{t.Rows}
	if t.Format == syntax.XML {
		candidates = []*shape.Shape{t.Root}
	}
	candidates[0].Walk(func(s *shape.Shape) bool {
		single := t.Format == syntax.XML && len(s.Children) > 1 && naming.Fit(naming.Tokens(s.Name), naming.Words().Lists["single"]) == naming.Same
		if s.IsObject() && (s.Many || single) && !s.IsPartOfParent() { // of an element that is named for machines the sample may have one only
			candidates = append(candidates, s)
		}
		return true
	})
	var places []place
	for _, s := range candidates {
		if path, ok := t.PlaceOf(s); ok && s.Objects > 0 && s.IsObject() {
			p := place{Shape: s, path: path, ids: identifiersOf(t, s)}
			p.score = rank(t, p)
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
func rank(t *shape.Tree, p place) float64 {
	score := p.strength() + math.Log10(float64(p.Objects)) + 0.1*math.Min(12, float64(len(t.FieldsOf(p.Shape, false))))
	name := naming.Tokens(p.Name)
	if fields, _ := usable(t.FieldsOf(p.Shape, false)); p.Many && len(p.ids) == 0 && clearly(p.Shape, fields) != nil {
		return score + 2
	}
	switch {
	case naming.Fit(name, naming.Words().Lists["machines"]) >= naming.EndsWith:
		score += 1.5
	case p.Message && naming.Fit(name, naming.Words().Lists["vulnerabilities"]) >= naming.EndsWith:
		score += 2 // of messages those that state something
	case p.Name != "" && naming.Fit(name, naming.Words().Lists["others"]) >= naming.EndsWith && p.path != "$rows":
		score -= 2
	}
	if p.Shape == t.Root || p.Shape == t.Rows && p.Objects == 1 {
		score-- // the document as a whole
	}
	return score
}

// strength returns how well the records' machines are named.
func (p *place) strength() float64 {
	best := map[string]float64{}
	for _, id := range p.ids {
		if share := id.Share(p.Shape); !id.Nested || id.kind == "ip" || id.kind == "mac" {
			score := id.score * math.Max(0.3, share)
			if id.Nested && !interfaces(id.Shape, p.Shape) {
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
func interfaces(s, record *shape.Shape) bool {
	return s.UpTo(record, func(s *shape.Shape) bool {
		return naming.Fit(naming.Tokens(s.Name), naming.Words().Lists["interfaces"]) > naming.Unfit
	})
}

// inner is what a list inside another one's objects loses, where those name machines already: it is a part of them.
func inner(places []place, i int) float64 {
	for _, up := range places {
		named := slices.ContainsFunc(up.ids, func(id identifier) bool {
			return id.score >= 2.5 && !id.Nested && !id.Within(places[i].Shape) && id.Shape != places[i].Shape
		})
		theOne := !places[i].Many && up.Many // the one machine of each record
		if places[i].Named && !up.Many {
			continue // by their names these are the machines, and what is around them is not one
		}
		if places[i].Within(up.Shape) && (theOne || named && (up.Many || up.path == "$rows")) {
			return 5
		}
	}
	if slices.ContainsFunc(places, func(up place) bool {
		return up.Many && !up.Any && places[i].Within(up.Shape) && places[i].Objects*3 < up.Objects
	}) {
		return 3 // few of them have such a list
	}
	if len(places[i].ids) == 0 && slices.ContainsFunc(places, func(up place) bool { return up.Many && places[i].Within(up.Shape) }) {
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
			if id.kind != kind || id.Nested && !interfaces(id.Shape, p.Shape) || foreignAddress(id, kept) {
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
	return id.kind == "ip" && id.Fit(naming.Words().Identify["ip"]) == naming.Unfit && slices.ContainsFunc(names, func(other identifier) bool {
		return other.kind == "hostname" && other.Shape != id.Shape && other.score >= 4
	})
}
