package draft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/page"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// write writes what a mapping has for a type.
func (f *fill) write(w *page.Writer) {
	w.Line(f.typeName+":", f.comment())
	if f.each != "" {
		w.Line("  each: "+page.Text(f.each), fmt.Sprintf("%d in the sample", f.of.Objects))
	}
	for _, a := range f.attributes {
		w.Line("  "+a.name+": "+a.value(), a.note)
	}
}

func (f *fill) comment() string {
	if f.own == nil {
		return "a shared type: what other sources state of it stands beside it"
	}
	return "declared in the types file"
}

// value is where an attribute comes from.
func (a *attribute) value() string {
	path := page.Text(a.Path)
	switch {
	case a.name == "MemoryMiB" && strings.ContainsAny(a.verbs, "*/"):
		return fmt.Sprintf("{expr: 'string(int(float(r[%q]) %s))'}", a.Path, a.verbs)
	case a.name == "Id" && a.verbs != "":
		return "[" + path + a.verbs + "]"
	case a.dating != nil && a.dating.Layout != "":
		return fmt.Sprintf("{path: %s, date: [%q]}", path, a.dating.Layout)
	case a.verbs != "":
		return "{path: " + path + a.verbs + "}"
	default:
		return path
	}
}

// isLocal reports whether it matters where the source's clock is.
func (p *plan) isLocal() bool {
	return slices.ContainsFunc(p.fills, func(f *fill) bool {
		return slices.ContainsFunc(f.attributes, func(a *attribute) bool { return a.dating != nil && a.dating.Local })
	})
}

// inHeader reports whether a column is called as the header has it: others of its name are distinguished by a number.
func (p *plan) inHeader(f *shape.Field) bool {
	return p.Columns == nil || f.Parent != p.tree.Rows || slices.Contains(p.Columns, f.Name)
}

// notes writes what was left out, and why.
func (p *plan) notes(w *page.Writer) {
	left := p.left
	for _, f := range p.fills {
		left = append(left, f.left...)
	}
	if len(left) == 0 {
		return
	}
	w.Line("# Left out:", "")
	for _, l := range left {
		title := page.OneLine(l.title)
		if title == "" {
			title = "(a field without a name)"
		}
		w.Line("#   "+title+": "+l.why, "")
	}
}

// typesFile declares the types of one's own; nil where there are none.
func (p *plan) typesFile() []byte {
	w := &page.Writer{}
	for _, f := range p.fills {
		if f.own != nil {
			f.declare(w)
		}
	}
	if w.Len() == 0 {
		return nil
	}
	return []byte("# Drafted with the mapping " + p.name + ". An account has 20 custom types, a type 50 attributes: leave out what nobody will ask for.\n" +
		"version: 1\ntypes:\n" + w.String())
}

func (f *fill) declare(w *page.Writer) {
	w.Line("  "+f.typeName+":", "")
	w.Line("    about: "+fmt.Sprintf("%q", f.own.about), "")
	w.Line(`    schemaVersion: "1.0"`, "raise it when attributes change")
	if names := namesOf(f.own.key.attributes); len(names) > 0 {
		w.Line("    key: "+page.List(names), "distinguishes the entries of one machine")
		w.Line("    sort: "+page.List(names), "also what is kept where entries do not fit")
		w.Line("    required: "+page.List(names[:1]), "an entry without it is rejected")
	} else {
		w.Line("    # key: "+f.own.key.none(), "")
	}
	w.Line(fmt.Sprintf("    limit: {entries: %d, over: truncate}", f.limit()), fmt.Sprintf("one machine has %d in the sample, at most", max(1, f.own.key.most)))
	w.Line("    attributes:", "")
	for _, a := range f.attributes {
		w.Line("      "+a.name+": "+a.declared(), a.origin())
	}
}

// none explains why there is no key.
func (k keyed) none() string {
	if k.most < 2 {
		return "none is needed: a machine has one entry"
	}
	return "no few attributes that always have a value tell the entries of one machine apart: each that differs in any stays"
}

func namesOf(attributes []*attribute) []string {
	names := make([]string, len(attributes))
	for i, a := range attributes {
		names[i] = a.name
	}
	return names
}

// limit leaves room for more entries than the sample has.
func (f *fill) limit() int {
	return enough(f.own.key.most*4, 100, 1000, 2000, 10_000)
}

// enough returns the first of ascending limits that a number does not exceed, else the last.
func enough(n int, limits ...int) int {
	i, _ := slices.BinarySearch(limits[:len(limits)-1], n)
	return limits[i]
}

// declared is how an attribute's values are made fit.
func (a *attribute) declared() string {
	var parts []string
	if a.dating != nil {
		parts = append(parts, "date: true")
	} else {
		parts = append(parts, fmt.Sprintf("max: %d", enough(a.Column.Longest*2, 64, 256, 1024, 4096)))
	}
	if a.volatile {
		parts = append(parts, "volatile: true")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// origin names the field where the attribute's name does not, and explains what volatile is.
func (a *attribute) origin() string {
	var parts []string
	if title := page.OneLine(a.Title); title != a.name {
		parts = append(parts, title)
	}
	if a.volatile {
		parts = append(parts, "changes though nothing changed: causes no put by itself")
	}
	if a.Column.Longest > 4096 {
		parts = append(parts, "longer values are cut")
	}
	return strings.Join(parts, "; ")
}
