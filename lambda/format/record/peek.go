package record

import (
	"bytes"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// Peek reads the beginning of a document as far as it goes: why it ends is reported when the document is read. It returns
// what paths from the document are evaluated in, and the name of a root element.
func Peek(g *plan.Program, head []byte, format syntax.Format) (path.Scope, string) {
	r := newReader(g)
	r.held.budget = r.limit
	if r.begin(format.Shape()) != nil {
		return path.Scope{}, ""
	}
	_ = format.Read(syntax.Source{Reader: bytes.NewReader(head)}, r.visitor(format))
	for len(r.frames) > 1 { // what a cut, or what is wrong with the document, left open
		if r.Close() != nil {
			break
		}
	}
	return r.scope, r.root
}
