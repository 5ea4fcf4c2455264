package choose

import (
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// Alternative is one way to recognise a document: all its conditions must hold.
type Alternative struct {
	Kind       string       // csv, json, xml, zip, xlsx, keyvalue
	Text       string       // as it is written: "xml Report"
	Roots      []string     // xml: names of the root element
	Conditions []Condition  // json, xml
	Columns    head.Columns // csv, xlsx
	Names      []string     // xlsx: the sheet; zip: members; keyvalue: keys
}

// Condition is a path that must be there, or have a value.
type Condition struct {
	Text  string
	Path  path.Path
	Value string // "" is any; with * and |
}

// weight counts the conditions, of which the most win.
func (a *Alternative) weight() int {
	n := len(a.Conditions) + a.Columns.Len() + len(a.Names)
	if len(a.Roots) > 0 {
		n++
	}
	return n
}

// covers reports whether a document that fits a fits b too, as far as can be known without one.
func (a *Alternative) covers(b *Alternative) bool {
	return a.Kind == b.Kind && containsAll(a.Roots, b.Roots) && a.Columns.Covers(&b.Columns) && containsAll(a.Names, b.Names) &&
		!slices.ContainsFunc(b.Conditions, func(some Condition) bool {
			return !slices.ContainsFunc(a.Conditions, func(c Condition) bool { return c.Text == some.Text })
		})
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(text string) bool { return !slices.Contains(all, text) })
}

// fit is a mapping that knows the document, and how it is read.
type fit struct {
	*Candidate
	by      *Alternative // nil: none holds
	format  syntax.Format
	dialect scan.Dialect
}

// best returns the alternative of a mapping that fits the document by the most conditions.
func (c *chooser) best(m *Candidate) fit {
	best := fit{Candidate: m}
	for i := range m.Detect {
		a := &m.Detect[i]
		if best.by != nil && a.weight() <= best.by.weight() {
			continue
		}
		if f, ok := c.fits(a); ok {
			best = f
			best.Candidate = m
		}
	}
	return best
}

// fits reports whether all conditions of an alternative hold. The columns of a CSV file may also stand in a workbook's first sheet: both
// are the document's rows.
func (c *chooser) fits(a *Alternative) (fit, bool) {
	f, ok := fit{by: a, format: c.head.Format()}, false
	switch is := f.format; a.Kind {
	case "csv":
		if is == syntax.Workbook {
			f.dialect, ok = c.head.Sheet(nil, &a.Columns)
		} else {
			f.dialect, ok = c.head.Header(&a.Columns)
		}
	case "xlsx":
		f.dialect, ok = c.head.Sheet(a.Names, &a.Columns)
	case "zip":
		f.dialect, ok = c.head.Folder(a.Names)
	case "keyvalue":
		f.format, ok = syntax.KeyValue, c.head.HasKeys(a.Names)
	case "xml":
		ok = is == syntax.XML && slices.Contains(a.Roots, c.head.Root()) && c.hold(a.Conditions)
	case "json":
		ok = is == syntax.JSON && c.hold(a.Conditions)
	}
	return f, ok
}

func (c *chooser) hold(conditions []Condition) bool {
	return !slices.ContainsFunc(conditions, func(k Condition) bool { return !c.head.Has(k.Path, k.Value) })
}

// Tie finds a match that two mappings have in common while their detect does not distinguish them: they would always fit equally well.
// nil where there is none; a user's mapping goes before a built-in one.
func Tie(a, b *Candidate) *Match {
	if a.Builtin != b.Builtin || !sameDocuments(a, b) {
		return nil
	}
	for i := range a.Matches {
		for j := range b.Matches {
			if a.Matches[i].String() == b.Matches[j].String() && maps.Equal(a.Matches[i].Attributes, b.Matches[j].Attributes) {
				return &a.Matches[i]
			}
		}
	}
	return nil
}

func sameDocuments(a, b *Candidate) bool {
	if len(a.Detect) == 0 || len(b.Detect) == 0 {
		return true
	}
	for i := range a.Detect {
		for j := range b.Detect {
			if a.Detect[i].covers(&b.Detect[j]) || b.Detect[j].covers(&a.Detect[i]) {
				return true
			}
		}
	}
	return false
}
