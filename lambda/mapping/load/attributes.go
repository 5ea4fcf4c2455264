package load

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// readAttributes reads the attributes of a type and sorts them by name.
func (p *typeParser) readAttributes(at yamlfile.Value) {
	fields := at.Fields()
	if len(fields) > inventory.MaxAttributes {
		at.Problem("%s has %d attributes: a type has at most %d", p.Inventory.Name, len(fields), inventory.MaxAttributes)
	}
	p.attributes = make(map[string]yamlfile.Value, len(fields))
	for _, f := range fields {
		if !p.attributeName(f) {
			continue
		}
		a := mapping.Attribute{Name: f.Name, Join: ",", OfIndex: -1}
		p.attribute(&a, f.At)
		p.attributes[f.Name] = f.At
		p.Attributes = append(p.Attributes, a)
	}
	slices.SortFunc(p.Attributes, func(a, b mapping.Attribute) int { return strings.Compare(a.Name, b.Name) })
	for _, a := range p.Attributes {
		p.Inventory.Attributes = append(p.Inventory.Attributes, a.Name)
		p.Inventory.Volatile = append(p.Inventory.Volatile, a.Volatile)
	}
}

// isAttributeName reports whether a text may be an attribute's name. Its length is not in the expression: that would take long to compile.
func isAttributeName(text string) bool { return len(text) <= 64 && attributeNames().MatchString(text) }

func (p *typeParser) attributeName(f yamlfile.Field) bool {
	if !isAttributeName(f.Name) {
		suggestion := ""
		if f.Name != "" && f.Name[0] >= 'a' && f.Name[0] <= 'z' {
			suggestion = strings.ToUpper(f.Name[:1]) + f.Name[1:]
		}
		f.Key.Suggest(suggestion, "an attribute's name must be a capital letter, then letters, digits and _, 1 to 64 characters in all")
		return false
	}
	for other := range p.attributes {
		if strings.EqualFold(other, f.Name) {
			f.Key.Problem("%s and %s differ only in case: the service takes them for one", min(f.Name, other), max(f.Name, other))
			return false
		}
	}
	return true
}

// attribute reads the words of one attribute; none at all is fine.
func (p *typeParser) attribute(a *mapping.Attribute, at yamlfile.Value) {
	if at.IsNull() {
		return
	}
	for _, f := range at.Fields() {
		switch f.Name {
		case "about":
			a.About, _ = f.At.Scalar("about")
		case "max":
			a.Max = f.At.Int("max", 1, inventory.MaxValueBytes)
		case "default":
			a.Default, _ = f.At.Scalar("default")
		case "map":
			a.Map = valueMap(f.At)
		case "date":
			a.Date = f.At.Bool("date")
		case "join":
			a.Join, _ = f.At.Scalar("join")
		case "case":
			a.Case = f.At.OneOf("case", "lower", "upper")
		case "of":
			a.Of, _ = f.At.Scalar("of")
		case "volatile":
			a.Volatile = f.At.Bool("volatile")
		case "unite":
			a.Unite = unites[f.At.OneOf("unite", "first", "list", "highest", "newest")]
		default:
			f.Unknown(attributeWords, "unknown word %s of an attribute", f.Name)
		}
	}
	if len(a.Default) > inventory.MaxValueBytes {
		at.Problem("the default is longer than %d bytes", inventory.MaxValueBytes)
	}
}

// valueMap reads a `map`.
func valueMap(at yamlfile.Value) mapping.Map {
	var m mapping.Map
	fields := at.Fields()
	if len(fields) == 0 {
		at.Problem("map is empty")
	}
	seen := make(map[string]bool, len(fields))
	for _, f := range fields {
		if lower := strings.ToLower(f.Name); seen[lower] {
			f.Key.Problem("%s is given twice: map ignores case", f.Name)
		} else {
			seen[lower] = true
		}
		if f.At.IsNull() {
			m.Add(f.Name, "")
		} else if to, ok := f.At.Scalar("what a word is mapped to"); ok {
			m.Add(f.Name, to)
		}
	}
	return m
}

// derived finds the attributes that others are made from.
func (p *typeParser) derived() {
	for i := range p.Attributes {
		a := &p.Attributes[i]
		if a.Of == "" {
			continue
		}
		at := p.attributes[a.Name]
		from := slices.IndexFunc(p.Attributes, func(other mapping.Attribute) bool { return other.Name == a.Of })
		switch {
		case from < 0:
			at.Suggest(problem.Nearest(a.Of, p.Inventory.Attributes), "%s has no attribute %s", p.Inventory.Name, a.Of)
		case p.Attributes[from].Of != "":
			at.Problem("%s is itself made from another attribute: name that one", a.Of)
		default:
			a.OfIndex = from
		}
	}
}

// defaults finds what entries have of which a partial record gives no value.
func (p *typeParser) defaults() {
	defaults := make([]string, len(p.Attributes))
	for i := range p.Attributes {
		if !p.IsStated(i) {
			defaults[i] = p.DefaultOf(i)
		}
	}
	if slices.ContainsFunc(defaults, func(text string) bool { return text != "" }) {
		p.Inventory.Defaults = defaults
	}
}
