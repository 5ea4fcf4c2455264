package load

import (
	"regexp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// readDetect reads the alternatives by which a document is recognised.
func (p *mappingParser) readDetect(at yamlfile.Value) {
	p.Detect = nil
	if !at.IsList() {
		at.Problem("expected a list of alternatives: - xml: root")
		return
	}
	for _, item := range at.Items() {
		fields := item.Fields()
		if len(fields) != 1 {
			item.Problem("an alternative must be one of %s, with conditions", strings.Join(detectKinds, ", "))
			continue
		}
		if f := fields[0]; slices.Contains(detectKinds, f.Name) {
			p.alternative(f)
		} else {
			f.Unknown(detectKinds, "unknown kind %s: it is one of %s", f.Name, strings.Join(detectKinds, ", "))
		}
	}
}

func (p *mappingParser) alternative(f yamlfile.Field) {
	a := choose.Alternative{Kind: f.Name}
	var texts []string
	for i, item := range f.At.Items() {
		text, ok := item.Scalar("a condition")
		if !ok || text == "" {
			continue
		}
		texts = append(texts, text)
		sheet, isSheet := strings.CutPrefix(text, "sheet ")
		switch {
		case a.Kind == "csv" || a.Kind == "xlsx" && !isSheet:
			a.Columns = append(a.Columns, text)
		case a.Kind == "xlsx":
			a.Names = append(a.Names, sheet)
		case a.Kind == "zip" || a.Kind == "keyvalue":
			a.Names = append(a.Names, text)
		case a.Kind == "xml" && i == 0:
			a.Roots = strings.Split(text, "|")
		default:
			p.condition(&a, item, text)
		}
	}
	if len(texts) == 0 {
		f.At.Problem("detect %s has no condition", f.Name)
		return
	}
	a.Text = a.Kind + " " + strings.Join(texts, ", ")
	p.Detect = append(p.Detect, a)
}

// condition reads `path` or `path=value`.
func (p *mappingParser) condition(a *choose.Alternative, at yamlfile.Value, text string) {
	c := choose.Condition{Text: text}
	field, value, _ := path.CutCondition(text)
	c.Value = value
	path, ok := p.parsePath(at, field, 0)
	if !ok {
		return
	}
	if path.Root != "" {
		at.Problem("a condition of detect must begin at the document, without %s", path.Root)
		return
	}
	c.Path = path
	a.Conditions = append(a.Conditions, c)
}

var tableNames = regexp.MustCompile(`^[a-z][A-Za-z0-9_]*$`)

// tableReserved are names that mean something else after $.
var tableReserved = []string{"up", "host", "doc", "file", "rows", "name", "index", "text", "env"}

func (p *mappingParser) readTables(at yamlfile.Value) {
	for _, f := range at.Fields() {
		if !tableNames.MatchString(f.Name) || slices.Contains(tableReserved, f.Name) {
			f.Key.Problem("a table's name must begin with a lower-case letter and be none of %s", strings.Join(tableReserved, ", "))
			continue
		}
		t := &mapping.Table{Name: f.Name}
		p.Tables = append(p.Tables, t)
		readWords(f.At, "a table",
			word{"each", func(at yamlfile.Value) { t.Each = p.paths(at) }},
			word{"key", func(at yamlfile.Value) { t.Key = p.paths(at) }},
			text("parts", &t.Parts))
		if !f.At.Has("each") || !f.At.Has("key") {
			f.Key.Problem("a table must have each, the path to its rows, and key")
		}
	}
}

// checkTies refuses mappings that would always fit equally well.
func (l *loader) checkTies(mappings []*mapping.Mapping) {
	for i, a := range mappings {
		for _, b := range mappings[:i] {
			if m := choose.Tie(&a.Candidate, &b.Candidate); m != nil {
				at := l.byName(a.Name).nameAt
				at.Problem("%s and %s match the same origins (%s) and the same documents: make a pattern or detect of one more specific", a.Name, b.Name, m)
			}
		}
	}
}
