package rollback

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// ID is the import that the rollback is.
func (f *Found) ID() string { return f.of.ID }

// Of is the import that is rolled back.
func (f *Found) Of() string { return f.of.Import }

// Known reports whether there is a receipt of the import that is rolled back.
func (f *Found) Known() bool { return f.known.Import != "" }

// Partitions are those in which there is something to do.
func (f *Found) Partitions() []int { return slices.Sorted(maps.Keys(f.partitions)) }

// Import is the rollback's own part of its receipt, of so many records.
func (f *Found) Import(now time.Time, records int) receipt.Import {
	part := receipt.Part{Import: f.of.ID, Partition: receipt.Intake, Ended: now}
	part.Note("rolls back import " + f.of.Import + ": its document is stale from now on, and counts only with put --as-of now")
	if f.Known() && !f.known.Complete {
		part.Note("the import was not complete: what was staged of it and is delivered later counts, so roll it back again then")
	}
	part.NoteTimes("nodes that the import no longer names were marked as absent, and are no longer", f.Missing)
	part.NoteTimes("records that the import has parked wait no longer", f.Parked)
	for _, l := range f.Later {
		if l.Merged {
			part.Note("a later import has set or removed rows beside, which stay: " + l.Import)
		} else {
			part.Note("a later import has replaced what the import stated, which stays: " + l.Import)
		}
	}
	for _, name := range f.unknown {
		part.Note("not loaded here, so its rows stay: " + name)
	}
	return receipt.Import{
		Part: part, Mapping: f.mapping, Document: cmp.Or(f.known.Document, "import "+f.of.Import) + " (rolled back)",
		Written: f.written, Received: now, Read: records, Partitions: f.Partitions(),
	}
}

// Records is how many statements there are, at the least.
func (f *Found) Records() int {
	n := 0
	for _, one := range f.partitions {
		n += one.Records
	}
	return n
}

// Delivery returns the delivery of a partition, whose first record has a number.
func (f *Found) Delivery(p int, now time.Time, first int) *undo.Delivery {
	h := ledger.Header{
		Import: f.of.ID, Partition: p, Mapping: f.mapping, Form: f.form, Document: fmt.Sprintf("import %s (rolled back)", f.of.Import),
		Written: f.written, Received: now,
	}
	for _, name := range f.types {
		if t, ok := f.of.Types(name); ok {
			h.Types = append(h.Types, ledger.Shape(t))
		}
	}
	return &undo.Delivery{Rollback: &f.of, Header: h, First: first}
}
