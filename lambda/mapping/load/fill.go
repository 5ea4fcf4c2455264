package load

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

func (p *mappingParser) fill(b *mapping.Block, f yamlfile.Field) {
	i := slices.IndexFunc(p.filled, func(t *mapping.Type) bool { return t.Inventory.Name == f.Name })
	if i < 0 {
		return
	}
	t := p.filled[i]
	fl := &mapping.Fill{Index: slices.Index(p.types, t), Type: t, Values: make([]*mapping.Value, len(t.Attributes))}
	for _, word := range f.At.Fields() {
		switch word.Name {
		case "each":
			fl.Each = p.paths(word.At)
		case "where":
			fl.Where = p.expression(word.At, true)
		case "missing":
			fl.Keep = word.At.OneOf("missing", "clear", "keep") == "keep"
		case "scope":
			fl.Scope = p.scope(t, word.At)
		default:
			p.attribute(fl, word)
		}
	}
	p.complete(fl, f.Key)
	b.Fills = append(b.Fills, fl)
}

// attribute reads where an attribute's value is taken from.
func (p *mappingParser) attribute(fl *mapping.Fill, f yamlfile.Field) {
	t := fl.Type
	i := slices.Index(t.Inventory.Attributes, f.Name)
	switch {
	case i < 0:
		f.Unknown(slices.Concat(t.Inventory.Attributes, fillWords), "%s has no attribute %s", t.Inventory.Name, f.Name)
	case t.Attributes[i].Of != "":
		f.Key.Problem("%s is made from %s: fill that one", f.Name, t.Attributes[i].Of)
	case f.Name == "Source" && t.Attributes[i].Default == "{mapping}":
		f.Key.Problem("Source is always the mapping's name")
	default:
		fl.Values[i] = p.value(f.At)
	}
}

// complete checks that what must be there is filled.
func (p *mappingParser) complete(fl *mapping.Fill, key yamlfile.Value) {
	for i, a := range fl.Type.Attributes {
		if a.Required && a.Default == "" && a.Of == "" && fl.Values[i] == nil && !key.HasProblem() {
			key.Problem("%s is required in %s and not filled", a.Name, fl.Type.Inventory.Name)
		}
	}
}
