package draft

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// field is a string inside a record or an entry.
type field struct {
	*shape
	path   string   // from the record or entry; "" where none leads there
	title  string   // the names on the way, as the document spells them
	tokens []string // of its own name
	nested bool     // there is a list of objects on the way
}

// fieldsOf returns the strings inside an object, in the document's order; deep ones are inside lists of objects.
func (t *tree) fieldsOf(of *shape, deep bool) []*field {
	var fields []*field
	if of.column.Filled > 0 && of.isObject() { // an XML element's own text, beside its attributes
		fields = append(fields, &field{shape: of, path: "$text", title: of.name, tokens: naming.Tokens(of.name)})
	}
	var visit func(s *shape, title []string, nested bool)
	visit = func(s *shape, title []string, nested bool) {
		for _, c := range s.children {
			names := slices.Concat(title, []string{c.name})
			if !nested {
				fields = append(fields, t.listFields(of, c, names, deep)...)
			}
			inside := nested || c.many && c.isObject()
			if inside && !deep {
				continue
			}
			if c.column.Filled > 0 {
				path, _ := t.pathFrom(of, c)
				fields = append(fields, &field{shape: c, path: path, title: strings.Join(names, "."), tokens: naming.Tokens(c.calledAs(of)), nested: inside})
			}
			visit(c, names, inside)
		}
	}
	visit(of, nil, false)
	return fields
}

// listFields returns the fields that a list has by the names and kinds of what is in it.
func (t *tree) listFields(of, list *shape, title []string, deep bool) []*field {
	switch {
	case list.pairs != nil:
		return t.pairFields(of, list, title)
	case list.kinds != nil && deep:
		return t.kindFields(of, list, title)
	}
	return nil
}

// calledAs returns the name that says what a field is: that of the object around it, if that is there for its one text alone.
func (s *shape) calledAs(of *shape) string {
	if up := s.parent; up != nil && up != of && len(up.children) == 1 && strings.HasPrefix(s.name, "_") {
		return up.calledAs(of)
	}
	return s.name
}

// pairFields returns the fields of a list of pairs.
func (t *tree) pairFields(of, list *shape, title []string) []*field {
	path, ok := t.pathFrom(of, list)
	if !ok {
		return nil
	}
	var fields []*field
	for _, s := range list.pairs.order {
		if s.column.Filled > 0 && s.column.Filled <= of.objects*2 {
			fields = append(fields, &field{shape: s, path: path + list.pairs.step(s.name), title: strings.Join(title, ".") + " " + s.name, tokens: naming.Tokens(s.name)})
		}
	}
	return fields
}

// fit returns how well the field's name fits phrases: its own, or with that of the object around it.
func (f *field) fit(phrases []string) int {
	best := naming.Fit(f.tokens, phrases)
	if p := f.parent; p != nil && p.name != "" && best < naming.Same {
		full := append(naming.Tokens(p.name), f.tokens...)
		if naming.Fit(full, phrases) == naming.Same {
			return naming.Same
		}
	}
	return best
}

// share is the part of the objects around it in which the field has a value.
func (f *field) share(of *shape) float64 {
	if of.objects == 0 {
		return 0
	}
	if f.path == "$name" {
		return 1
	}
	return min(1, float64(f.column.Filled)/float64(of.objects))
}
