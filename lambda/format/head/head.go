// Package head knows what a document is by what stands at its beginning: its first bytes, values, header rows, keys, members and sheets. It
// does not know which mapping asks.
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
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/workbook"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Head is the beginning of a document, for telling what it is.
type Head struct {
	bytes    []byte
	complete bool
	format   syntax.Format
	root     string
	scope    path.Scope
	keys     []*tree.Name            // of key-value text, once they were asked for
	rows     map[byte][][]*tree.Name // of a table, by delimiter: the first ones, once they were asked for
	archive  scan.Archive
	book     *workbook.Book // of a workbook
	sheets   map[int][][]*tree.Name
	err      error // of the archive
}

// Read looks at the beginning of a document, with all the paths that Has will be asked for. Unless it is complete
// it may be cut anywhere. The bytes are used as long as the Head is.
func Read(b []byte, complete bool, paths []path.Path) *Head {
	h := &Head{bytes: b, complete: complete, format: syntax.Sniff(b)}
	if h.format != syntax.XML && h.format != syntax.JSON {
		return h
	}
	h.scope, h.root = record.Peek(plan.Conditions(paths), b, h.format)
	return h
}

// Format is how the document is written.
func (h *Head) Format() syntax.Format { return h.format }

// Root is the name of an XML document's root element, without a prefix; "" for all others.
func (h *Head) Root() string { return h.root }

// Has reports whether the path is there (value == ""), or has a text that fits the value: * stands for any text, and |
// is between alternatives.
func (h *Head) Has(p path.Path, value string) bool {
	if h.scope.Doc == nil {
		return false
	}
	if value == "" {
		return p.Has(&h.scope, h.scope.Doc)
	}
	patterns := strings.Split(value, "|")
	return slices.ContainsFunc(p.Texts(&h.scope, h.scope.Doc, nil), func(text string) bool { return tree.GlobAny(patterns, text) })
}

// headerRows is among how many rows the header is looked for.
const headerRows = 50

// Header looks for the first of 50 rows that has all the columns (names as in paths, exact or loose) under one of the
// delimiters , ; tab and |: the one that makes the most of that row.
func (h *Head) Header(columns []string) (scan.Dialect, bool) {
	var found scan.Dialect
	most := 0
	if h.format != syntax.CSV || len(columns) == 0 {
		return found, false
	}
	for _, delimiter := range []byte{',', ';', '\t', '|'} {
		rows := h.tableRows(delimiter)
		i := slices.IndexFunc(rows, func(row []*tree.Name) bool { return hasAll(row, columns) })
		if i >= 0 && len(rows[i]) > most {
			found, most = scan.Dialect{Delimiter: delimiter, HeaderRow: i}, len(rows[i])
		}
	}
	return found, most > 0
}

// tableRows returns the first rows of a table, which many mappings ask for.
func (h *Head) tableRows(delimiter byte) [][]*tree.Name {
	rows, known := h.rows[delimiter]
	if !known {
		rows = fieldRows(csv.Head(h.bytes, h.complete, delimiter, headerRows))
		if h.rows == nil {
			h.rows = map[byte][][]*tree.Name{}
		}
		h.rows[delimiter] = rows
	}
	return rows
}

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
		// A path that leads to the rows or to the whole document says nothing of an empty list.
		paths = slices.DeleteFunc(slices.Clone(paths), func(p path.Path) bool { return len(p.Steps()) == 0 || p.Steps()[0].Kind == path.Self })
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
	there := Read(h.bytes, true, places)
	return there.scope.Doc != nil && slices.ContainsFunc(places, func(p path.Path) bool { return p.LeadsToList(&there.scope, there.scope.Doc) })
}
