package mapping

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
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
	dates   *dates
	join    string
	hasJoin bool

	at Place
}

// paths reads a path or a list of paths.
func (p *mappingParser) paths(at place) []dataPath {
	var paths []dataPath
	for _, item := range at.items() {
		if path, ok := p.path(item); ok {
			paths = append(paths, path)
		}
	}
	return paths
}

// path reads a path and checks the tables in it.
func (p *mappingParser) path(at place) (dataPath, bool) {
	text, ok := at.scalar("a path")
	if !ok {
		return dataPath{}, false
	}
	return p.parsePath(at, text, 0)
}

// parsePath reads a path that stands at an offset of the scalar here.
func (p *mappingParser) parsePath(at place, text string, offset int) (dataPath, bool) {
	parsed, err := path.Parse(text)
	if err != nil {
		var wrong *path.Error
		if errors.As(err, &wrong) {
			at.offset(offset+wrong.Offset, "", "path %s: %s", text, wrong.Msg)
		} else {
			at.problem("path %s: %v", text, err)
		}
		return dataPath{}, false
	}
	if !p.declared(at, &parsed) {
		return dataPath{}, false
	}
	return parsed, true
}

// declared checks that the tables that a path looks into are declared.
func (p *mappingParser) declared(at place, path *dataPath) bool {
	name := path.Table()
	if name == "" {
		return true
	}
	if !slices.ContainsFunc(p.tables, func(t *table) bool { return t.name == name }) {
		at.suggest(nearest("$"+name, p.tableNames()), "there is no table $%s: declare it under tables", name)
		return false
	}
	key := path.Key()
	return key == nil || p.declared(at, key)
}

func (p *mappingParser) tableNames() []string {
	names := make([]string, len(p.tables))
	for i, t := range p.tables {
		names[i] = "$" + t.name
	}
	return names
}

// value reads a value, and notes where it stands.
func (p *mappingParser) value(at place) *value {
	v := p.readValue(at)
	if v != nil {
		v.at = at.place()
	}
	return v
}

// readValue reads a value: a path, a list, or one source with verbs.
func (p *mappingParser) readValue(at place) *value {
	if at.tooLarge() {
		return nil
	}
	switch {
	case at.is(yaml.SequenceNode):
		items := p.values(at)
		if len(items) == 0 {
			at.problem("the list is empty")
		}
		return &value{first: items}
	case at.is(yaml.MappingNode):
		return p.valueWords(at)
	default:
		v := &value{}
		v.path, v.hasPath = p.path(at)
		return v
	}
}

func (p *mappingParser) values(at place) []*value {
	var values []*value
	for _, item := range at.items() {
		if v := p.value(item); v != nil {
			values = append(values, v)
		}
	}
	return values
}

// valueWords reads a source with verbs.
func (p *mappingParser) valueWords(at place) *value {
	v := &value{}
	sources := 0
	for _, f := range at.fields() {
		switch f.name {
		case "path", "all", "value", "expr":
			if sources++; sources == 2 {
				f.key.problem("a value has one source: path, all, value or expr")
			}
			p.valueSource(v, f)
		default:
			p.verb(v, f)
		}
	}
	if sources == 0 && len(at.resolved().Content) == 0 {
		at.problem("a value has a source: path, all, value or expr")
	} else if sources == 0 && !at.hasProblemUnder() {
		at.problem("a value has a source: path, all, value or expr")
	}
	return v
}

func (p *mappingParser) valueSource(v *value, f field) {
	switch f.name {
	case "path":
		inner := p.value(f.at)
		if inner != nil && inner.hasPath {
			v.path, v.hasPath = inner.path, true
		} else if inner != nil {
			v.first = []*value{inner}
		}
	case "all":
		v.all = p.values(f.at)
	case "value":
		if text, ok := f.at.scalar("value"); ok {
			v.constant = []string{text}
		}
	case "expr":
		v.expr = p.expression(f.at, false)
	}
}

func (p *mappingParser) verb(v *value, f field) {
	switch f.name {
	case "split":
		v.split = f.at.regexp("split", -1)
	case "match":
		v.match = f.at.regexp("match", 1)
	case "map":
		w := f.at.words()
		v.words = &w
	case "date":
		v.dates = &dates{layouts: f.at.layouts(), zone: p.reading.dates.zone}
	case "join":
		v.join, v.hasJoin = f.at.scalar("join")
	default:
		f.key.suggest(nearest(f.name, valueWords), "unknown word %s of a value", f.name)
	}
}

// regexp reads a regular expression with so many groups; -1: any number.
func (p place) regexp(what string, groups int) *regexp.Regexp {
	text, ok := p.scalar(what)
	if !ok {
		return nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		p.problem("%s is no regular expression: %s", what, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return nil
	}
	if groups >= 0 && re.NumSubexp() != groups {
		p.problem("%s has %d groups and must have one, which is what is taken: (?:…) groups without taking", what, re.NumSubexp())
		return nil
	}
	return re
}
