package mapping

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// alternative is one way to recognise a document: all its conditions must hold.
type alternative struct {
	kind       string      // a word of detectKinds
	text       string      // as it is written: "xml Report"
	roots      []string    // xml: names of the root element
	conditions []condition // json, xml
	columns    []string    // csv, xlsx
	names      []string    // xlsx: the sheet; zip: members; keyvalue: keys
}

// condition is a path that must be there, or have a value.
type condition struct {
	text  string
	path  dataPath
	value string // "" is any; with * and |
}

// weight counts the conditions, of which the most win.
func (a *alternative) weight() int {
	n := len(a.conditions) + len(a.columns) + len(a.names)
	if len(a.roots) > 0 {
		n++
	}
	return n
}

// covers tells that a document that fits a fits b too, as far as can be said without one.
func (a *alternative) covers(b *alternative) bool {
	if a.kind != b.kind {
		return false
	}
	return containsAll(a.roots, b.roots) && containsAll(a.columns, b.columns) && containsAll(a.names, b.names) &&
		!slices.ContainsFunc(b.conditions, func(some condition) bool {
			return !slices.ContainsFunc(a.conditions, func(c condition) bool { return c.text == some.text })
		})
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(text string) bool { return !slices.Contains(all, text) })
}

// readDetect reads the alternatives by which a document is recognised.
func (p *mappingParser) readDetect(at yamlfile.Value) {
	p.detect = nil
	if !at.IsList() {
		at.Problem("detect is a list of alternatives: - xml: root")
		return
	}
	for _, item := range at.Items() {
		fields := item.Fields()
		if len(fields) != 1 {
			item.Problem("an alternative is one of %s, with conditions", strings.Join(detectKinds, ", "))
			continue
		}
		if f := fields[0]; slices.Contains(detectKinds, f.Name) {
			p.alternative(f)
		} else {
			f.Key.Suggest(problem.Nearest(f.Name, detectKinds), "unknown kind %s: it is one of %s", f.Name, strings.Join(detectKinds, ", "))
		}
	}
}

func (p *mappingParser) alternative(f yamlfile.Field) {
	a := alternative{kind: f.Name}
	var texts []string
	for i, item := range f.At.Items() {
		text, ok := item.Scalar("a condition")
		if !ok || text == "" {
			continue
		}
		texts = append(texts, text)
		sheet, isSheet := strings.CutPrefix(text, "sheet ")
		switch {
		case a.kind == "csv" || a.kind == "xlsx" && !isSheet:
			a.columns = append(a.columns, text)
		case a.kind == "xlsx":
			a.names = append(a.names, sheet)
		case a.kind == "zip" || a.kind == "keyvalue":
			a.names = append(a.names, text)
		case a.kind == "xml" && i == 0:
			a.roots = strings.Split(text, "|")
		default:
			p.condition(&a, item, text)
		}
	}
	if len(texts) == 0 {
		f.At.Problem("detect %s has no condition", f.Name)
		return
	}
	a.text = a.kind + " " + strings.Join(texts, ", ")
	p.detect = append(p.detect, a)
}

// condition reads `path` or `path=value`.
func (p *mappingParser) condition(a *alternative, at yamlfile.Value, text string) {
	c := condition{text: text}
	field, value, _ := format.CutCondition(text)
	c.value = value
	path, ok := p.parsePath(at, field, 0)
	if !ok {
		return
	}
	if path.Root() != "" {
		at.Problem("a condition of detect begins at the document, without %s", path.Root())
		return
	}
	c.path = path
	a.conditions = append(a.conditions, c)
}

// table is rows elsewhere in the document, found by key.
type table struct {
	name string
	each []dataPath
	key  []dataPath
}

var tableNames = regexp.MustCompile(`^[a-z][A-Za-z0-9_]*$`)

// tableReserved are names that mean something else after $.
var tableReserved = []string{"up", "host", "doc", "file", "rows", "name", "index", "text", "env"}

func (p *mappingParser) readTables(at yamlfile.Value) {
	for _, f := range at.Fields() {
		if !tableNames.MatchString(f.Name) || slices.Contains(tableReserved, f.Name) {
			f.Key.Problem("a table's name begins with a lower-case letter and is none of %s", strings.Join(tableReserved, ", "))
			continue
		}
		t := &table{name: f.Name}
		p.tables = append(p.tables, t)
		for _, word := range f.At.Fields() {
			switch word.Name {
			case "each":
				t.each = p.paths(word.At)
			case "key":
				t.key = p.paths(word.At)
			default:
				word.Key.Suggest(problem.Nearest(word.Name, []string{"each", "key"}), "unknown word %s of a table", word.Name)
			}
		}
		if !f.At.Has("each") || !f.At.Has("key") {
			f.Key.Problem("a table has each, the path to its rows, and key")
		}
	}
}

// checkTies refuses mappings that would always fit equally well.
func (l *loader) checkTies(mappings []*Mapping) {
	for i, a := range mappings {
		for _, b := range mappings[:i] {
			if m := tie(a, b); m != nil {
				at := l.byName(a.Name).nameAt
				at.Problem("%s and %s match the same deliveries (%s) and the same documents: make a pattern or detect of one more specific", a.Name, b.Name, m)
			}
		}
	}
}

// tie finds a match that two mappings have in common without their detect telling them apart. A user's mapping goes before
// a built-in one.
func tie(a, b *Mapping) *Match {
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

func sameDocuments(a, b *Mapping) bool {
	if len(a.detect) == 0 || len(b.detect) == 0 {
		return true
	}
	for i := range a.detect {
		for j := range b.detect {
			if a.detect[i].covers(&b.detect[j]) || b.detect[j].covers(&a.detect[i]) {
				return true
			}
		}
	}
	return false
}
