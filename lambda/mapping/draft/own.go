package draft

import (
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// ownFill makes a type of one's own of all fields.
func ownFill(name string, of *shape.Shape, fields []*shape.Field, machines map[string][]shape.Row) *fill {
	f := &fill{typeName: name, of: of, own: &ownType{}}
	f.attributes = attributesOf(fields)
	if len(f.attributes) > inventory.MaxAttributes {
		f.cutAttributes()
	}
	f.own.key = keyOf(machines, f.attributes)
	return f
}

// cutAttributes keeps the attributes that hold most: those that have a value most often and more than one.
func (f *fill) cutAttributes() {
	ranked := slices.Clone(f.attributes)
	weight := func(a *attribute) int {
		w := a.Column.Filled * 4
		if len(a.Column.Values) > 1 {
			w *= 2
		}
		if a.long() {
			w /= 4
		}
		return w
	}
	slices.SortStableFunc(ranked, func(a, b *attribute) int { return weight(b) - weight(a) })
	for _, a := range ranked[inventory.MaxAttributes:] {
		f.left = append(f.left, leftOut{a.Title, fmt.Sprintf("a type has %d attributes, and others hold more", inventory.MaxAttributes)})
		f.attributes = slices.DeleteFunc(f.attributes, func(other *attribute) bool { return other == a })
	}
}
