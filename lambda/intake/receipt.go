package intake

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/asof"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Receipt is intake's part of the import's receipt.
func (im *Import) Receipt() receipt.Import {
	part := im.Decided
	part.Import, part.Partition, part.Ended = im.ID, receipt.Intake, im.in.now()
	if im.clamped > 0 {
		part.Notes = append(part.Notes, receipt.Note{Text: "capture times in the future were taken as now", Count: im.clamped})
	}
	if im.document.AsOf {
		part.Note(asof.Note)
	}
	part.NoteTimes(receipt.NoteCut, im.cuts)
	part.NoteTimes(receipt.NoteCutKey, im.cutKeys)
	if im.part != nil && im.part.Pages > 0 && im.page() == nil {
		part.Note("this page does not count among its pages, which remove nothing without it: a record was rejected, or it names no node")
	}
	var clears *receipt.Clears
	if im.named != nil {
		clears = &receipt.Clears{Sources: im.Sources(), MaxCleared: im.Mapping.Absent.MaxCleared}
	}
	own := receipt.Import{
		Clears: clears, Part: part, Mapping: im.Mapping.Name, MappingHash: im.Mapping.Hash,
		Document: im.document.Source.Name, Key: im.key(), Written: im.written(), Received: im.received,
		Read: im.Records, Partitions: im.Partitions(), Into: im.Into(), PartOf: partOf(im.part), Elsewhere: im.elsewhere,
	}
	if im.rejected.file != "" {
		own.RejectedFile, own.Returned, own.Origin = im.rejected.file, im.rejected.returned, im.origin()
	}
	return own
}

// key is the name under which the latest receipt is found: the object's key, or a local file's name.
func (im *Import) key() string {
	if k := im.document.Delivery.Key; k != "" {
		return k
	}
	if im.document.Event != "" {
		return ""
	}
	return im.document.Source.Name
}
