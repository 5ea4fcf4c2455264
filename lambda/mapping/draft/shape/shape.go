// Package shape knows what the document of a sample looks like: a tree of the places at which its values stand, with the strings that each has, and
// the records that a list in it holds. It does not know what they mean.
package shape

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
)

// Shape is what all values at one place of a document have in common. Items of a list are of their list's shape, as paths walk
// through lists silently.
type Shape struct {
	Name     string // "" for the document, its rows, and fields that differ from object to object
	Parent   *Shape
	Children []*Shape // in the order in which they were seen first
	index    map[string]*Shape
	Objects  int  // how many objects stand here
	Many     bool // there are lists of it, or several in one object
	Any      bool // it stands for all fields of its parent: an object used as a map
	Named    bool // likewise, and the fields' names are those of machines
	Column   content.Column
	pairs    *pairs
	kinds    *partKinds
	Message  bool // there are several rows with one of it and nothing else
	repeats  bool // its objects have a list of the same name and kind, which is this shape
	glob     bool // it stands for all fields of its parent that begin like its name
	seen     int  // how many objects, while the tree grows
	lastIn   int  // the object that it was seen in last
}

// maxFields bounds the fields that are told apart in one object: more are names that are data.
const maxFields = 2000

// New returns a shape under another one; nil: under none.
func New(name string, parent *Shape) *Shape {
	return &Shape{Name: name, Parent: parent, index: map[string]*Shape{}}
}

// child returns the shape of a field; nil where there are too many, or where none is made and there is none.
func (s *Shape) child(name string, grow bool) *Shape {
	if c := s.index[name]; c != nil {
		return c
	}
	if c := s.index["*"]; c != nil && c.Any {
		return c
	}
	if !grow || len(s.Children) >= maxFields {
		return nil
	}
	c := New(name, s)
	s.index[name] = c
	s.Children = append(s.Children, c)
	return c
}

// IsObject recognises a place of objects with fields; an XML element with nothing but text is none.
func (s *Shape) IsObject() bool { return len(s.Children) > 0 }

// Within reports whether the shape is under another one.
func (s *Shape) Within(up *Shape) bool {
	return s.Parent.UpTo(nil, func(p *Shape) bool { return p == up })
}

// UpTo reports whether a test holds for the shape or one around it, below another one.
func (s *Shape) UpTo(end *Shape, test func(*Shape) bool) bool {
	for ; s != nil && s != end; s = s.Parent {
		if test(s) {
			return true
		}
	}
	return false
}

// Walk visits what is under the shape, as long as the visitor wants to go deeper.
func (s *Shape) Walk(visit func(*Shape) bool) {
	for _, c := range s.Children {
		if visit(c) {
			c.Walk(visit)
		}
	}
}

// Tree is a document's shapes. Rows are what $rows reads: root values of JSON, lines of CSV.
type Tree struct {
	Format syntax.Format
	Root   *Shape // of XML the root element
	Name   string // of XML's root element
	Rows   *Shape
	File   []string // words of the sample's name
}

// PlaceOf returns the path of records of a shape, "" for the whole document.
func (t *Tree) PlaceOf(s *Shape) (string, bool) {
	switch s {
	case t.Rows:
		if t.Format == syntax.KeyValue {
			return "", true
		}
		return "$rows", true
	case t.Root:
		return "", true
	}
	return t.PathFrom(nil, s)
}

// PathFrom returns the path from one shape to another below it; false where a name on the way cannot stand in a path.
func (t *Tree) PathFrom(up, s *Shape) (string, bool) {
	var steps []string
	for ; s != up && s != t.Root && s != t.Rows && s != nil; s = s.Parent {
		step, ok := s.Step()
		if !ok {
			return "", false
		}
		steps = append([]string{step}, steps...)
	}
	return strings.Join(steps, "."), len(steps) > 0
}
