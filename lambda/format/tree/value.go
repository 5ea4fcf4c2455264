// Package tree knows the values of a document (objects, lists and texts), how they are held, spooled and taken back, and how the names of
// fields are compared. It does not know how a document is written, nor which of its values are read.
package tree

import (
	"iter"
	"unsafe"
)

// Value is a value of a document: an object, a list or a text, with those of its fields that some path reads. Values are
// used again: a value and its texts are valid until the iteration that returned it takes its next step.
type Value struct {
	Field   *Name  // the name under which it was found; nil: the document, or an item of a list without a name
	Parent  *Value // the enclosing object or list; nil where nothing reads there
	First   *Value // its fields or items that are held, in the document's order
	Next    *Value // the next field or item; the next free value
	last    *Value
	fields  *fields // of a wide object whose fields were looked for
	text    []byte
	Spooled int64 // its number in the spool, from 1, by which others refer to it; 0: none
	Scope   int32 // the nearest object, it or one that encloses it, to which rows of tables may belong; 0: the document
	index   int32 // among its siblings of one name or in its list, from 0
	held    int32 // how many hold it, besides its parent
	count   int32 // of its fields or items
	Kind    Kind
	inTree  bool // its parent holds it
	upHeld  bool // it holds its parent, as long as it is held
	Open    bool // it is not closed yet
}

// Count returns how many fields or items are held.
func (v *Value) Count() int { return int(v.count) }

// Kind is what a value is.
type Kind uint8

// A text that was found to be JSON is an object or a list with a text of its own.
const (
	Null Kind = iota
	Text
	Object
	List
)

// Name is the field name under which the value was found, as the document spells it; items of a list have the list's.
func (v *Value) Name() string {
	if v.Field == nil {
		return ""
	}
	return v.Field.text
}

// Index is the value's position in its list, or among the fields of its name, from 0.
func (v *Value) Index() int { return int(v.index) }

// Children returns the fields of an object or the items of a list that some path reads, in the document's order.
func (v *Value) Children() iter.Seq[*Value] {
	return func(yield func(*Value) bool) {
		for c := v.First; c != nil; c = c.Next {
			if !yield(c) {
				return
			}
		}
	}
}

// HasText reports whether the value has a text of its own.
func (v *Value) HasText() bool { return len(v.text) > 0 }

// IsHeld reports whether what encloses the value holds it.
func (v *Value) IsHeld() bool { return v.inTree }

// Detach lets go of what encloses the value, where neither holds the other.
func (v *Value) Detach() {
	if !v.upHeld && !v.inTree {
		v.Parent = nil
	}
}

// Append adds a field or an item.
func (v *Value) Append(child *Value) {
	child.Next, child.inTree = nil, true
	if v.last == nil {
		v.First = child
	} else {
		v.last.Next = child
	}
	v.last = child
	v.count++
}

// Text is the value's own text without a copy. Its bytes are not written while the value is valid, which is what
// everything that hands it out promises: a copy for each of the millions of texts would cost more than reading them.
func (v *Value) Text() string {
	if len(v.text) == 0 {
		return ""
	}
	return unsafe.String(unsafe.SliceData(v.text), len(v.text)) //nolint:gosec // see above
}
