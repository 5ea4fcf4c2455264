package typepage

import (
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// meaning is what an attribute holds; those of roll-ups mean the same in all.
func meaning(t *mapping.Type, a *mapping.Attribute) string {
	if t.RollupOf == "" {
		return a.About
	}
	switch a.Name {
	case "Source":
		return "the mapping whose entries are counted"
	case "Total":
		return "entries in all"
	case "Cut":
		return "of these so many did not fit the item"
	default:
		return "entries that are " + a.Name
	}
}

// form is how an attribute's values are written.
func form(t *mapping.Type, a *mapping.Attribute) string {
	var parts []string
	add := func(holds bool, format string, args ...any) {
		if holds {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	words := a.Words()
	add(a.Required, "required")
	add(a.Date, "date and time, UTC: `2026-01-31T12:00:00Z`")
	add(len(words) > 0, "one of %s", strings.Join(words, ", "))
	add(a.Case != "", "%s case", a.Case)
	add(a.Max > 0, "at most %d bytes", a.Max)
	add(a.Default != "" && a.Default != "{mapping}" && len(words) == 0, "%s if there is none", a.Default)
	add(a.Join != "" && a.Join != ",", "several with `%s` between them", a.Join)
	add(a.Volatile, "changes alone cause no put")
	add(a.Unite != inventory.UniteNot, "of entries with an equal key %s", united(t, a))
	return strings.Join(parts, "; ")
}

// united is what becomes of different values of entries with an equal key.
func united(t *mapping.Type, a *mapping.Attribute) string {
	switch a.Unite {
	case inventory.UniteList:
		return "all values"
	case inventory.UniteNewest:
		return "the latest"
	case inventory.UniteHighest:
		for i := range t.Attributes {
			if rank := &t.Attributes[i]; rank.Of == a.Name {
				return "the one that is best by " + rank.Name
			}
		}
		if words := a.Map.Words(); len(words) > 1 {
			return "the first of " + strings.Join(words, ", ")
		}
		return "the highest number"
	default:
		return "the first in the type's order"
	}
}
