package mapping

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// value is where a value is taken from, and what is done with its texts. One of the sources is set.
type value struct {
	path     dataPath
	hasPath  bool
	first    []*value // the first that has a value
	all      []*value // every one, in order
	constant []string
	expr     *expression

	split   *regexp.Regexp
	match   *regexp.Regexp // one group
	words   *words
	dates   *date.Reader
	join    string
	hasJoin bool

	at problem.Place
}

// paths reads a path or a list of paths.
func (p *mappingParser) paths(at yamlfile.Value) []dataPath {
	var paths []dataPath
	for _, item := range at.Items() {
		if path, ok := p.path(item); ok {
			paths = append(paths, path)
		}
	}
	return paths
}

// path reads a path and checks the tables in it.
func (p *mappingParser) path(at yamlfile.Value) (dataPath, bool) {
	text, ok := at.Scalar("a path")
	if !ok {
		return dataPath{}, false
	}
	return p.parsePath(at, text, 0)
}

// parsePath reads a path that stands at an offset of the scalar here.
func (p *mappingParser) parsePath(at yamlfile.Value, text string, offset int) (dataPath, bool) {
	path, err := format.ParsePath(text)
	if err != nil {
		var wrong *format.PathError
		if errors.As(err, &wrong) {
			at.ProblemAt(offset+wrong.Offset, "", "path %s: %s", text, wrong.Msg)
		} else {
			at.Problem("path %s: %v", text, err)
		}
		return dataPath{}, false
	}
	if !p.declared(at, path) {
		return dataPath{}, false
	}
	return path, true
}

// declared checks that the tables that a path looks into are declared.
func (p *mappingParser) declared(at yamlfile.Value, path dataPath) bool {
	name := path.Table()
	if name == "" {
		return true
	}
	if !slices.ContainsFunc(p.tables, func(t *table) bool { return t.name == name }) {
		at.Suggest(problem.Nearest("$"+name, p.tableNames()), "there is no table $%s: declare it under tables", name)
		return false
	}
	key, ok := path.Key()
	return !ok || p.declared(at, key)
}

func (p *mappingParser) tableNames() []string {
	names := make([]string, len(p.tables))
	for i, t := range p.tables {
		names[i] = "$" + t.name
	}
	return names
}

// value reads a value, and notes where it stands.
func (p *mappingParser) value(at yamlfile.Value) *value {
	v := p.readValue(at)
	if v != nil {
		v.at = at.Place()
	}
	return v
}

// readValue reads a value: a path, a list, or one source with verbs.
func (p *mappingParser) readValue(at yamlfile.Value) *value {
	if at.TooLarge() {
		return nil
	}
	switch {
	case at.IsList():
		items := p.values(at)
		if len(items) == 0 {
			at.Problem("the list is empty")
		}
		return &value{first: items}
	case at.IsMapping():
		return p.valueWords(at)
	default:
		v := &value{}
		v.path, v.hasPath = p.path(at)
		return v
	}
}

func (p *mappingParser) values(at yamlfile.Value) []*value {
	var values []*value
	for _, item := range at.Items() {
		if v := p.value(item); v != nil {
			values = append(values, v)
		}
	}
	return values
}

// valueWords reads a source with verbs.
func (p *mappingParser) valueWords(at yamlfile.Value) *value {
	v := &value{}
	sources := 0
	for _, f := range at.Fields() {
		switch f.Name {
		case "path", "all", "value", "expr":
			if sources++; sources == 2 {
				f.Key.Problem("a value has one source: path, all, value or expr")
			}
			p.valueSource(v, f)
		default:
			p.verb(v, f)
		}
	}
	if sources == 0 && at.IsEmpty() {
		at.Problem("a value has a source: path, all, value or expr")
	} else if sources == 0 && !at.HasProblem() {
		at.Problem("a value has a source: path, all, value or expr")
	}
	return v
}

func (p *mappingParser) valueSource(v *value, f yamlfile.Field) {
	switch f.Name {
	case "path":
		inner := p.value(f.At)
		if inner != nil && inner.hasPath {
			v.path, v.hasPath = inner.path, true
		} else if inner != nil {
			v.first = []*value{inner}
		}
	case "all":
		v.all = p.values(f.At)
	case "value":
		if text, ok := f.At.Scalar("value"); ok {
			v.constant = []string{text}
		}
	case "expr":
		v.expr = p.expression(f.At, false)
	}
}

func (p *mappingParser) verb(v *value, f yamlfile.Field) {
	switch f.Name {
	case "split":
		v.split = regularExpression(f.At, "split", -1)
	case "match":
		v.match = regularExpression(f.At, "match", 1)
	case "map":
		w := valueMap(f.At)
		v.words = &w
	case "date":
		v.dates = &date.Reader{Layouts: layouts(f.At), Zone: p.reading.dates.Zone}
	case "join":
		v.join, v.hasJoin = f.At.Scalar("join")
	default:
		f.Key.Suggest(problem.Nearest(f.Name, valueWords), "unknown word %s of a value", f.Name)
	}
}

// regexp reads a regular expression with so many groups; -1: any number.
func regularExpression(at yamlfile.Value, what string, groups int) *regexp.Regexp {
	text, ok := at.Scalar(what)
	if !ok {
		return nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		at.Problem("%s is no regular expression: %s", what, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return nil
	}
	if groups >= 0 && re.NumSubexp() != groups {
		at.Problem("%s has %d groups and must have one, which is what is taken: (?:…) groups without taking", what, re.NumSubexp())
		return nil
	}
	return re
}
