package bridge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/elsewhere"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Waiting is something that waits for a person: parked records, rejected records, nodes whose absence is not confirmed, misplaced rows, or documents
// with records of accounts and regions that are served since.
type Waiting struct {
	Kind   string `json:"kind"` // parked, rejected, absent, misplaced, elsewhere
	Source string `json:"source,omitempty"`
	Import string `json:"import,omitempty"`
	Node   string `json:"node,omitempty"`  // where rows are misplaced
	Leads  string `json:"leads,omitempty"` // the node to which their machine leads now
	Count  int    `json:"count"`           // records; nodes where they are absent; files where they are rejected
	File   string `json:"file,omitempty"`  // of rejected records, in the state

	Mended int      `json:"mended,omitempty"`   // of the records in the file, how many were mended
	Of     int      `json:"of,omitempty"`       // how many it has; 0: not known
	By     []string `json:"mendedBy,omitempty"` // the imports that have mended them

	Document string    `json:"document,omitempty"` // that is to be put again
	Received time.Time `json:"received,omitzero"`  // when it was
	Earlier  int       `json:"earlier,omitempty"`  // documents of its mapping before it, with records of the same accounts and regions
}

// rejectedPrefix is where rejected records are in the state.
const rejectedPrefix = "rejected/"

// Waiting lists what waits: parked first, then rejected, absent, elsewhere and misplaced. The error names what is damaged; the list has the rest.
func (b *Bridge) Waiting(ctx context.Context) ([]Waiting, error) {
	list, damaged := b.waitingParked(ctx)
	rejected, err := b.waitingRejected(ctx)
	list = append(list, rejected...)
	if err != nil {
		return list, errors.Join(damaged, err)
	}
	summaries, err := b.Ledger.Sources(ctx)
	if err != nil {
		return list, errors.Join(damaged, err)
	}
	for _, source := range slices.Sorted(maps.Keys(summaries)) {
		for _, id := range slices.Sorted(maps.Keys(summaries[source].Absent)) {
			list = append(list, Waiting{Kind: "absent", Source: source, Import: id, Count: summaries[source].Absent[id]})
		}
	}
	served, err := b.waitingElsewhere(ctx)
	list = append(list, served...)
	if err != nil {
		return list, errors.Join(damaged, err)
	}
	misplaced, err := b.Misplaced(ctx)
	for _, m := range misplaced {
		list = append(list, Waiting{Kind: "misplaced", Source: m.Source, Node: m.Node, Leads: m.Leads, Count: m.Rows})
	}
	return list, errors.Join(damaged, err)
}

// waitingElsewhere lists documents with records that were skipped since their account or region was none of the installation's, which it is now.
func (b *Bridge) waitingElsewhere(ctx context.Context) ([]Waiting, error) {
	served, err := b.reach.Served(ctx)
	if err != nil || served.Len() == 0 {
		return nil, err
	}
	all, err := b.book.All(ctx)
	var list []Waiting
	for _, d := range elsewhere.Served(all, served) {
		list = append(list, Waiting{Kind: "elsewhere", Import: d.Import, Count: d.Records, Document: d.Document, Received: d.Received, Earlier: d.Earlier})
	}
	return list, err
}

// waitingRejected lists the files of rejected records that were not mended, or not wholly, as far as is known.
func (b *Bridge) waitingRejected(ctx context.Context) ([]Waiting, error) {
	var list []Waiting
	var ids []string
	for key, err := range b.Ledger.Store().List(ctx, rejectedPrefix) {
		if err != nil {
			return list, fmt.Errorf("listing rejected records: %w", err)
		}
		id, _, _ := strings.Cut(strings.TrimPrefix(key, rejectedPrefix), "/")
		list, ids = append(list, Waiting{Kind: "rejected", Import: id, Count: 1, File: key}), append(ids, id)
	}
	mended, err := b.book.Mended(ctx, slices.Compact(ids)...)
	if err != nil {
		return list, err
	}
	kept := list[:0]
	for _, w := range list {
		if whole := b.mendedBy(ctx, &w, mended[w.Import]); !whole {
			kept = append(kept, w)
		}
	}
	return kept, nil
}

// mendedBy adds by which imports a file was mended, and reports whether all of it is. Where the receipt of its import is damaged, or gone, nobody knows.
func (b *Bridge) mendedBy(ctx context.Context, w *Waiting, mends []receipt.Mend) (whole bool) {
	if len(mends) == 0 {
		return false
	}
	in, err := b.book.Import(ctx, w.Import)
	if err != nil {
		in = receipt.Import{}
	}
	_, file := receipt.RejectedFile(w.File)
	w.Mended, w.By, whole = in.MendedBy(file, mends)
	if file <= len(in.Returned) {
		w.Of = in.Returned[file-1]
	}
	return whole
}

// waitingParked counts the records that wait for a node, by source and import. The error names what is damaged; the list has the rest.
func (b *Bridge) waitingParked(ctx context.Context) ([]Waiting, error) {
	counts, err := b.parked().Count(ctx)
	var list []Waiting
	for _, c := range counts {
		list = append(list, Waiting{Kind: "parked", Source: c.Source, Import: c.Import, Count: c.Records})
	}
	return list, err
}

// SweepParked looks for the nodes of parked machines, and does nothing else that a sweep does.
func (b *Bridge) SweepParked(ctx context.Context) (SweepResult, error) {
	s := b.newSweep()
	err := s.parked(ctx)
	return s.SweepResult, err
}
