package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// ownFill makes a type of one's own of all fields.
func ownFill(name string, of *shape, fields []*field, machines map[string][]row) *fill {
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
		w := a.column.Filled * 4
		if len(a.column.Values) > 1 {
			w *= 2
		}
		if a.long() {
			w /= 4
		}
		return w
	}
	slices.SortStableFunc(ranked, func(a, b *attribute) int { return weight(b) - weight(a) })
	for _, a := range ranked[inventory.MaxAttributes:] {
		f.left = append(f.left, leftOut{a.title, fmt.Sprintf("a type has %d attributes, and others hold more", inventory.MaxAttributes)})
		f.attributes = slices.DeleteFunc(f.attributes, func(other *attribute) bool { return other == a })
	}
}

// typeNameOf makes a type's name that is not taken yet, also not in other letter case.
func typeNameOf(text string, taken []string) string {
	base := fmt.Sprintf("Custom:%.80s", cmp.Or(naming.Pascal(strings.ReplaceAll(text, "-", " ")), "Drafted"))
	name := base
	for n := 1; slices.ContainsFunc(taken, func(other string) bool { return strings.EqualFold(other, name) }); n++ {
		name = base + "Record"
		if n > 1 {
			name += strconv.Itoa(n)
		}
	}
	return name
}
