package head

import (
	"bytes"
	"context"
	"iter"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// EmptyReport reports whether a complete document has nothing to report: null, an empty list, or an empty
// list where one of the blocks' records would stand. each holds the Each of each block.
func (h *Head) EmptyReport(each [][]path.Path) bool {
	if !h.complete || h.format != syntax.JSON {
		return false
	}
	switch string(bytes.Join(bytes.Fields(h.bytes), nil)) {
	case "null", "[]":
		return true
	}
	var blocks []plan.Block
	for _, paths := range each {
		// A path that leads to the rows or to the whole document is not the path of a list of records.
		paths = slices.DeleteFunc(slices.Clone(paths), func(p path.Path) bool { return len(p.Steps) == 0 || p.Steps[0].Kind == path.Self })
		if len(paths) > 0 {
			blocks = append(blocks, plan.Block{Each: paths})
		}
	}
	return len(blocks) > 0 && h.emptyLists(blocks)
}

// emptyLists reports whether the document has a place for records, and no record.
func (h *Head) emptyLists(blocks []plan.Block) bool {
	var places []path.Path
	for i := range blocks {
		places = append(places, blocks[i].Each...)
	}
	program, err := plan.Compile(plan.Plan{Blocks: blocks})
	if err != nil {
		return false
	}
	in := record.Input{Reader: bytes.NewReader(h.bytes), Format: h.format}
	next, stop := iter.Pull2(record.Read(context.Background(), program, in).Records())
	defer stop()
	if _, _, more := next(); more {
		return false // a record, or an error
	}
	there := Read(h.bytes, true, plan.Conditions(places))
	return there.scope.Doc != nil && slices.ContainsFunc(places, func(p path.Path) bool { return p.LeadsToList(&there.scope, there.scope.Doc) })
}
