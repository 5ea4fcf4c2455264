package typepage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// Formats makes a table of the mappings: which product's documents they read, in which forms, which types they fill, what names the machine,
// whether they know pages, and the versions that were seen.
func Formats(set *mapping.Set) (string, error) {
	mappings, err := set.All()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("| mapping | product | forms | types | the machine by | pages | seen |\n|---|---|---|---|---|---|---|\n")
	for _, m := range mappings {
		product, forms := about(m)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", m.Name, cell(product), cell(forms), filled(m), named(m), pages(m), cell(m.Seen))
	}
	return b.String(), nil
}

// about takes the line about a mapping apart: the product, and what of it is read.
func about(m *mapping.Mapping) (product, forms string) {
	for _, between := range []string{" - ", ", ", "; ", ": "} {
		if product, forms, ok := strings.Cut(m.About, between); ok {
			return product, forms
		}
	}
	return m.About, ""
}

// filled lists the types of a mapping, without roll-ups and without the prefix that all have.
func filled(m *mapping.Mapping) string {
	var names []string
	for _, t := range m.Types() {
		if t.RollupOf == "" {
			names = append(names, strings.TrimPrefix(t.Name(), "Custom:"))
		}
	}
	return strings.Join(names, ", ")
}

// named lists what the records of a mapping say of their machine, the strongest first.
func named(m *mapping.Mapping) string {
	words := map[string]string{"nodeId": "node ID", "serial": "serial", "hostname": "name", "reverse": "name", "ip": "address", "mac": "MAC"}
	there := map[string]bool{}
	for _, block := range m.Blocks {
		there["the file's key"] = there["the file's key"] || block.Identity == nil && block.Key == nil
		there["own number"] = there["own number"] || block.Identity == nil && block.Key != nil
		for _, id := range block.Identity.All() {
			if id.Value != nil && strings.HasPrefix(id.Key, "tag ") {
				there["tag"] = true
			} else if id.Value != nil {
				there[words[id.Key]] = true
			}
		}
	}
	order := []string{"node ID", "tag", "serial", "name", "address", "MAC", "own number", "the file's key"}
	return strings.Join(slices.DeleteFunc(order, func(word string) bool { return !there[word] }), ", ")
}

// pages says how documents of a mapping tell that they are not all.
func pages(m *mapping.Mapping) string {
	switch {
	case m.Whole == nil:
		return ""
	case m.Whole.Pages != nil:
		return "numbered"
	}
	return "yes"
}
