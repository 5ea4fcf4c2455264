package load

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

var mappingNames = regular.Expression(`^[a-z0-9][a-z0-9-]*$`) // of at most 63 characters: with that in it, it would take long to compile

// nameMappings reads the names of all mappings and refuses those that are taken.
func (l *loader) nameMappings() {
	for i, s := range l.mappings {
		if s.indexed != nil {
			continue
		}
		s.nameAt = s.root.Field("mapping")
		s.name, _ = s.nameAt.Scalar("a mapping's name")
		s.checkName(l.mappings[:i])
	}
}

// checkName refuses a name that is none, or that one of the files before has.
func (s *mappingFile) checkName(before []*mappingFile) {
	i := slices.IndexFunc(before, func(other *mappingFile) bool { return other.name == s.name })
	switch {
	case s.name == "":
	case !isMappingName(s.name):
		s.nameAt.Problem("a mapping's name must be lower-case letters, digits and -, at most 63, and begin with a letter or digit")
	case i < 0:
	case before[i].builtin():
		s.nameAt.Problem("%s is built in: give this mapping a name of its own, and `extends: %s` to take that one over", s.name, s.name)
	default:
		s.nameAt.Problem("two mappings are called %s, the other one in %s", s.name, before[i].root.File())
	}
}

// builtin reports whether the file is one of the program's own.
func (s *mappingFile) builtin() bool { return s.indexed != nil || s.root.Builtin() }

func isMappingName(name string) bool { return len(name) <= 63 && mappingNames().MatchString(name) }

// resolve makes the mapping of a file, with what it extends; nil where something is wrong.
func (l *loader) resolve(s *mappingFile) *mapping.Mapping {
	if s.done {
		return s.result
	}
	s.done = true
	before := len(l.problems)
	if s.indexed != nil {
		l.open(s)
	}
	if len(l.problems) > before || !l.extend(s) {
		return nil
	}
	m := l.parseMapping(s)
	if len(l.problems) > before {
		return nil
	}
	s.result = m
	return m
}

// extend merges what a mapping extends into its tree; false where that is wrong.
func (l *loader) extend(s *mappingFile) bool {
	fields := s.root.Fields()
	i := slices.IndexFunc(fields, func(f yamlfile.Field) bool { return f.Name == "extends" })
	if i < 0 {
		return true
	}
	at := fields[i].At
	name, ok := at.Scalar("extends")
	if !ok {
		return false
	}
	base := l.byName(name)
	s.taking = true
	defer func() { s.taking = false }()
	switch {
	case base == nil:
		names := namesOf(l.mappings, func(s *mappingFile) string { return s.name })
		at.Suggest(problem.Nearest(name, names), "no mapping is called %s", name)
	case base.taking:
		at.Problem("%s extends itself", s.name)
	case l.resolve(base) == nil:
		at.Problem("%s cannot be extended: it has problems of its own", name)
	default:
		s.root, s.family = s.root.Extend(base.root), base.result.Family
		return true
	}
	return false
}

func (l *loader) byName(name string) *mappingFile {
	i := slices.IndexFunc(l.mappings, func(s *mappingFile) bool { return s.name == name })
	if i < 0 {
		return nil
	}
	return l.mappings[i]
}
