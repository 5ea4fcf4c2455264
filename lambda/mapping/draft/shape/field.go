package shape

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// Field is a string inside a record or an entry.
type Field struct {
	*Shape
	Path   string   // from the record or entry; "" where none leads there
	Title  string   // the names on the way, as the document spells them
	Tokens []string // of its own name
	Nested bool     // there is a list of objects on the way
}

// FieldsOf returns the strings inside an object, in the document's order; deep ones are inside lists of objects.
func (t *Tree) FieldsOf(of *Shape, deep bool) []*Field {
	var fields []*Field
	if of.Column.Filled > 0 && of.IsObject() { // an XML element's own text, beside its attributes
		fields = append(fields, &Field{Shape: of, Path: "$text", Title: of.Name, Tokens: naming.Tokens(of.Name)})
	}
	var visit func(s *Shape, title []string, nested bool)
	visit = func(s *Shape, title []string, nested bool) {
		for _, c := range s.Children {
			names := slices.Concat(title, []string{c.Name})
			if !nested {
				fields = append(fields, t.listFields(of, c, names, deep)...)
			}
			inside := nested || c.Many && c.IsObject()
			if inside && !deep {
				continue
			}
			if c.Column.Filled > 0 {
				path, _ := t.PathFrom(of, c)
				fields = append(fields, &Field{Shape: c, Path: path, Title: strings.Join(names, "."), Tokens: naming.Tokens(c.calledAs(of)), Nested: inside})
			}
			visit(c, names, inside)
		}
	}
	visit(of, nil, false)
	return fields
}

// listFields returns the fields that a list has by the names and kinds of what is in it.
func (t *Tree) listFields(of, list *Shape, title []string, deep bool) []*Field {
	switch {
	case list.pairs != nil:
		return t.pairFields(of, list, title)
	case list.kinds != nil && deep:
		return t.kindFields(of, list, title)
	}
	return nil
}

// calledAs returns the name that says what a field is: that of the object around it, if that is there for its one text alone.
func (s *Shape) calledAs(of *Shape) string {
	if up := s.Parent; up != nil && up != of && len(up.Children) == 1 && strings.HasPrefix(s.Name, "_") {
		return up.calledAs(of)
	}
	return s.Name
}

// pairFields returns the fields of a list of pairs.
func (t *Tree) pairFields(of, list *Shape, title []string) []*Field {
	path, ok := t.PathFrom(of, list)
	if !ok {
		return nil
	}
	var fields []*Field
	for _, s := range list.pairs.order {
		if s.Column.Filled > 0 && s.Column.Filled <= of.Objects*2 {
			fields = append(fields, &Field{Shape: s, Path: path + list.pairs.step(s.Name), Title: strings.Join(title, ".") + " " + s.Name, Tokens: naming.Tokens(s.Name)})
		}
	}
	return fields
}

// Fit returns how well the field's name fits phrases: its own, or with that of the object around it.
func (f *Field) Fit(phrases []string) int {
	best := naming.Fit(f.Tokens, phrases)
	if p := f.Parent; p != nil && p.Name != "" && best < naming.Same {
		full := append(naming.Tokens(p.Name), f.Tokens...)
		if naming.Fit(full, phrases) == naming.Same {
			return naming.Same
		}
	}
	return best
}

// Share is the part of the objects around it in which the field has a value.
func (f *Field) Share(of *Shape) float64 {
	if of.Objects == 0 {
		return 0
	}
	if f.Path == "$name" {
		return 1
	}
	return min(1, float64(f.Column.Filled)/float64(of.Objects))
}
