package mapping

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
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
func (p *mappingParser) readDetect(at place) {
	p.detect = nil
	if !at.is(yaml.SequenceNode) {
		at.problem("detect is a list of alternatives: - xml: root")
		return
	}
	for _, item := range at.items() {
		fields := item.fields()
		if len(fields) != 1 {
			item.problem("an alternative is one of %s, with conditions", strings.Join(detectKinds, ", "))
			continue
		}
		if f := fields[0]; slices.Contains(detectKinds, f.name) {
			p.alternative(f)
		} else {
			f.key.suggest(nearest(f.name, detectKinds), "unknown kind %s: it is one of %s", f.name, strings.Join(detectKinds, ", "))
		}
	}
}

func (p *mappingParser) alternative(f field) {
	a := alternative{kind: f.name}
	var texts []string
	for i, item := range f.at.items() {
		text, ok := item.scalar("a condition")
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
		f.at.problem("detect %s has no condition", f.name)
		return
	}
	a.text = a.kind + " " + strings.Join(texts, ", ")
	p.detect = append(p.detect, a)
}

// condition reads `path` or `path=value`.
func (p *mappingParser) condition(a *alternative, at place, text string) {
	c := condition{text: text}
	field, value, _ := path.CutCondition(text)
	c.value = value
	path, ok := p.parsePath(at, field, 0)
	if !ok {
		return
	}
	if path.Root() != "" {
		at.problem("a condition of detect begins at the document, without %s", path.Root())
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

func (p *mappingParser) readTables(at place) {
	for _, f := range at.fields() {
		if !tableNames.MatchString(f.name) || slices.Contains(tableReserved, f.name) {
			f.key.problem("a table's name begins with a lower-case letter and is none of %s", strings.Join(tableReserved, ", "))
			continue
		}
		t := &table{name: f.name}
		p.tables = append(p.tables, t)
		for _, word := range f.at.fields() {
			switch word.name {
			case "each":
				t.each = p.paths(word.at)
			case "key":
				t.key = p.paths(word.at)
			default:
				word.key.suggest(nearest(word.name, []string{"each", "key"}), "unknown word %s of a table", word.name)
			}
		}
		if !f.at.has("each") || !f.at.has("key") {
			f.key.problem("a table has each, the path to its rows, and key")
		}
	}
}

// checkTies refuses mappings that would always fit equally well.
func (l *loader) checkTies(mappings []*Mapping) {
	for i, a := range mappings {
		for _, b := range mappings[:i] {
			if m := tie(a, b); m != nil {
				at := l.byName(a.Name).nameAt
				at.problem("%s and %s match the same deliveries (%s) and the same documents: make a pattern or detect of one more specific", a.Name, b.Name, m)
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
