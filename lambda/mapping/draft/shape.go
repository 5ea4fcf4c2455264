package draft

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
)

// shape is what all values at one place of a document have in common. Items of a list are of their list's shape, as paths walk
// through lists silently.
type shape struct {
	name     string // "" for the document, its rows, and fields that differ from object to object
	parent   *shape
	children []*shape // in the order in which they were seen first
	index    map[string]*shape
	objects  int  // how many objects stand here
	many     bool // there are lists of it, or several in one object
	any      bool // it stands for all fields of its parent: an object used as a map
	named    bool // likewise, and the fields' names are those of machines
	column   content.Column
	pairs    *pairs
	kinds    *partKinds
	message  bool // there are several rows with one of it and nothing else
	repeats  bool // its objects have a list of the same name and kind, which is this shape
	glob     bool // it stands for all fields of its parent that begin like its name
	seen     int  // how many objects, while the tree grows
	lastIn   int  // the object that it was seen in last
}

// maxFields bounds the fields that are told apart in one object: more are names that are data.
const maxFields = 2000

func newShape(name string, parent *shape) *shape {
	return &shape{name: name, parent: parent, index: map[string]*shape{}}
}

// child returns the shape of a field; nil where there are too many, or where none is made and there is none.
func (s *shape) child(name string, grow bool) *shape {
	if c := s.index[name]; c != nil {
		return c
	}
	if c := s.index["*"]; c != nil && c.any {
		return c
	}
	if !grow || len(s.children) >= maxFields {
		return nil
	}
	c := newShape(name, s)
	s.index[name] = c
	s.children = append(s.children, c)
	return c
}

// isObject recognises a place of objects with fields; an XML element with nothing but text is none.
func (s *shape) isObject() bool { return len(s.children) > 0 }

// within reports whether the shape is under another one.
func (s *shape) within(up *shape) bool {
	return s.parent.upTo(nil, func(p *shape) bool { return p == up })
}

// upTo reports whether a test holds for the shape or one around it, below another one.
func (s *shape) upTo(end *shape, test func(*shape) bool) bool {
	for ; s != nil && s != end; s = s.parent {
		if test(s) {
			return true
		}
	}
	return false
}

// walk visits what is under the shape, as long as the visitor wants to go deeper.
func (s *shape) walk(visit func(*shape) bool) {
	for _, c := range s.children {
		if visit(c) {
			c.walk(visit)
		}
	}
}

// tree is a document's shapes. Rows are what $rows reads: root values of JSON, lines of CSV.
type tree struct {
	format syntax.Format
	root   *shape // of XML the root element
	name   string // of XML's root element
	rows   *shape
	file   []string // words of the sample's name
}

// placeOf returns the path of records of a shape, "" for the whole document.
func (t *tree) placeOf(s *shape) (string, bool) {
	switch s {
	case t.rows:
		if t.format == syntax.KeyValue {
			return "", true
		}
		return "$rows", true
	case t.root:
		return "", true
	}
	return t.pathFrom(nil, s)
}

// pathFrom returns the path from one shape to another below it; false where a name on the way cannot stand in a path.
func (t *tree) pathFrom(up, s *shape) (string, bool) {
	var steps []string
	for ; s != up && s != t.root && s != t.rows && s != nil; s = s.parent {
		step, ok := s.step()
		if !ok {
			return "", false
		}
		steps = append([]string{step}, steps...)
	}
	return strings.Join(steps, "."), len(steps) > 0
}
