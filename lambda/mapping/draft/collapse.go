package draft

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// collapse makes one shape of the fields of objects that are used as maps: {"web-1": {…}, "web-2": {…}}.
func (s *shape) collapse() {
	for _, c := range s.children {
		c.collapse()
	}
	is, named := s.isMap()
	if !is {
		return
	}
	all := newShape("", s)
	all.any, all.many, all.named = true, true, named
	for _, c := range s.children {
		all.take(c)
	}
	s.children = []*shape{all}
	s.index = map[string]*shape{"*": all}
}

// take adds the fields of another shape to those of this one.
func (s *shape) take(other *shape) {
	for _, c := range other.children {
		known := s.child(c.name, false)
		if known == nil {
			key := c.name
			if c.any {
				key = "*"
			}
			s.index[key], c.parent = c, s
			s.children = append(s.children, c)
			continue
		}
		known.many = known.many || c.many
		known.take(c)
	}
}

// isMap reports whether all fields are objects of much the same fields, and that their names look like data. Lists are named, not keyed;
// and objects that have the same few fields each time are no maps. Where all names are those of machines (named), nothing else is asked for.
func (s *shape) isMap() (is, named bool) {
	if slices.ContainsFunc(s.children, func(c *shape) bool { return !c.isObject() || c.many || c.any }) {
		return false, false
	}
	union := map[string]bool{}
	fields, seen, keyed, machines := 0, 0, 0, 0
	for _, c := range s.children {
		for _, grandchild := range c.children {
			union[grandchild.name] = true
		}
		fields, seen = fields+len(c.children), seen+c.seen
		if strings.ContainsAny(c.name, "0123456789.-:/") {
			keyed++
		}
		if content.IsDomainName(c.name) || content.IsAddress(c.name) || content.IsNodeID(c.name) {
			machines++
		}
	}
	named = machines == len(s.children) && (machines > 1 || fields > 2)
	switch overlap := float64(fields) / float64(max(1, len(s.children)*len(union))); {
	case named || len(s.children) < 2:
		return named, named
	case len(union) < 2 || s.seen > 2 && seen*10 >= s.seen*len(s.children)*8:
		return false, false
	case len(s.children) < 4:
		machines := naming.Fit(naming.Tokens(s.name), naming.Words().Lists["machines"]) >= naming.EndsWith
		return overlap > 0.85 && (keyed == len(s.children) || machines), false
	default:
		return overlap >= 0.6 || overlap >= 0.3 && keyed == len(s.children), false
	}
}

// leastParts is how many fields a part has in common with its parts.
const leastParts = 3

// isPartOfParent reports whether a list's objects have parts as the object around it has: of one machine, as a rule.
func (s *shape) isPartOfParent() bool { return s.repeats && s.parent.inCommon(s) >= leastParts }

// hasParts reports whether an object has such a list.
func (s *shape) hasParts() bool { return slices.ContainsFunc(s.children, (*shape).isPartOfParent) }

// fold makes one shape of a list and of the lists of the same name inside its objects: parts that have parts.
func (s *shape) fold() {
	if inner := s.index[s.name]; inner != nil && s.many && s.name != "" && inner.many && s.inCommon(inner) >= leastParts {
		s.repeats = true
		s.index[s.name] = s
		s.children = slices.DeleteFunc(s.children, func(c *shape) bool { return c == inner })
		s.take(inner)
	}
	for _, c := range s.children {
		c.fold()
	}
}

// siblings makes one shape of lists beside each other that have a beginning of their names and most fields in common: server_linux,
// server_windows.
func (s *shape) siblings() {
	for _, c := range s.children {
		c.siblings()
	}
	for i, c := range s.children {
		if !c.many || !c.isObject() {
			continue
		}
		alike := []*shape{c}
		prefix := c.name
		for _, other := range s.children[i+1:] {
			if common := content.CommonPrefix(prefix, other.name); other.many && len(common) >= 5 && c.overlaps(other) {
				alike, prefix = append(alike, other), common
			}
		}
		if len(alike) > 1 && s.onlyThese(prefix, alike) {
			s.unite(prefix+"*", alike)
			return
		}
	}
}

// unite puts one shape in the place of several.
func (s *shape) unite(name string, alike []*shape) {
	all := newShape(name, s)
	all.many, all.glob = true, true
	for _, c := range alike {
		all.take(c)
		s.index[c.name] = all
	}
	s.children = slices.DeleteFunc(s.children, func(c *shape) bool { return slices.Contains(alike, c) })
	s.children = append(s.children, all)
}

// onlyThese reports whether no other field begins so.
func (s *shape) onlyThese(prefix string, alike []*shape) bool {
	return !slices.ContainsFunc(s.children, func(c *shape) bool { return strings.HasPrefix(c.name, prefix) && !slices.Contains(alike, c) })
}

// overlaps reports whether two objects have most fields in common.
func (s *shape) overlaps(other *shape) bool {
	both := s.inCommon(other)
	return both >= 2 && both*10 >= 7*max(len(s.children), len(other.children))
}

// inCommon counts the fields that two objects have in common.
func (s *shape) inCommon(other *shape) int {
	both := 0
	for _, c := range s.children {
		if other.index[c.name] != nil {
			both++
		}
	}
	return both
}

// markMessages finds what stands in rows that are messages of several kinds, each an object under the name of its kind: {"progress": {…}},
// {"finding": {…}}. It is a list, too.
func (s *shape) markMessages() {
	objects := 0
	for _, c := range s.children {
		if !c.isObject() || c.many || c.any {
			return
		}
		objects += c.objects
	}
	if objects != s.objects || len(s.children) < 2 {
		return
	}
	for _, c := range s.children {
		c.message, c.many = c.objects > 1, c.objects > 1
	}
}
