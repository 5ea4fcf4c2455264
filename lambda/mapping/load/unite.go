package load

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// unites are the ways to unite values, by their words.
var unites = map[string]inventory.Unite{
	"first": inventory.UniteFirst, "list": inventory.UniteList, "highest": inventory.UniteHighest, "newest": inventory.UniteNewest,
}

// united checks how the values of entries with an equal key become one.
func (p *typeParser) united() {
	if !slices.ContainsFunc(p.Attributes, func(a mapping.Attribute) bool { return a.Unite != inventory.UniteNot }) {
		return
	}
	p.Inventory.Unite = make([]inventory.Unite, len(p.Attributes))
	p.Inventory.Uniting = make([]inventory.Uniting, len(p.Attributes))
	for i := range p.Attributes {
		a := &p.Attributes[i]
		p.Inventory.Unite[i], p.Inventory.Uniting[i] = a.Unite, inventory.Uniting{Of: a.OfIndex, Join: a.Join, Max: a.Max, Words: a.Map.Words()}
		if wrong := p.uniteProblem(i); wrong != "" {
			p.attributes[a.Name].Field("unite").Problem("%s", wrong)
		}
	}
}

// uniteProblem returns why an attribute cannot be united as it is declared, "" where it can.
func (p *typeParser) uniteProblem(i int) string {
	a := &p.Attributes[i]
	_, closed := a.Map.Other()
	switch {
	case a.Unite == inventory.UniteNot:
	case len(p.Inventory.Key) == 0:
		return p.Inventory.Name + " has no key: entries that differ are never one"
	case slices.Contains(p.Inventory.Key, i):
		return a.Name + " is part of the key, and so the same in entries that become one"
	case a.Of != "":
		return a.Name + " is made from " + a.Of + ", and follows it"
	case a.Unite == inventory.UniteList && closed:
		return a.Name + " takes one of a closed list of words, so it cannot be several of them"
	case a.Unite == inventory.UniteNewest && !a.Date:
		return "newest needs date: true"
	}
	return ""
}
