package mapping

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"
)

var allowWords = []string{"nodes", "nodeTags", "types"}

// allowedNodes are managed nodes' IDs, in which * fits any letters.
var allowedNodes = regexp.MustCompile(`^(m?i-[0-9a-f*]+|\*)$`)

func (p *mappingParser) allow(at place) {
	for _, f := range at.fields() {
		switch f.name {
		case "nodes":
			p.Allow.Nodes = f.at.nodeIDs()
		case "nodeTags":
			p.Allow.NodeTags = f.at.tags()
		case "types":
			p.Allow.Types = f.at.texts("a type's name")
			p.allowedAt = f.at
		default:
			f.key.suggest(nearest(f.name, allowWords), "unknown word %s of allow", f.name)
		}
	}
	if at.is(yaml.MappingNode) && len(at.resolved().Content) == 0 {
		at.problem("allow says nothing: nodeTags, nodes or types")
	}
}

func (p place) nodeIDs() []string {
	if p.is(yaml.SequenceNode) && len(p.resolved().Content) == 0 {
		p.problem("an empty list would allow no node")
	}
	var ids []string
	for _, item := range p.items() {
		text, ok := item.scalar("a node's ID")
		if ok && !allowedNodes.MatchString(text) {
			item.problem("a node's ID is i- or mi- and digits, or a pattern of that with *: mi-*")
		} else if ok {
			ids = append(ids, text)
		}
	}
	return ids
}

// tags reads keys and values of tags. That a node has a tag of some value cannot be asked for.
func (p place) tags() map[string]string {
	tags := p.textMap("a tag's value")
	for _, f := range p.fields() {
		switch value, ok := tags[f.name]; {
		case f.name == "" || len(f.name) > 128:
			f.key.problem("a tag's key has 1 to 128 characters")
		case ok && (value == "" || value == "*" || len(value) > 256):
			f.at.problem("a tag's value is written out, in 1 to 256 characters")
		}
	}
	if p.is(yaml.MappingNode) && len(tags) == 0 {
		p.problem("nodeTags names no tag")
	}
	return tags
}

// bar takes the types that `allow` leaves out from those that the mapping fills: records are read, and no such entry is made of them.
func (p *mappingParser) bar() {
	if p.allowedAt.file == nil {
		return
	}
	var names []string
	for _, t := range p.types {
		names = append(names, t.Inventory.Name)
	}
	for _, item := range p.allowedAt.items() {
		if text, ok := item.scalar("a type's name"); ok && !slices.Contains(names, text) {
			item.suggest(nearest(text, names), "the mapping does not fill %s", text)
		}
	}
	p.types = slices.DeleteFunc(p.types, func(t *Type) bool { return !slices.Contains(p.Allow.Types, t.Inventory.Name) })
	if len(p.types) == 0 && !p.allowedAt.hasProblemUnder() {
		p.allowedAt.problem("types leaves out all that the mapping fills")
	}
}
