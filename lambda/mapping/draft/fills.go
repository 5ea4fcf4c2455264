package draft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// lists returns the lists of objects inside the records that may be entries: not those inside other lists, and not those that name the
// machine.
func (p *plan) lists() []*shape.Shape {
	var lists []*shape.Shape
	p.place.Walk(func(s *shape.Shape) bool {
		if !s.Many || !s.IsObject() {
			return true
		}
		if !slices.ContainsFunc(p.ids, func(id identifier) bool { return id.Within(s) }) && s.NamedPairs() == 0 {
			lists = append(lists, s)
		}
		return false
	})
	return lists
}

// fill decides which types take the fields of the records.
func (p *plan) fill(taken []string) error {
	p.fills, p.left = nil, nil
	fields, left := usable(p.tree.FieldsOf(p.place.Shape, false))
	p.left = append(p.left, left...)
	own := slices.DeleteFunc(slices.Clone(fields), p.identifies)
	if len(fields) == 0 && len(p.lists()) == 0 {
		return p.noRecords()
	}
	top := p.topFill(fields, own, taken)
	entries := p.entryFills(taken, top)
	if top.own != nil && len(entries) > 0 && len(own) < 2 {
		for _, f := range own {
			p.left = append(p.left, leftOut{f.Title, "it is one field beside the lists: not worth a type of its own"})
		}
	} else {
		p.fills = append(p.fills, top)
	}
	p.fills = append(p.fills, entries...)
	settle(p.fills)
	for _, f := range fields {
		if p.identifies(f) && !p.taken(f) {
			p.left = append(p.left, leftOut{f.Title, "it names the machine: give it an attribute where you want to see it"})
		}
	}
	if len(p.fills) == 1 && len(p.fills[0].attributes) == 0 {
		return p.noRecords()
	}
	return nil
}

func (p *plan) identifies(f *shape.Field) bool {
	return slices.ContainsFunc(p.ids, func(id identifier) bool { return id.Shape == f.Shape })
}

func (p *plan) taken(f *shape.Field) bool {
	return slices.ContainsFunc(p.fills, func(fill *fill) bool {
		return slices.ContainsFunc(fill.attributes, func(a *attribute) bool { return a.Shape == f.Shape })
	})
}

// topFill decides about what stands in the records themselves.
func (p *plan) topFill(fields, own []*shape.Field, taken []string) *fill {
	if !p.cautious {
		if f := clearly(p.place.Shape, own); f != nil {
			return f
		}
		if f := asset(p.place.Shape, own, p.ids); f != nil && len(p.machines) == len(p.records) {
			return f
		}
	}
	if len(own) == 0 {
		own = fields
	} else if i := slices.IndexFunc(p.ids, func(id identifier) bool { return id.kind == "serial" }); i >= 0 && len(p.machines) == len(p.records) {
		own = append(own, slices.DeleteFunc(slices.Clone(fields), func(f *shape.Field) bool { return f.Shape != p.ids[i].Shape })...) // the service knows no serials
	}
	f := ownFill(naming.OfType(p.name, taken), p.place.Shape, own, p.rowsOf(p.place.Shape))
	f.own.about = "what " + p.name + " states of a machine"
	return f
}

// entryFills decides about the lists inside the records: shared types where they fit, and one of one's own for the longest other list.
func (p *plan) entryFills(taken []string, top *fill) []*fill {
	var fills []*fill
	var rest []*shape.Shape
	for _, list := range p.lists() {
		fields, left := usable(p.tree.FieldsOf(list, true))
		each, ok := p.tree.PathFrom(p.place.Shape, list)
		f := clearly(list, fields)
		if !ok || p.cautious || f == nil || slices.ContainsFunc(append(fills, top), func(other *fill) bool { return other.typeName == f.typeName }) {
			rest = append(rest, list)
			continue
		}
		f.each, f.left = each, append(f.left, left...)
		fills = append(fills, f)
	}
	slices.SortStableFunc(rest, func(a, b *shape.Shape) int { return b.Objects - a.Objects })
	for i, list := range rest {
		fields, left := usable(p.tree.FieldsOf(list, true))
		each, ok := p.tree.PathFrom(p.place.Shape, list)
		if i > 0 || !ok || len(fields) == 0 || top.own == nil && p.place.Objects < 2 {
			p.left = append(p.left, leftOut{titleOf(p.place.Shape, list) + " (a list)", "a draft makes one type of the longest list: declare another one for it, with each: " + each})
			continue
		}
		f := ownFill(naming.OfType(p.name+" "+list.Name, append(slices.Clone(taken), top.typeName)), list, fields, p.rowsOf(list))
		f.each, f.left = each, append(f.left, left...)
		f.own.about = fmt.Sprintf("one of the %s that %s lists", strings.Join(strings.Fields(list.Name), " "), p.name)
		fills = append(fills, f)
	}
	return fills
}

// rowsOf returns the entries of a list, or the records, by machine.
func (p *plan) rowsOf(list *shape.Shape) map[string][]shape.Row {
	machines := map[string][]shape.Row{}
	for id, records := range p.machines {
		for _, r := range records {
			if list == p.place.Shape {
				machines[id] = append(machines[id], r.Values)
			}
			machines[id] = append(machines[id], r.Entries[list]...)
		}
	}
	return machines
}

func titleOf(up, s *shape.Shape) string {
	var names []string
	for ; s != nil && s != up; s = s.Parent {
		names = append([]string{s.Name}, names...)
	}
	return strings.Join(names, ".")
}
