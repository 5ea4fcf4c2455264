package choose

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// Alternative is one way to recognise a document, as it is written: all its conditions must hold. They are parsed when the first document is
// compared with them.
type Alternative struct {
	Kind  string   `json:"kind"` // csv, json, xml, zip, xlsx, keyvalue
	All   []string `json:"all,omitempty"`
	Of    []string `json:"of,omitempty"`    // csv, xlsx: columns of which Least must be there, too
	Least int      `json:"least,omitempty"` // 0: there are none of these

	once  sync.Once
	asked asked
}

// asked is what an alternative asks for.
type asked struct {
	roots      []string    // xml: names of the root element
	conditions []condition // json, xml
	columns    head.Columns
	names      []string // xlsx: the sheet; zip: members; keyvalue: keys
}

// condition is a path that must be there, or have a value.
type condition struct {
	text  string    // as it is written
	path  path.Path // the zero Path: what is written is none, and the condition never holds
	value string    // "" is any; with * and |
}

// holds reports whether a document meets the condition.
func (k *condition) holds(h *head.Head) bool { return k.path.String() != "" && h.Has(k.path, k.value) }

// asks returns what the alternative asks for.
func (a *Alternative) asks() *asked {
	a.once.Do(func() {
		var columns []string
		for i, text := range a.All {
			sheet, isSheet := SheetOf(text)
			switch {
			case a.Kind == "csv" || a.Kind == "xlsx" && !isSheet:
				columns = append(columns, text)
			case a.Kind == "xlsx":
				a.asked.names = append(a.asked.names, sheet)
			case a.Kind == "zip" || a.Kind == "keyvalue":
				a.asked.names = append(a.asked.names, text)
			case a.Kind == "xml" && i == 0:
				a.asked.roots = strings.Split(text, "|")
			default:
				a.asked.conditions = append(a.asked.conditions, newCondition(text))
			}
		}
		a.asked.columns = head.NewColumns(columns, a.Of, a.Least)
	})
	return &a.asked
}

// conditions returns the conditions on paths, without a look at an alternative of a kind that has none.
func (a *Alternative) conditions() []condition {
	if a.Kind != "xml" && a.Kind != "json" {
		return nil
	}
	return a.asks().conditions
}

// SheetOf returns the name in a condition that names the sheet of a workbook.
func SheetOf(text string) (name string, isSheet bool) { return strings.CutPrefix(text, "sheet ") }

// newCondition parses a condition, which was checked when its mapping was loaded.
func newCondition(text string) condition {
	field, value, _ := path.CutCondition(text)
	along, err := path.Parse(field)
	if err != nil {
		along = path.Path{}
	}
	return condition{text: text, path: along, value: value}
}

// String returns the alternative in one line: "xml Report, Host".
func (a *Alternative) String() string {
	text := a.Kind + " " + strings.Join(a.All, ", ")
	switch {
	case a.Least == 0:
		return text
	case len(a.All) > 0:
		text += ", "
	}
	return text + fmt.Sprintf("%d of %d columns", a.Least, len(a.Of))
}

// weight counts the conditions, of which the most win.
func (a *Alternative) weight() int { return len(a.All) + a.Least }

// covers reports whether a document that fits a fits b too, as far as can be known without one.
func (a *Alternative) covers(b *Alternative) bool {
	if a.Kind != b.Kind {
		return false
	}
	has, other := a.asks(), b.asks()
	return containsAll(has.roots, other.roots) && has.columns.Covers(&other.columns) && containsAll(has.names, other.names) &&
		!slices.ContainsFunc(other.conditions, func(some condition) bool {
			return !slices.ContainsFunc(has.conditions, func(c condition) bool { return c.text == some.text })
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
	for _, a := range m.Detect {
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
// are the document's rows. What an alternative of another kind asks for is not parsed.
func (c *chooser) fits(a *Alternative) (fit, bool) {
	f, ok := fit{by: a, format: c.head.Format()}, false
	switch is := f.format; {
	case a.Kind == "csv" && is == syntax.Workbook:
		f.dialect, ok = c.head.Sheet(nil, &a.asks().columns)
	case a.Kind == "csv" && is == syntax.CSV:
		f.dialect, ok = c.head.Header(&a.asks().columns)
	case a.Kind == "xlsx" && is == syntax.Workbook:
		f.dialect, ok = c.head.Sheet(a.asks().names, &a.asks().columns)
	case a.Kind == "zip" && is == syntax.Archive:
		f.dialect, ok = c.head.Folder(a.asks().names)
		if f.dialect.Names != "" {
			f.format = syntax.Documents
		}
	case a.Kind == "keyvalue" && is == syntax.CSV:
		f.format, ok = syntax.KeyValue, c.head.HasKeys(a.asks().names)
	case a.Kind == "xml" && is == syntax.XML:
		ok = slices.Contains(a.asks().roots, c.head.Root()) && c.hold(a.conditions())
	case a.Kind == "json" && is == syntax.JSON:
		ok = c.hold(a.conditions())
	}
	return f, ok
}

func (c *chooser) hold(conditions []condition) bool {
	return !slices.ContainsFunc(conditions, func(k condition) bool { return !k.holds(c.head) })
}

// Tie finds a match that two mappings have in common while their detect does not distinguish them: they would always fit equally well.
// nil where there is none; a user's mapping goes before a built-in one.
func Tie(a, b *Candidate) *Match {
	if a.Builtin != b.Builtin || !sameDocuments(a, b) {
		return nil
	}
	for _, m := range a.Matches {
		for _, other := range b.Matches {
			if m.String() == other.String() && maps.Equal(m.Attributes, other.Attributes) {
				return m
			}
		}
	}
	return nil
}

func sameDocuments(a, b *Candidate) bool {
	if len(a.Detect) == 0 || len(b.Detect) == 0 {
		return true
	}
	for _, one := range a.Detect {
		for _, other := range b.Detect {
			if one.covers(other) || other.covers(one) {
				return true
			}
		}
	}
	return false
}
