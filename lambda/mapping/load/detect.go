package load

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
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
	a := &choose.Alternative{Kind: f.Name}
	if f.At.IsMapping() {
		p.someColumns(a, f)
	} else {
		a.All = p.conditions(a.Kind, f.At)
	}
	if len(a.All)+len(a.Of) == 0 {
		if !f.At.HasProblem() {
			f.At.Problem("detect %s has no condition", f.Name)
		}
		return
	}
	p.Detect = append(p.Detect, a)
}

// conditions reads conditions that must all hold, as they are written.
func (p *mappingParser) conditions(kind string, at yamlfile.Value) []string {
	var texts []string
	for i, item := range at.Items() {
		text, ok := item.Scalar("a condition")
		if !ok || text == "" {
			continue
		}
		texts = append(texts, text)
		if kind == "json" || kind == "xml" && i > 0 {
			p.checkCondition(item, text)
		}
	}
	return texts
}

// someColumns reads `{all: […], of: […], least: n}`: columns that must all be there, and others of which so many must be.
func (p *mappingParser) someColumns(a *choose.Alternative, f yamlfile.Field) {
	if a.Kind != "csv" && a.Kind != "xlsx" {
		f.At.Problem("detect %s expects a list of conditions; all, of and least are words of csv and xlsx", f.Name)
		return
	}
	var all, of []string
	var ofAt yamlfile.Value
	least := 0
	readWords(f.At, "detect "+f.Name,
		word{"all", func(at yamlfile.Value) { all = p.conditions(a.Kind, at) }},
		word{"of", func(at yamlfile.Value) { ofAt = at; of = at.Strings("a column") }},
		word{"least", func(at yamlfile.Value) { least = at.Int("least", 1, maxColumns) }})
	switch {
	case f.At.HasProblem():
	case len(of) == 0 || least == 0:
		f.At.Problem("detect %s must have of, a list of columns, and least, how many of them must be there", f.Name)
	case least > len(of):
		f.At.Field("least").Problem("least is %d, and of has %d columns", least, len(of))
	default:
		p.checkColumns(ofAt, columnsOf(all), of)
		a.All, a.Of, a.Least = all, of, least
	}
}

// maxColumns bounds how many columns may be asked for.
const maxColumns = 100

// columnsOf returns conditions without the one of a workbook that names a sheet.
func columnsOf(conditions []string) []string {
	return slices.DeleteFunc(slices.Clone(conditions), func(text string) bool {
		_, isSheet := choose.SheetOf(text)
		return isSheet
	})
}

// checkColumns refuses a name that would count twice, since names are compared by their letters and digits.
func (p *mappingParser) checkColumns(at yamlfile.Value, all, of []string) {
	names := make([]*tree.Name, 0, len(all)+len(of))
	for _, name := range all {
		names = append(names, tree.NewName(name))
	}
	for i, item := range at.Items() {
		pattern := tree.NewPattern(of[i])
		if same := slices.IndexFunc(names, pattern.Fits); same >= 0 {
			item.Problem("%s is the same column as %s, which stands before it: names are compared by their letters and digits", of[i], names[same])
		}
		names = append(names, &pattern.Name)
	}
}

// checkCondition refuses what is neither `path` nor `path=value`.
func (p *mappingParser) checkCondition(at yamlfile.Value, text string) {
	field, _, _ := path.CutCondition(text)
	if along, ok := p.parsePath(at, field, 0); ok && along.Root != "" {
		at.Problem("a condition of detect must begin at the document, without %s", along.Root)
	}
}

var tableNames = regular.Expression(`^[a-z][A-Za-z0-9_]*$`)

// tableReserved are names that mean something else after $.
var tableReserved = []string{"up", "host", "doc", "file", "rows", "name", "index", "text", "env"}

func (p *mappingParser) readTables(at yamlfile.Value) {
	for _, f := range at.Fields() {
		if !tableNames().MatchString(f.Name) || slices.Contains(tableReserved, f.Name) {
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
