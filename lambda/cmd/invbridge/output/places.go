package output

import (
	"maps"
	"slices"
)

// OwnPlace is what the installation's own account and region are called, beside others.
const OwnPlace = "the installation's own account and region"

// Place is an account and region, and how many nodes are there.
type Place struct {
	Name  string
	Nodes int
}

// PlacesOf returns where nodes are of which some are in other accounts and regions than the installation's own: these by their names, and what is left
// last. Without others it returns none.
func PlacesOf(others map[string]int, nodes int) []Place {
	if len(others) == 0 {
		return nil
	}
	var list []Place
	for _, name := range slices.Sorted(maps.Keys(others)) {
		list = append(list, Place{name, others[name]})
		nodes -= others[name]
	}
	return append(list, Place{OwnPlace, nodes})
}
