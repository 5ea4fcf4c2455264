// Package head knows what a document is by what stands at its beginning: its first bytes, values, header rows, keys, members and sheets. It
// does not know which mapping asks.
package head

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
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
	keys     []*tree.Name                    // of key-value text, once they were asked for
	rows     map[scan.Dialect][][]*tree.Name // of a table, by how it may be written: the first ones, once they were asked for
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
