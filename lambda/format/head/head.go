// Package head knows what a document is by what stands at its beginning: its first bytes, values, header rows, keys, members and sheets. It
// does not know which mapping asks.
package head

import (
	"errors"
	"io"
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
	bytes      []byte
	complete   bool
	format     syntax.Format
	root       string
	scope      path.Scope
	conditions *plan.Program
	met        map[string]bool                 // conditions that were seen to hold, once the document is read further
	keys       []*tree.Name                    // of key-value text, once they were asked for
	rows       map[scan.Dialect][][]*tree.Name // of a table, by how it may be written: the first ones, once they were asked for
	archive    scan.Archive
	book       *workbook.Book // of a workbook
	sheets     map[int][][]*tree.Name
	err        error // of the archive
	ended      error // why the reading of the head ended
}

// Read looks at the beginning of a document. Of XML and JSON it asks for a program of all the paths that Has will be asked for (see
// plan.Conditions; nil: none). Unless it is complete it may be cut anywhere. The bytes are used as long as the Head is.
func Read(b []byte, complete bool, conditions func(syntax.Format) *plan.Program) *Head {
	h := &Head{bytes: b, complete: complete, format: syntax.Sniff(b)}
	if h.format != syntax.XML && h.format != syntax.JSON {
		return h
	}
	if conditions == nil {
		h.conditions = plan.Conditions(nil)
	} else {
		h.conditions = conditions(h.format)
	}
	h.scope, h.root, h.ended = record.Peek(h.conditions, b, h.format)
	return h
}

// Format is how the document is written.
func (h *Head) Format() syntax.Format { return h.format }

// Root is the name of an XML document's root element, without a prefix; "" for all others.
func (h *Head) Root() string { return h.root }

// Unrooted is why an XML document has no root element; nil: it has one, or may have it behind what was looked at.
func (h *Head) Unrooted() error {
	if h.format != syntax.XML || h.root != "" || errors.Is(h.ended, scan.ErrCut) && !h.complete {
		return nil
	}
	return h.ended
}

// Has reports whether the path is there (value == ""), or has a text that fits the value: * stands for any text, and |
// is between alternatives.
func (h *Head) Has(p path.Path, value string) bool {
	if h.scope.Doc == nil {
		return false
	}
	if h.met == nil {
		return has(&h.scope, p, value)
	}
	name := p.String() + "=" + value
	if !h.met[name] && has(&h.scope, p, value) {
		h.met[name] = true
	}
	return h.met[name]
}

func has(scope *path.Scope, p path.Path, value string) bool {
	if value == "" {
		return p.Has(scope, scope.Doc)
	}
	patterns := strings.Split(value, "|")
	return slices.ContainsFunc(p.Texts(scope, scope.Doc, nil), func(text string) bool { return tree.GlobAny(patterns, text) })
}

// ReadOn reads XML or JSON from its first byte on, beyond the head. After each MiB look must ask Has for all that it wants to know, of
// which it may be told no more later; Has remembers what was there. It returns false where it knows enough.
func (h *Head) ReadOn(text io.Reader, look func() (more bool)) error {
	h.met = map[string]bool{}
	return record.Probe(h.conditions, text, h.format, func(scope *path.Scope) bool {
		h.scope = *scope
		return look()
	})
}
