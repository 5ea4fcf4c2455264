// Package typepage knows how to describe what inventory types hold: what each attribute means, in which form and unit, and which
// mappings fill it; and which formats the mappings read. It makes Markdown of what is loaded, and knows nothing of documents. Only the command line
// needs it; the function does not.
package typepage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// All describes all types: a table of them, and a page for each.
func All(set *mapping.Set) (string, error) {
	mappings, err := set.All()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# Inventory types\n\nMade by `invbridge mapping types` of the types and mappings that are loaded. An account has 20 custom types; a roll-up is one.\n" +
		"An item, what a machine has of a type, has at most 900 KiB: what is over that, too, is cut from the end of the type's order and counted.\n\n")
	b.WriteString("| type | holds | filled by |\n|---|---|---|\n")
	for _, t := range set.Types() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", t.Name(), anchor(t.Name()), cell(aboutOf(t)), cell(strings.Join(fillers(mappings, t), ", ")))
	}
	for _, t := range set.Types() {
		b.WriteString("\n" + page(mappings, t))
	}
	return b.String(), nil
}

// Page describes one type.
func Page(set *mapping.Set, t *mapping.Type) (string, error) {
	mappings, err := set.All()
	if err != nil {
		return "", err
	}
	return page(mappings, t), nil
}

func page(mappings []*mapping.Mapping, t *mapping.Type) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", t.Name())
	if about := aboutOf(t); about != "" {
		b.WriteString(strings.ToUpper(about[:1]) + about[1:] + ".\n\n")
	}
	b.WriteString(facts(t) + "\n")
	b.WriteString("| attribute | meaning | form | filled by |\n|---|---|---|---|\n")
	for i := range t.Attributes {
		a := &t.Attributes[i]
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", a.Name, cell(meaning(t, a)), cell(form(t, a)), cell(strings.Join(sources(mappings, t, a), ", ")))
	}
	return b.String()
}

func aboutOf(t *mapping.Type) string {
	if t.RollupOf != "" {
		return "how many entries of " + t.RollupOf + " each source states"
	}
	return t.About
}

// anchor is how a heading is linked to.
func anchor(name string) string { return strings.ToLower(strings.ReplaceAll(name, ":", "")) }

// cell makes a string fit into a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}

// facts are the words of the type that concern all its entries.
func facts(t *mapping.Type) string {
	var b strings.Builder
	list := func(what string, indices []int) {
		if len(indices) == 0 {
			return
		}
		names := make([]string, len(indices))
		for i, index := range indices {
			names[i] = t.Inventory.Attributes[index]
		}
		fmt.Fprintf(&b, "- %s: %s\n", what, strings.Join(names, ", "))
	}
	fmt.Fprintf(&b, "- schema version: %s\n", t.Inventory.SchemaVersion)
	list("equal in these, two entries are one", t.Inventory.Key)
	list("order, and what is kept when some do not fit", t.Inventory.Sort)
	list("in the item's context", t.Inventory.Context)
	over := "the rest is cut and counted"
	if t.Inventory.Limit.Reject {
		over = "with more, none is put"
	}
	fmt.Fprintf(&b, "- entries: at most %d of a machine; %s\n", t.Inventory.Limit.Entries, over)
	if r := t.Inventory.Rollup; r != nil {
		fmt.Fprintf(&b, "- roll-up: [%s](#%s), counted before anything is cut\n", r.Type.Name, anchor(r.Type.Name))
	}
	return b.String()
}

// fillers are the mappings that fill a type; of a roll-up the type that is counted.
func fillers(mappings []*mapping.Mapping, t *mapping.Type) []string {
	if t.RollupOf != "" {
		return []string{"counted"}
	}
	var names []string
	for _, m := range mappings {
		if slices.Contains(m.Types(), t) {
			names = append(names, m.Name)
		}
	}
	return names
}

// sources are the mappings that fill an attribute.
func sources(mappings []*mapping.Mapping, t *mapping.Type, a *mapping.Attribute) []string {
	switch {
	case t.RollupOf != "":
		return []string{"counted"}
	case a.Of != "":
		return []string{"made from " + a.Of}
	case a.Default == "{mapping}":
		return []string{"all"}
	}
	all := fillers(mappings, t)
	var names []string
	for _, m := range mappings {
		if slices.Contains(m.Types(), t) && slices.Contains(m.Fills(t.Name()), a.Name) {
			names = append(names, m.Name)
		}
	}
	if len(names) == len(all) && len(all) > 1 {
		return []string{"all"}
	}
	return names
}
