package head

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// EmptyReport reports whether a complete document has nothing to report: null, an empty list, an empty list where one of the
// blocks' records would stand, or nothing but a null there. each holds the Each of each block.
func (h *Head) EmptyReport(each [][]path.Path) bool {
	if !h.complete || h.format != syntax.JSON {
		return false
	}
	bare := string(bytes.Join(bytes.Fields(h.bytes), nil))
	if bare == "null" || bare == "[]" {
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
	return len(blocks) > 0 && (isNullList(blocks, bare) || h.emptyLists(blocks))
}

// isNullList reports whether a document is an object of nothing but a null where records would stand, as programs write a list that
// they never filled. Beside other fields a null may stand for a failure.
func isNullList(blocks []plan.Block, bare string) bool {
	text, opens := strings.CutPrefix(bare, `{"`)
	text, closes := strings.CutSuffix(text, `":null}`)
	if !opens || !closes || strings.ContainsAny(text, `"\\`) {
		return false
	}
	name := tree.NewName(text)
	return slices.ContainsFunc(blocks, func(b plan.Block) bool {
		return slices.ContainsFunc(b.Each, func(p path.Path) bool {
			return p.Root == path.RootHere && len(p.Steps) == 1 && p.Steps[0].Kind == path.Field && p.Steps[0].Name.Fits(name)
		})
	})
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
	there := Read(h.bytes, true, func(syntax.Format) *plan.Program { return plan.Conditions(places) })
	return there.scope.Doc != nil && slices.ContainsFunc(places, func(p path.Path) bool { return p.LeadsToList(&there.scope, there.scope.Doc) })
}
