package mapping

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"
)

var mappingNames = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// nameMappings reads the names of all mappings and refuses those that are taken.
func (l *loader) nameMappings() {
	var named []*source
	for _, s := range l.mappings {
		for _, f := range s.root.fields() {
			if f.name == "mapping" {
				s.nameAt = f.at
				s.name, _ = f.at.scalar("a mapping's name")
			}
		}
		if l.nameFree(s, named) {
			named = append(named, s)
		}
	}
}

func (l *loader) nameFree(s *source, named []*source) bool {
	if s.name == "" {
		return false
	}
	if !mappingNames.MatchString(s.name) {
		s.nameAt.problem("a mapping's name is lower-case letters, digits and -, at most 63, and begins with a letter or digit")
		return false
	}
	for _, other := range named {
		if other.name != s.name {
			continue
		}
		if other.root.file.builtin {
			s.nameAt.problem("%s is built in: give this mapping a name of its own, and `extends: %s` to take that one over", s.name, s.name)
		} else {
			s.nameAt.problem("two mappings are called %s, the other one in %s", s.name, other.root.file.name)
		}
		return false
	}
	return true
}

// resolve makes the mapping of a file, with what it extends; nil where something is wrong.
func (l *loader) resolve(s *source) *Mapping {
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

// extend merges what a mapping extends into its tree, and gives the name of that.
func (l *loader) extend(s *source) (string, bool) {
	for _, f := range s.root.fields() {
		if f.name != "extends" {
			continue
		}
		name, ok := f.at.scalar("extends")
		if !ok {
			return "", false
		}
		base := l.byName(name)
		if base == nil {
			f.at.suggest(nearest(name, l.mappingNames()), "no mapping is called %s", name)
			return "", false
		}
		if s.taking = true; base.taking {
			f.at.problem("%s extends itself", s.name)
			s.taking = false
			return "", false
		}
		resolved := l.resolve(base) != nil
		s.taking = false
		if !resolved {
			f.at.problem("%s is not usable, see there", name)
			return "", false
		}
		s.root.file.origin = originOf(base.root, s.root.file.origin)
		s.root.node = mergeNodes(base.root.resolved(), s.root.resolved(), 0)
		return name, true
	}
	return "", true
}

func (l *loader) byName(name string) *source {
	i := slices.IndexFunc(l.mappings, func(s *source) bool { return s.name == name })
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

// originOf notes of all nodes of a mapping which file they stand in.
func originOf(base place, origin map[*yaml.Node]string) map[*yaml.Node]string {
	if origin == nil {
		origin = make(map[*yaml.Node]string)
	}
	var walk func(n *yaml.Node, depth int)
	walk = func(n *yaml.Node, depth int) {
		if n == nil || depth > maxYAMLDepth {
			return
		}
		if _, known := origin[n]; known {
			return
		}
		origin[n] = base.file.name
		if from, known := base.file.origin[n]; known {
			origin[n] = from
		}
		for _, child := range n.Content {
			walk(child, depth+1)
		}
	}
	walk(base.node, 0)
	return origin
}

// mergeNodes gives base with what own says in its place: mappings are merged, all else is replaced.
func mergeNodes(base, own *yaml.Node, depth int) *yaml.Node {
	if depth > maxYAMLDepth || base == nil || base.Kind != yaml.MappingNode || own.Kind != yaml.MappingNode {
		return own
	}
	merged := *own
	merged.Content = nil
	for i := 0; i+1 < len(base.Content); i += 2 {
		if valueOf(own, base.Content[i].Value) == nil {
			merged.Content = append(merged.Content, base.Content[i], base.Content[i+1])
		}
	}
	for i := 0; i+1 < len(own.Content); i += 2 {
		key, value := own.Content[i], own.Content[i+1]
		if under := valueOf(base, key.Value); under != nil {
			value = mergeNodes(under, value, depth+1)
		}
		merged.Content = append(merged.Content, key, value)
	}
	return &merged
}

func valueOf(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}
