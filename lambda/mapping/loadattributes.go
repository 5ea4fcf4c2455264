package mapping

import (
	"slices"
	"strings"
)

// readAttributes reads the attributes of a type and sorts them by name.
func (p *typeParser) readAttributes(at place) {
	fields := at.fields()
	if len(fields) > maxTypeAttributes {
		at.problem("%s has %d attributes: a type has at most %d", p.Inventory.Name, len(fields), maxTypeAttributes)
	}
	p.attributes = make(map[string]place, len(fields))
	for _, f := range fields {
		if !p.attributeName(f) {
			continue
		}
		a := Attribute{Name: f.name, Join: ",", of: -1}
		p.attribute(&a, f.at)
		p.attributes[f.name] = f.at
		p.Attributes = append(p.Attributes, a)
	}
	slices.SortFunc(p.Attributes, func(a, b Attribute) int { return strings.Compare(a.Name, b.Name) })
	for _, a := range p.Attributes {
		p.Inventory.Attributes = append(p.Inventory.Attributes, a.Name)
		p.Inventory.Volatile = append(p.Inventory.Volatile, a.Volatile)
	}
}

func (p *typeParser) attributeName(f field) bool {
	if !attributeNames.MatchString(f.name) {
		suggestion := ""
		if f.name != "" && f.name[0] >= 'a' && f.name[0] <= 'z' {
			suggestion = strings.ToUpper(f.name[:1]) + f.name[1:]
		}
		f.key.suggest(suggestion, "an attribute's name is a capital letter, then letters, digits and _, 1 to 64 characters in all")
		return false
	}
	for other := range p.attributes {
		if strings.EqualFold(other, f.name) {
			f.key.problem("%s and %s differ only in case: the service takes them for one", min(f.name, other), max(f.name, other))
			return false
		}
	}
	return true
}

// attribute reads the words of one attribute; none at all is fine.
func (p *typeParser) attribute(a *Attribute, at place) {
	if n := at.resolved(); n != nil && n.Tag == "!!null" {
		return
	}
	for _, f := range at.fields() {
		switch f.name {
		case "about":
			a.About, _ = f.at.scalar("about")
		case "max":
			a.Max = f.at.integer("max", 1, maxValueBytes)
		case "default":
			a.Default, _ = f.at.scalar("default")
		case "map":
			a.words = f.at.words()
		case "date":
			a.Date = f.at.boolean("date")
		case "join":
			a.Join, _ = f.at.scalar("join")
		case "case":
			a.Case = f.at.oneOf("case", "lower", "upper")
		case "of":
			a.Of, _ = f.at.scalar("of")
		case "volatile":
			a.Volatile = f.at.boolean("volatile")
		default:
			f.key.suggest(nearest(f.name, attributeWords), "unknown word %s of an attribute", f.name)
		}
	}
	if len(a.Default) > maxValueBytes {
		at.problem("the default is longer than %d bytes", maxValueBytes)
	}
}

// words reads a `map`.
func (p place) words() words {
	var w words
	fields := p.fields()
	if len(fields) == 0 && p.resolved() != nil {
		p.problem("map is empty")
	}
	seen := make(map[string]bool, len(fields))
	for _, f := range fields {
		if lower := strings.ToLower(f.name); seen[lower] {
			f.key.problem("%s stands here twice: map reads without case", f.name)
		} else {
			seen[lower] = true
		}
		if n := f.at.resolved(); n != nil && n.Tag == "!!null" {
			w.add(f.name, "")
		} else if to, ok := f.at.scalar("what a word is mapped to"); ok {
			w.add(f.name, to)
		}
	}
	return w
}

// derived finds the attributes that others are made from.
func (p *typeParser) derived() {
	for i := range p.Attributes {
		a := &p.Attributes[i]
		if a.Of == "" {
			continue
		}
		at := p.attributes[a.Name]
		from := slices.IndexFunc(p.Attributes, func(other Attribute) bool { return other.Name == a.Of })
		switch {
		case from < 0:
			at.suggest(nearest(a.Of, p.Inventory.Attributes), "%s has no attribute %s", p.Inventory.Name, a.Of)
		case p.Attributes[from].Of != "":
			at.problem("%s is itself made from another attribute: name that one", a.Of)
		default:
			a.of = from
		}
	}
}
