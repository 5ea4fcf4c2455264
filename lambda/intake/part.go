package intake

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// A document that says itself that it is not all of what its source knows only adds: it proves no machine's absence, and what is parked of
// its source stays.

// ended notes what is known at the end of a document: whether it is a part. A mended file is none: it is merged anyhow.
func (im *Import) ended(part *read.Part) {
	if im.Into() != "" || part == nil {
		return
	}
	im.part, im.named = part, nil
	if part.Pages > 0 && !im.Mapping.NamesMachine() {
		if d := im.resolve(Machine{Subject: im.outside}, false); d.Outcome == node.Matched {
			im.alone = d.Node
		}
	}
}

// IsPart reports whether the document is a part of what its sources know.
func (im *Import) IsPart() bool { return im.part != nil }

// page returns which page the document is; nil: none, or it does not say which, or it is one that proves nothing: a record was rejected, or
// there is no node for the machine that is named from outside, or an account or region could not be asked for a node, or its mapping merges anyhow.
func (im *Import) page() *ledger.Page {
	p := im.part
	if p == nil || p.Pages < 2 || p.Page < 1 || p.Page > p.Pages || len(im.rejected.reasons)+im.rejected.more > 0 || im.missed {
		return nil
	}
	if !im.Mapping.NamesMachine() && im.alone == "" {
		return nil
	}
	sources := im.stating(func(k sourceKinds) bool { return k.snapshot && !k.merge })
	if len(sources) == 0 {
		return nil
	}
	return &ledger.Page{Number: p.Page, Of: p.Pages, Alone: im.alone, Sources: sources}
}

// partOf is a document's part as receipts have it.
func partOf(p *read.Part) receipt.PartOf {
	if p == nil {
		return receipt.PartOf{}
	}
	return receipt.PartOf{AddsOnly: true, Page: p.Page, Pages: p.Pages}
}
