package format

import "iter"

// Node is a value of a document: an object, a list or a text, with those of its fields that some path reads. Nodes are
// used again: a node and its texts are valid until the iteration that gave it takes its next step.
type Node struct {
	name    *fieldName // nil: the document, or an item of a list without a name
	parent  *Node
	first   *Node // fields of an object, items of a list, in the document's order
	last    *Node
	next    *Node // the next field or item; the next free node
	text    []byte
	number  int64 // in the spool, from 1, where others refer to it; 0: nobody does
	index   int32 // among its siblings of one name or in its list, from 0
	held    int32 // how many hold it, besides its parent
	kind    nodeKind
	inTree  bool // its parent holds it
	upHeld  bool // it holds its parent, as long as it is held
	reading bool // it is not closed yet
}

type nodeKind uint8

// A text that was found to be JSON is an object or a list with a text of its own.
const (
	nodeNull nodeKind = iota
	nodeText
	nodeObject
	nodeList
)

// Name is the field name under which the node was found, as the document spells it; items of a list have the list's.
func (n *Node) Name() string {
	if n.name == nil {
		return ""
	}
	return n.name.text
}

// Index is the node's position in its list, or among the fields of its name, from 0.
func (n *Node) Index() int { return int(n.index) }

// Parent is the enclosing object or list; nil where nothing reads there.
func (n *Node) Parent() *Node { return n.parent }

// IsObject tells an object (an XML element is one, too) from a list or a text.
func (n *Node) IsObject() bool { return n.kind == nodeObject }

// IsList tells a list.
func (n *Node) IsList() bool { return n.kind == nodeList }

// Children gives the fields of an object or the items of a list that some path reads, in the document's order.
func (n *Node) Children() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for c := n.first; c != nil; c = c.next {
			if !yield(c) {
				return
			}
		}
	}
}

// Kind is what the value is.
func (n *Node) Kind() nodeKind { return n.kind }

// Field is the name under which the value was found; nil: the document, or an item of a list without a name.
func (n *Node) Field() *fieldName { return n.name }

// First is the first field or item that is held.
func (n *Node) First() *Node { return n.first }

// Next is the one behind it.
func (n *Node) Next() *Node { return n.next }

// HasText reports whether the value has a text of its own.
func (n *Node) HasText() bool { return len(n.text) > 0 }

// become says what the value is, as soon as that is known.
func (n *Node) become(kind nodeKind) { n.kind = kind }

// open reports whether the value goes on.
func (n *Node) open() bool { return n.reading }

// close ends the value.
func (n *Node) close() { n.reading = false }

// isHeld reports whether what encloses the value holds it.
func (n *Node) isHeld() bool { return n.inTree }

// detach lets go of what encloses the value, where neither holds the other.
func (n *Node) detach() {
	if !n.upHeld && !n.inTree {
		n.parent = nil
	}
}

// spooled is the number of the value in the spool, from 1; 0: it has none.
func (n *Node) spooled() int64 { return n.number }

// spoolAs gives the value a number by which others refer to it.
func (n *Node) spoolAs(number int64) { n.number = number }

// append adds a field or an item.
func (n *Node) append(child *Node) {
	child.next, child.inTree = nil, true
	if n.last == nil {
		n.first = child
	} else {
		n.last.next = child
	}
	n.last = child
}
