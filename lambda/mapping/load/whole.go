package load

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// whole reads how a document says that it is not all: an expression, or `{expr, page, pages}`.
func (p *mappingParser) whole(at yamlfile.Value) *mapping.Whole {
	w := &mapping.Whole{At: at.Place()}
	if !at.IsMapping() {
		w.Holds = p.wholeExpression(at)
		return w
	}
	readWords(at, "whole",
		word{"expr", func(at yamlfile.Value) { w.Holds = p.wholeExpression(at) }},
		word{"page", func(at yamlfile.Value) { w.Page = p.wholeValue(at) }},
		word{"pages", func(at yamlfile.Value) { w.Pages = p.wholeValue(at) }})
	switch {
	case at.IsEmpty():
		at.Problem("whole is empty: expected an expression, or expr, page and pages")
	case at.Has("page") && !at.Has("pages") && !at.HasProblem():
		at.Problem("pages is missing: which page a document is counts together with how many there are")
	}
	return w
}

// wholeExpression reads an expression on the document, which may ask for the number of its records.
func (p *mappingParser) wholeExpression(at yamlfile.Value) *mapping.Expression {
	e := p.newExpression(at, true)
	if e == nil {
		return nil
	}
	e.Records = true
	if !p.checkExpression(at, e) {
		return nil
	}
	p.ofDocument(at, e.Paths())
	return e
}

// wholeValue reads a value whose paths begin at the document.
func (p *mappingParser) wholeValue(at yamlfile.Value) *mapping.Value {
	v := p.value(at)
	if v != nil {
		p.ofDocument(at, v.Paths())
	}
	return v
}

// ofDocument refuses paths that have no meaning where there is a document and no record.
func (p *mappingParser) ofDocument(at yamlfile.Value, paths []path.Path) {
	for _, one := range paths {
		rest, isR := strings.CutPrefix(one.String(), "r.")
		switch {
		case isR:
			at.Suggest(rest, "path %s: r stands in expressions only, and a path begins at the document; a field r of it is $doc.%s", one.String(), one.String())
		case !slices.Contains([]string{path.RootHere, path.RootDoc, path.RootRows, path.RootFile}, one.Root):
			at.Problem("path %s: whole is about the document, so a path begins there, at $doc, $rows or $file", one.String())
		}
	}
}
