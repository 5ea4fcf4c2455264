package record

import (
	"slices"
	"strconv"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// marks holds which objects of a mended document are records, where the document states it.
type marks struct {
	any    bool  // there was one
	line   bool  // the root value that is being read has one
	blocks []int // whose records were marked
}

// Marker receives a document, and which of its objects are the records that it was made for.
type Marker interface {
	syntax.Visitor
	Mark(block string) // the object that is being read is a record of the block
	Unmark()           // another root value begins, of which it may not be said
}

// Mark takes the object that is being read for a record of a block.
func (r *reader) Mark(block string) {
	n, err := strconv.Atoi(block)
	if err != nil || n < 0 || n >= len(r.g.Plan.Blocks) {
		n = -2 // a block of another version of the mapping: no record is made of the object
	} else if !slices.Contains(r.marks.blocks, n) {
		r.marks.blocks = append(r.marks.blocks, n)
	}
	r.marks.line, r.marks.any = true, true
	r.frames[len(r.frames)-1].mark = n + 1
}

// Unmark forgets that a record was marked in the root value before.
func (r *reader) Unmark() { r.marks.line = false }

// unmarked reports whether an object is not the record that a mended document was made for: it encloses that, or is inside it.
func (r *reader) unmarked(rec *record, f *frame) bool {
	if f.value == r.doc {
		return r.marks.any && !slices.Contains(r.marks.blocks, rec.accept.Block)
	}
	return r.marks.line && f.mark != rec.accept.Block+1
}
