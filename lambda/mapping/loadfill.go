package mapping

import (
	"slices"
	"strings"
)

func (p *mappingParser) fill(b *block, f field) {
	i := slices.IndexFunc(p.filled, func(t *Type) bool { return t.Inventory.Name == f.name })
	if i < 0 {
		return
	}
	t := p.filled[i]
	fl := &fill{index: slices.Index(p.types, t), typ: t, values: make([]*value, len(t.Attributes))}
	for _, word := range f.at.fields() {
		switch word.name {
		case "each":
			fl.each = p.paths(word.at)
		case "where":
			fl.where = p.expression(word.at, true)
		case "missing":
			fl.keep = word.at.oneOf("missing", "clear", "keep") == "keep"
		default:
			p.attribute(fl, word)
		}
	}
	p.complete(fl, f.key)
	b.fills = append(b.fills, fl)
}

// attribute reads where an attribute's value is taken from.
func (p *mappingParser) attribute(fl *fill, f field) {
	t := fl.typ
	i := slices.Index(t.Inventory.Attributes, f.name)
	switch {
	case i < 0:
		f.key.suggest(nearest(f.name, slices.Concat(t.Inventory.Attributes, fillWords)), "%s has no attribute %s", t.Inventory.Name, f.name)
	case t.Attributes[i].Of != "":
		f.key.problem("%s is made from %s: fill that one", f.name, t.Attributes[i].Of)
	case f.name == "Source" && t.Attributes[i].Default == "{mapping}":
		f.key.problem("Source is always the mapping's name")
	default:
		fl.values[i] = p.value(f.at)
	}
}

// complete checks that what must be there is filled.
func (p *mappingParser) complete(fl *fill, key place) {
	for i, a := range fl.typ.Attributes {
		if a.Required && a.Default == "" && a.Of == "" && fl.values[i] == nil && !key.hasProblemUnder() {
			key.problem("%s is required in %s and not filled", a.Name, fl.typ.Inventory.Name)
		}
	}
}

// hasProblemUnder tells that something at or below this place is wrong already.
func (p place) hasProblemUnder() bool {
	return slices.ContainsFunc(*p.file.problems, func(problem Problem) bool {
		return problem.File == p.file.name && strings.HasPrefix(problem.Pointer, p.pointer)
	})
}
