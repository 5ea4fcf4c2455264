package load

import (
	"regexp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

var mappingNames = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// nameMappings reads the names of all mappings and refuses those that are taken.
func (l *loader) nameMappings() {
	var named []*mappingFile
	for _, s := range l.mappings {
		for _, f := range s.root.Fields() {
			if f.Name == "mapping" {
				s.nameAt = f.At
				s.name, _ = f.At.Scalar("a mapping's name")
			}
		}
		if l.nameFree(s, named) {
			named = append(named, s)
		}
	}
}

func (l *loader) nameFree(s *mappingFile, named []*mappingFile) bool {
	if s.name == "" {
		return false
	}
	if !mappingNames.MatchString(s.name) {
		s.nameAt.Problem("a mapping's name must be lower-case letters, digits and -, at most 63, and begin with a letter or digit")
		return false
	}
	for _, other := range named {
		if other.name != s.name {
			continue
		}
		if other.root.Builtin() {
			s.nameAt.Problem("%s is built in: give this mapping a name of its own, and `extends: %s` to take that one over", s.name, s.name)
		} else {
			s.nameAt.Problem("two mappings are called %s, the other one in %s", s.name, other.root.File())
		}
		return false
	}
	return true
}

// resolve makes the mapping of a file, with what it extends; nil where something is wrong.
func (l *loader) resolve(s *mappingFile) *mapping.Mapping {
	if s.done {
		return s.result
	}
	s.done = true
	before := len(l.problems)
	extends, ok := l.extend(s)
	if !ok {
		return nil
	}
	m := l.parseMapping(s, extends)
	if len(l.problems) > before {
		return nil
	}
	s.result = m
	return m
}

// extend merges what a mapping extends into its tree, and returns the name of that.
func (l *loader) extend(s *mappingFile) (string, bool) {
	for _, f := range s.root.Fields() {
		if f.Name != "extends" {
			continue
		}
		name, ok := f.At.Scalar("extends")
		if !ok {
			return "", false
		}
		base := l.byName(name)
		if base == nil {
			f.At.Suggest(problem.Nearest(name, l.mappingNames()), "no mapping is called %s", name)
			return "", false
		}
		s.taking = true
		if base.taking {
			f.At.Problem("%s extends itself", s.name)
			s.taking = false
			return "", false
		}
		resolved := l.resolve(base) != nil
		s.taking = false
		if !resolved {
			f.At.Problem("%s cannot be extended: it has problems of its own", name)
			return "", false
		}
		s.root = s.root.Extend(base.root)
		return name, true
	}
	return "", true
}

func (l *loader) byName(name string) *mappingFile {
	i := slices.IndexFunc(l.mappings, func(s *mappingFile) bool { return s.name == name })
	if i < 0 {
		return nil
	}
	return l.mappings[i]
}

func (l *loader) mappingNames() []string {
	names := make([]string, len(l.mappings))
	for i, s := range l.mappings {
		names[i] = s.name
	}
	return names
}
