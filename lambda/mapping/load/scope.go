package load

import (
	"cmp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// scopeWords are the words of a scope besides the type's attributes.
var scopeWords = []string{"where", "each"}

// scope reads what a record looked at of a type's entries: an expression, or `{where, each, Attribute: value}`.
func (p *mappingParser) scope(t *mapping.Type, at yamlfile.Value) *mapping.Scope {
	s := &mapping.Scope{At: at.Place()}
	if !at.IsMapping() {
		s.Where = p.expression(at, true)
		return s
	}
	for _, f := range at.Fields() {
		switch f.Name {
		case "where":
			s.Where = p.expression(f.At, true)
		case "each":
			s.Each = yamlfile.Each(f.At, p.clausePath)
		default:
			p.bound(s, t, f)
		}
	}
	slices.SortFunc(s.Bounds, func(a, b mapping.Bound) int { return cmp.Compare(a.Attribute, b.Attribute) })
	if at.IsEmpty() {
		at.Problem("scope is empty: expected an expression, or where, each and attributes of %s", t.Inventory.Name)
	}
	if at.Builtin() && p.root.Builtin() || at.HasProblem() {
		return s // expressions of built-in mappings are compiled when they are used
	}
	if _, err := s.Leaves(); err != nil {
		at.Problem("%v", err)
	}
	return s
}

// clausePath reads a path to clauses.
func (p *mappingParser) clausePath(at yamlfile.Value) (path.Path, bool) {
	each, ok := p.path(at)
	if ok && (each.End != path.Field || each.Root == path.RootFile) {
		at.Problem("the path to a clause leads to a text")
		return each, false
	}
	return each, ok
}

// bound reads the values that an attribute of the entries looked at may have.
func (p *mappingParser) bound(s *mapping.Scope, t *mapping.Type, f yamlfile.Field) {
	i := slices.Index(t.Inventory.Attributes, f.Name)
	switch {
	case i < 0:
		f.Unknown(slices.Concat(t.Inventory.Attributes, scopeWords), "%s has no attribute %s", t.Inventory.Name, f.Name)
	case t.Attributes[i].Of != "":
		f.Key.Problem("%s is made from %s: bound that one", f.Name, t.Attributes[i].Of)
	case t.Attributes[i].Default == "{mapping}":
		f.Key.Problem("%s is always the mapping's name: a scope is within what its own source states", f.Name)
	default:
		if v := p.value(f.At); v != nil {
			s.Bounds = append(s.Bounds, mapping.Bound{Attribute: i, Value: v})
		}
	}
}
