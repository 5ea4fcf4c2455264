package load

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// paths reads a path or a list of paths.
func (p *mappingParser) paths(at yamlfile.Value) []path.Path { return yamlfile.Each(at, p.path) }

// path reads a path and checks the tables in it.
func (p *mappingParser) path(at yamlfile.Value) (path.Path, bool) {
	text, ok := at.Scalar("a path")
	if !ok {
		return path.Path{}, false
	}
	return p.parsePath(at, text, 0)
}

// parsePath reads a path that stands at an offset of the scalar here.
func (p *mappingParser) parsePath(at yamlfile.Value, text string, offset int) (path.Path, bool) {
	parsed, err := path.Parse(text)
	if err != nil {
		var wrong *path.Error
		if errors.As(err, &wrong) {
			at.ProblemAt(offset+wrong.Offset, "", "path %s: %s", text, wrong.Msg)
		} else {
			at.Problem("path %s: %v", text, err)
		}
		return path.Path{}, false
	}
	ok := p.declared(at, &parsed)
	return parsed, ok
}

// declared checks that the tables that a path looks into are declared.
func (p *mappingParser) declared(at yamlfile.Value, along *path.Path) bool {
	ok := true
	along.EachTable(func(into *path.Path) {
		name := into.Table
		if !slices.ContainsFunc(p.Tables, func(t *mapping.Table) bool { return t.Name == name }) {
			at.Suggest(problem.Nearest("$"+name, namesOf(p.Tables, func(t *mapping.Table) string { return "$" + t.Name })), "there is no table $%s: declare it under tables", name)
			ok = false
		}
	})
	return ok
}

// value reads a value, and notes where it stands.
func (p *mappingParser) value(at yamlfile.Value) *mapping.Value {
	v := p.readValue(at)
	if v != nil {
		p.numbered++
		v.At, v.Number = at.Place(), p.numbered
	}
	return v
}

// readValue reads a value: a path, a list, or one source with verbs.
func (p *mappingParser) readValue(at yamlfile.Value) *mapping.Value {
	switch {
	case at.TooLarge():
		return nil
	case at.IsList():
		items := p.values(at)
		if len(items) == 0 {
			at.Problem("the list is empty")
		}
		return &mapping.Value{First: items}
	case at.IsMapping():
		return p.valueWords(at)
	default:
		v := &mapping.Value{}
		v.Path, v.HasPath = p.path(at)
		return v
	}
}

func (p *mappingParser) values(at yamlfile.Value) []*mapping.Value {
	return yamlfile.Each(at, func(item yamlfile.Value) (*mapping.Value, bool) {
		v := p.value(item)
		return v, v != nil
	})
}

// valueWords reads a source with verbs.
func (p *mappingParser) valueWords(at yamlfile.Value) *mapping.Value {
	v := &mapping.Value{}
	sources := 0
	for _, f := range at.Fields() {
		switch f.Name {
		case "path", "all", "value", "expr":
			sources++
			if sources == 2 {
				f.Key.Problem("a value must have one source: path, all, value or expr")
			}
			p.valueSource(v, f)
		default:
			p.verb(v, f)
		}
	}
	if sources == 0 && (at.IsEmpty() || !at.HasProblem()) {
		at.Problem("a value must have a source: path, all, value or expr")
	}
	return v
}

func (p *mappingParser) valueSource(v *mapping.Value, f yamlfile.Field) {
	switch f.Name {
	case "path":
		inner := p.value(f.At)
		if inner != nil && inner.HasPath {
			v.Path, v.HasPath = inner.Path, true
		} else if inner != nil {
			v.First = []*mapping.Value{inner}
		}
	case "all":
		v.All = p.values(f.At)
	case "value":
		if text, ok := f.At.Scalar("value"); ok {
			v.Constant = []string{text}
		}
	case "expr":
		v.Expr = p.expression(f.At, false)
	}
}

func (p *mappingParser) verb(v *mapping.Value, f yamlfile.Field) {
	switch f.Name {
	case "split":
		v.Split = p.loader.regularExpression(f.At, "split", -1)
	case "match":
		v.Match = p.loader.regularExpression(f.At, "match", 1)
	case "map":
		m := valueMap(f.At)
		v.Map = &m
	case "date":
		v.Dates = &date.Reader{Layouts: p.layouts(f.At), Zone: p.Conventions.Dates.Zone}
	case "join":
		v.Join, v.HasJoin = f.At.Scalar("join")
	default:
		f.Unknown(valueWords, "unknown word %s of a value", f.Name)
	}
}

// regularExpression reads one with so many groups; -1: any number.
func (l *loader) regularExpression(at yamlfile.Value, what string, groups int) *regexp.Regexp {
	text, ok := at.Scalar(what)
	if !ok {
		return nil
	}
	re, err := l.compile(text)
	if err != nil {
		at.Problem("%s is not a regular expression: %s", what, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return nil
	}
	if groups >= 0 && re.NumSubexp() != groups {
		at.Problem("%s has %d groups and must have one, which is what is taken: (?:…) groups without taking", what, re.NumSubexp())
		return nil
	}
	return re
}

func (l *loader) compile(text string) (*regexp.Regexp, error) {
	if re := l.compiled[text]; re != nil {
		return re, nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, err //nolint:wrapcheck // its text alone is shown
	}
	if l.compiled == nil {
		l.compiled = map[string]*regexp.Regexp{}
	}
	l.compiled[text] = re
	return re, nil
}
