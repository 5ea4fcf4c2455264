package record

import (
	"bytes"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// Peek reads the beginning of a document as far as it goes. It returns what paths from the document are evaluated in, the name of a root
// element, and why the reading ended.
func Peek(g *plan.Program, head []byte, format syntax.Format) (scope path.Scope, root string, ended error) {
	r := newReader(g)
	r.held.budget = r.limit
	if err := r.begin(format.Shape()); err != nil {
		return path.Scope{}, "", err
	}
	ended = format.Read(syntax.Source{Reader: bytes.NewReader(head)}, r.visitor(format))
	for len(r.frames) > 1 { // what a cut, or what is wrong with the document, left open
		if r.Close() != nil {
			break
		}
	}
	return r.scope, r.root, ended
}
