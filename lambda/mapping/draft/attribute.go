package draft

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// attribute is an attribute of a type with the field that it is taken from.
type attribute struct {
	*shape.Field
	name     string
	volatile bool
	dating   *content.Dating
	verbs    string // further words of its value, as they are written
	note     string // what a reader of the draft should look at
}

// newAttribute looks at a field's strings.
func newAttribute(f *shape.Field, name string) *attribute {
	w := naming.Words().Columns
	volatile := f.Fit(w["volatile"]) >= naming.EndsWith ||
		naming.Fit(f.Tokens, w["volatile"]) >= naming.Inside && f.Fit(w["date"]) >= naming.EndsWith
	a := &attribute{Field: f, name: name, volatile: volatile}
	a.dating = content.LayoutOf(&f.Column, f.Fit(w["date"]) > naming.Unfit || a.volatile)
	if a.dating != nil && a.dating.Other != "" {
		a.note = fmt.Sprintf("every date of the sample is one in %s and in %s, and none is read unless a document tells which is meant: write that here", a.dating.Layout, a.dating.Other)
	}
	return a
}

// long recognises free text.
func (a *attribute) long() bool { return a.Column.Longest > 256 }

// always reports whether every entry has it.
func (a *attribute) always(machines map[string][]shape.Row) bool {
	for _, rows := range machines {
		for _, r := range rows {
			if r[a.Shape] == "" {
				return false
			}
		}
	}
	return true
}

// attributesOf names the attributes of fields; no two names may be alike but for case.
func attributesOf(fields []*shape.Field) []*attribute {
	taken := map[string]bool{}
	var list []*attribute
	for i, f := range fields {
		name := attributeName(f, i)
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%.60s%d", strings.TrimRight(attributeName(f, i), "0123456789"), n)
		}
		taken[strings.ToLower(name)] = true
		list = append(list, newAttribute(f, name))
	}
	return list
}

// attributeName makes a name of the field's: a capital letter, then letters and digits, at most 64. Names in other scripts cannot
// be written in it, so they become numbers.
func attributeName(f *shape.Field, position int) string {
	own := f.Name
	if generic := []string{"name", "id", "value", "text", "type", "key"}; f.Parent != nil && f.Parent.Name != "" && slices.Contains(generic, strings.ToLower(own)) && strings.Contains(f.Title, ".") {
		own = f.Parent.Name + " " + own
	}
	name := cmp.Or(naming.Pascal(own), naming.Pascal(f.Title))
	foreign := strings.ContainsFunc(naming.Loose(own), func(r rune) bool { return r >= utf8.RuneSelf })
	if len(name) < 2 && foreign || name == "" {
		name = fmt.Sprintf("Column%d", position+1)
		for _, known := range []string{assetType, softwareType, vulnerabilityType} {
			if attribute := attributeOf(known, f); attribute != "" {
				return attribute
			}
		}
	}
	return fmt.Sprintf("%.60s", name)
}

// attributeOf returns the attribute of a shared type that the field's name means in another language.
func attributeOf(typeName string, f *shape.Field) string {
	attributes := naming.Words().Types[typeName]
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if f.Fit(attributes[name]) == naming.Same {
			return name
		}
	}
	return ""
}

// settle decides between days before months and months before days as other columns of the sample do, which can be read in one way
// only; else the document must tell.
func settle(fills []*fill) {
	var sure string
	var open []*attribute
	for _, f := range fills {
		for _, a := range f.attributes {
			switch d := a.dating; {
			case d == nil:
			case d.Other != "":
				open = append(open, a)
			case d.Leading() != "":
				sure = d.Leading()
			}
		}
	}
	for _, a := range open {
		if sure == "" {
			a.dating.Layout = strings.NewReplacer("dd", "NN", "MM", "NN").Replace(a.dating.Layout)
			continue
		}
		if a.dating.Leading() != sure {
			a.dating.Layout = a.dating.Other
		}
		a.dating.Other, a.note = "", "days and months as in the other dates"
	}
}
