package draft

import (
	"cmp"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// fill is what a draft has for one type: where its entries are, and where their attributes come from.
type fill struct {
	typeName   string
	own        *ownType // nil: a shared type
	of         *shape.Shape
	each       string // path inside the record; "" where the record is the entry
	attributes []*attribute
	left       []leftOut
}

// leftOut is a field that a draft does not use, with the reason.
type leftOut struct{ title, why string }

// ownType is a type that a draft declares.
type ownType struct {
	about string
	key   keyed
}

// pairing is a field that an attribute of a shared type may be taken from.
type pairing struct {
	attribute   string
	field       *shape.Field
	position    int // of the field
	fit, phrase int
}

// generics are names that mean too little unless they are the whole name.
var generics = []string{"name", "id", "version", "type", "title", "number", "status", "state", "product", "fix", "tag", "platform", "path", "port", "created", "detected"}

// pair takes for each attribute of a shared type the field whose name fits it best. Each field is taken once.
func pair(typeName string, fields []*shape.Field) map[string]*shape.Field {
	var all []pairing
	for attribute, phrases := range naming.Words().Types[typeName] {
		for i, f := range fields {
			for n, phrase := range phrases {
				if fits := f.Fit([]string{phrase}); fits == naming.Same || fits == naming.EndsWith && !slices.Contains(generics, phrase) {
					all = append(all, pairing{attribute, f, i, fits, n})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b pairing) int {
		return cmp.Or(cmp.Compare(b.fit, a.fit), cmp.Compare(a.phrase, b.phrase), cmp.Compare(a.position, b.position), cmp.Compare(a.attribute, b.attribute))
	})
	taken := map[*shape.Field]bool{}
	pairs := map[string]*shape.Field{}
	for _, p := range all {
		if pairs[p.attribute] == nil && !taken[p.field] {
			pairs[p.attribute], taken[p.field] = p.field, true
		}
	}
	return pairs
}

// usable leaves out the fields that cannot be read or hold nothing, with the reason.
func usable(fields []*shape.Field) (kept []*shape.Field, left []leftOut) {
	for _, f := range fields {
		switch {
		case f.Column.Filled == 0:
			left = append(left, leftOut{f.Title, "it has no value in the sample"})
		case f.Path == "":
			left = append(left, leftOut{f.Title, "no path leads to it: rename it in the source, names are distinguished by their letters and digits"})
		default:
			kept = append(kept, f)
		}
	}
	return kept, left
}

// sharedFill makes the fill of a shared type of the fields that fit it.
func sharedFill(typeName string, of *shape.Shape, fields []*shape.Field, pairs map[string]*shape.Field) *fill {
	f := &fill{typeName: typeName, of: of}
	used := map[*shape.Field]bool{}
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		a := newAttribute(pairs[name], name)
		if why := a.adapt(typeName); why != "" {
			f.left = append(f.left, leftOut{a.Title, why})
		} else {
			f.attributes = append(f.attributes, a)
		}
		used[pairs[name]] = true
	}
	for _, field := range fields {
		if !used[field] {
			f.left = append(f.left, leftOut{field.Title, typeName + " has no attribute for it"})
		}
	}
	return f
}
