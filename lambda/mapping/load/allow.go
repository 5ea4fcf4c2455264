package load

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// allowedNodes are managed nodes' IDs, in which * fits any characters.
var allowedNodes = regular.Expression(`^(m?i-[0-9a-f*]+|\*)$`)

func (p *mappingParser) allow(at yamlfile.Value) {
	readWords(at, "allow",
		word{"nodes", func(at yamlfile.Value) { p.Allow.Nodes = nodeIDs(at) }},
		word{"nodeTags", func(at yamlfile.Value) { p.Allow.NodeTags = nodeTags(at) }},
		word{"types", func(at yamlfile.Value) {
			p.Allow.Types = at.Strings("a type's name")
			p.allowedAt = at
		}})
	if at.IsMapping() && at.IsEmpty() {
		at.Problem("allow is empty: expected nodeTags, nodes or types")
	}
}

func nodeIDs(at yamlfile.Value) []string {
	if at.IsList() && at.IsEmpty() {
		at.Problem("an empty list would allow no node")
	}
	var ids []string
	for _, item := range at.Items() {
		text, ok := item.Scalar("a node's ID")
		if ok && !allowedNodes().MatchString(text) {
			item.Problem("a node's ID must be i- or mi- and digits, or a pattern of that with *: mi-*")
		} else if ok {
			ids = append(ids, text)
		}
	}
	return ids
}

// nodeTags reads keys and values of tags. That a node has a tag of some value cannot be asked for.
func nodeTags(at yamlfile.Value) map[string]string {
	tags := at.StringMap("a tag's value")
	for _, f := range at.Fields() {
		switch value, ok := tags[f.Name]; {
		case f.Name == "" || len(f.Name) > 128:
			f.Key.Problem("a tag's key has 1 to 128 characters")
		case ok && (value == "" || value == "*" || len(value) > 256):
			f.At.Problem("a tag's value must be written out, in 1 to 256 characters")
		}
	}
	if at.IsMapping() && len(tags) == 0 {
		at.Problem("nodeTags names no tag")
	}
	return tags
}

// bar takes the types that `allow` leaves out from those that the mapping fills: records are read, and no such entry is made of them.
func (p *mappingParser) bar() {
	if p.allowedAt.IsZero() {
		return
	}
	names := namesOf(p.types, (*mapping.Type).Name)
	for _, item := range p.allowedAt.Items() {
		if text, ok := item.Scalar("a type's name"); ok && !slices.Contains(names, text) {
			item.Suggest(problem.Nearest(text, names), "the mapping does not fill %s", text)
		}
	}
	p.types = slices.DeleteFunc(p.types, func(t *mapping.Type) bool { return !slices.Contains(p.Allow.Types, t.Inventory.Name) })
	if len(p.types) == 0 && !p.allowedAt.HasProblem() {
		p.allowedAt.Problem("types leaves out all that the mapping fills")
	}
}
