package load

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// uniting notes what has to be known of attributes where values of any are united.
func (p *typeParser) uniting() {
	unites := func(a mapping.Attribute) bool { return a.Unite != inventory.UniteNot }
	if !slices.ContainsFunc(p.Attributes, unites) {
		return
	}
	p.Inventory.Uniting = make([]inventory.Uniting, len(p.Attributes))
	for i := range p.Attributes {
		a := &p.Attributes[i]
		p.Inventory.Uniting[i] = inventory.Uniting{Of: a.OfIndex, Join: a.Join, Max: a.Max}
	}
}
