package parked

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Park stores the statements about machines that have no node, so that the sweep finds them a node later. Of a document that proves which
// machines are absent, they replace all that waits of earlier snapshots of the same sources; else those about the same machines.
func (r *Records) Park(ctx context.Context, im *intake.Import) error {
	last, err := r.parkings(ctx, im)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, p := range im.ParkedPartitions() {
		if err := r.parkPartition(ctx, im, p, last, counts); err != nil {
			return err
		}
	}
	if im.NamedIdentifiers() == nil || im.Records == 0 { // a table that was cut off behind its header looks like one without records
		return nil
	}
	for _, source := range slices.Sorted(maps.Keys(last)) {
		if err := r.setParking(ctx, source, last[source], im, counts[source]); err != nil {
			return err
		}
	}
	return nil
}

// parkings returns the last snapshots of the document's sources that proved absence, where they are not newer than the document.
func (r *Records) parkings(ctx context.Context, im *intake.Import) (map[string]*ledger.Parking, error) {
	parkings := map[string]*ledger.Parking{}
	for _, source := range im.Sources() {
		p, err := r.parking(ctx, source)
		if _, isDamaged := errors.AsType[*ledger.FormatError](err); isDamaged {
			p.Import, err = damagedParking, nil // a document that proves absence writes it anew
		}
		if err != nil {
			return nil, err
		}
		if p.Compare(im.Stamp()) <= 0 {
			parkings[source] = p
		}
	}
	return parkings, nil
}

// damagedParking stands for the import of a source's last snapshot where that is not known: what is stored is damaged.
const damagedParking = "?"

// setParking makes the document's snapshot the last one of a source that proved absence, unless nothing was ever parked of it. The same document may have been
// written again since.
func (r *Records) setParking(ctx context.Context, source string, p *ledger.Parking, im *intake.Import, records int) error {
	for {
		if records == 0 && p.Import == "" || p.Import == im.ID && p.Compare(im.Stamp()) == 0 {
			return nil
		}
		p.Is(im.ID, im.Stamp(), records)
		err := r.Ledger.SetParking(ctx, source, p)
		if !errors.Is(err, ledger.ErrConflict) {
			return err
		}
		p, err = r.parking(ctx, source)
		if err != nil { // damaged by whoever wrote it meanwhile
			return err
		}
		if p.Compare(im.Stamp()) > 0 {
			return nil
		}
	}
}

// parkPartition parks the statements about machines of one partition: for each source an object of its snapshot, and one of its merges. A part
// replaces nothing that waits, also where it has all that a source knows of a machine. Snapshots are only parked of sources in last.
func (r *Records) parkPartition(ctx context.Context, im *intake.Import, p int, last map[string]*ledger.Parking, counts map[string]int) error {
	type statementKind struct {
		source string
		merge  bool
	}
	kinds := map[statementKind]int{}
	h, all := im.OpenParked(p)
	for s, err := range all {
		if err != nil {
			return err
		}
		if last[s.Source] != nil || s.Merge || im.IsPart() {
			kinds[statementKind{s.Source, s.Merge || im.IsPart()}] += len(s.Records)
		}
	}
	inOrder := func(a, b statementKind) int {
		if a.source == b.source && a.merge {
			return 1
		}
		return cmp.Or(strings.Compare(a.source, b.source), -1)
	}
	for _, v := range slices.SortedFunc(maps.Keys(kinds), inOrder) {
		if err := r.Ledger.WriteParked(ctx, v.source, h, v.merge, ofSource(all, v.source, v.merge, im.IsPart())); err != nil {
			return err
		}
		if !v.merge {
			counts[v.source] += kinds[v]
		}
	}
	return nil
}

// ofSource yields the statements of one source: its snapshots or its merges, of a part both as merges.
func ofSource(all iter.Seq2[*ledger.Statement, error], source string, merge, part bool) iter.Seq2[*ledger.Statement, error] {
	return func(yield func(*ledger.Statement, error) bool) {
		for s, err := range all {
			if err == nil && (s.Source != source || (s.Merge || part) != merge) {
				continue
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}
