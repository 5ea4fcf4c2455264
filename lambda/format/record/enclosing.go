package record

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Position is where a value stands among what the program reads.
type Position struct {
	reader *reader
	state  *plan.State // nil: nothing is read there
}

// IsNone reports whether nothing is read there.
func (p Position) IsNone() bool { return p.state == nil }

// IsRecord reports whether the value there may be a record.
func (p Position) IsRecord() bool { return p.state != nil && len(p.state.Records) > 0 }

// Step is the position of a field or item of the value there.
func (p Position) Step(v *tree.Value) Position {
	if p.state == nil || v.Field == nil {
		return p
	}
	return Position{p.reader, p.reader.dfa.Step(p.state, v.Field)}
}

// Field is the position of a field by its name.
func (p Position) Field(name string) Position {
	if p.state == nil {
		return p
	}
	return Position{p.reader, p.reader.dfa.Step(p.state, p.reader.names.Find([]byte(name)))}
}

// Enclosing returns the values that enclose a record, from the document's root (or the root value in which the record stands) on, and the
// record last; and the position of the first one.
func (r *Reading) Enclosing(rec *Record) ([]*tree.Value, Position) {
	var chain []*tree.Value
	for v := rec.Value; v != nil && v != r.reader.doc; v = v.Parent {
		chain = append(chain, v)
	}
	state := r.reader.frames[0].state
	switch {
	case r.reader.rowsAt != nil:
		state = r.reader.rowsAt
	case r.isSheetRow(rec): // is a root value
	default:
		chain = append(chain, r.reader.doc)
	}
	slices.Reverse(chain)
	for chain[0].Kind == tree.List && len(chain) > 1 {
		chain = chain[1:]
	}
	return chain, Position{r.reader, state}
}

// isSheetRow reports whether the record was found among the rows of a workbook's first sheet, whatever that is called.
func (r *Reading) isSheetRow(rec *Record) bool {
	each := r.reader.g.Plan.Blocks[rec.Block].Each
	return r.reader.sheet != nil && len(each) > 0 && each[rec.Alternative].Root == path.RootRows
}
