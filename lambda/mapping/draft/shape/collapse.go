package shape

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// collapse makes one shape of the fields of objects that are used as maps: {"web-1": {…}, "web-2": {…}}.
func (s *Shape) collapse() {
	for _, c := range s.Children {
		c.collapse()
	}
	is, named := s.isMap()
	if !is {
		return
	}
	all := New("", s)
	all.Any, all.Many, all.Named = true, true, named
	for _, c := range s.Children {
		all.take(c)
	}
	s.Children = []*Shape{all}
	s.index = map[string]*Shape{"*": all}
}

// take adds the fields of another shape to those of this one.
func (s *Shape) take(other *Shape) {
	for _, c := range other.Children {
		known := s.child(c.Name, false)
		if known == nil {
			key := c.Name
			if c.Any {
				key = "*"
			}
			s.index[key], c.Parent = c, s
			s.Children = append(s.Children, c)
			continue
		}
		known.Many = known.Many || c.Many
		known.take(c)
	}
}

// isMap reports whether all fields are objects of much the same fields, and that their names look like data. Lists are named, not keyed;
// and objects that have the same few fields each time are no maps. Where all names are those of machines (named), nothing else is asked for.
func (s *Shape) isMap() (is, named bool) {
	if slices.ContainsFunc(s.Children, func(c *Shape) bool { return !c.IsObject() || c.Many || c.Any }) {
		return false, false
	}
	union := map[string]bool{}
	fields, seen, keyed, machines := 0, 0, 0, 0
	for _, c := range s.Children {
		for _, grandchild := range c.Children {
			union[grandchild.Name] = true
		}
		fields, seen = fields+len(c.Children), seen+c.seen
		if strings.ContainsAny(c.Name, "0123456789.-:/") {
			keyed++
		}
		if content.IsDomainName(c.Name) || content.IsAddress(c.Name) || content.IsNodeID(c.Name) {
			machines++
		}
	}
	named = machines == len(s.Children) && (machines > 1 || fields > 2)
	switch overlap := float64(fields) / float64(max(1, len(s.Children)*len(union))); {
	case named || len(s.Children) < 2:
		return named, named
	case len(union) < 2 || s.seen > 2 && seen*10 >= s.seen*len(s.Children)*8:
		return false, false
	case len(s.Children) < 4:
		machines := naming.Fit(naming.Tokens(s.Name), naming.Words().Lists["machines"]) >= naming.EndsWith
		return overlap > 0.85 && (keyed == len(s.Children) || machines), false
	default:
		return overlap >= 0.6 || overlap >= 0.3 && keyed == len(s.Children), false
	}
}

// leastParts is how many fields a part has in common with its parts.
const leastParts = 3

// IsPartOfParent reports whether a list's objects have parts as the object around it has: of one machine, as a rule.
func (s *Shape) IsPartOfParent() bool { return s.repeats && s.Parent.inCommon(s) >= leastParts }

// HasParts reports whether an object has such a list.
func (s *Shape) HasParts() bool { return slices.ContainsFunc(s.Children, (*Shape).IsPartOfParent) }

// fold makes one shape of a list and of the lists of the same name inside its objects: parts that have parts.
func (s *Shape) fold() {
	if inner := s.index[s.Name]; inner != nil && s.Many && s.Name != "" && inner.Many && s.inCommon(inner) >= leastParts {
		s.repeats = true
		s.index[s.Name] = s
		s.Children = slices.DeleteFunc(s.Children, func(c *Shape) bool { return c == inner })
		s.take(inner)
	}
	for _, c := range s.Children {
		c.fold()
	}
}

// siblings makes one shape of lists beside each other that have a beginning of their names and most fields in common: server_linux,
// server_windows.
func (s *Shape) siblings() {
	for _, c := range s.Children {
		c.siblings()
	}
	for i, c := range s.Children {
		if !c.Many || !c.IsObject() {
			continue
		}
		alike := []*Shape{c}
		prefix := c.Name
		for _, other := range s.Children[i+1:] {
			if common := content.CommonPrefix(prefix, other.Name); other.Many && len(common) >= 5 && c.overlaps(other) {
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
func (s *Shape) unite(name string, alike []*Shape) {
	all := New(name, s)
	all.Many, all.glob = true, true
	for _, c := range alike {
		all.take(c)
		s.index[c.Name] = all
	}
	s.Children = slices.DeleteFunc(s.Children, func(c *Shape) bool { return slices.Contains(alike, c) })
	s.Children = append(s.Children, all)
}

// onlyThese reports whether no other field begins so.
func (s *Shape) onlyThese(prefix string, alike []*Shape) bool {
	return !slices.ContainsFunc(s.Children, func(c *Shape) bool { return strings.HasPrefix(c.Name, prefix) && !slices.Contains(alike, c) })
}

// overlaps reports whether two objects have most fields in common.
func (s *Shape) overlaps(other *Shape) bool {
	both := s.inCommon(other)
	return both >= 2 && both*10 >= 7*max(len(s.Children), len(other.Children))
}

// inCommon counts the fields that two objects have in common.
func (s *Shape) inCommon(other *Shape) int {
	both := 0
	for _, c := range s.Children {
		if other.index[c.Name] != nil {
			both++
		}
	}
	return both
}

// markMessages finds what stands in rows that are messages of several kinds, each an object under the name of its kind: {"progress": {…}},
// {"finding": {…}}. It is a list, too.
func (s *Shape) markMessages() {
	objects := 0
	for _, c := range s.Children {
		if !c.IsObject() || c.Many || c.Any {
			return
		}
		objects += c.Objects
	}
	if objects != s.Objects || len(s.Children) < 2 {
		return
	}
	for _, c := range s.Children {
		c.Message, c.Many = c.Objects > 1, c.Objects > 1
	}
}
