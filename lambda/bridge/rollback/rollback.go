// Package rollback knows what there is to be rolled back of an import in all partitions of a state, and why it may not be. It changes
// nothing but what is parked.
package rollback

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/past"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Options are what of an import is rolled back.
type Options struct {
	Nodes  []string // on which alone; none: on all
	Merged bool     // also where a later import has set or removed rows since
}

// Found is what there is to be rolled back.
type Found struct {
	Later   []undo.Later // where a later import has stated something
	Missing int          // nodes that the import marked as absent, and that are no longer
	Nodes   int
	Parked  int // records that wait for a node

	of         undo.Rollback
	partitions map[int]*undo.Found
	known      receipt.Receipt // of the import; zero: there is none
	mapping    string
	form       string
	written    time.Time
	types      []string
	unknown    []string
	parked     []ledger.ParkedKey
	sources    []string // of which something is parked
}

// State is where it is looked.
type State struct {
	Ledger *ledger.Ledger
	Book   *receipt.Book
	Types  func(name string) (*inventory.Type, bool)
	Now    time.Time
}

// Look finds what there is to be rolled back of an import, whose ID begins in a way.
func (s State) Look(ctx context.Context, begin string, o Options) (*Found, error) {
	id, err := s.whole(ctx, begin)
	if err != nil {
		return nil, err
	}
	f := &Found{
		of:         undo.Rollback{Import: id, ID: undo.ID(id, mark(o.Nodes)), Nodes: o.Nodes, Merged: o.Merged, Types: s.Types},
		partitions: map[int]*undo.Found{},
	}
	f.known, err = s.Book.Read(ctx, id)
	if err != nil && !errors.Is(err, receipt.ErrUnknownImport) {
		return nil, err
	}
	var received time.Time
	for p := range s.Ledger.Partitions() {
		one, err := f.of.Find(ctx, s.Ledger, p)
		if err != nil {
			return nil, fmt.Errorf("partition %d: what stood before cannot be read, and nothing was rolled back: %w", p, err)
		}
		received = ledger.Latest(received, one.Received)
		f.add(p, one)
	}
	if len(o.Nodes) == 0 {
		if err := s.wait(ctx, f); err != nil {
			return nil, err
		}
	}
	f.mapping = cmp.Or(f.mapping, f.known.Mapping) // heads first: intake may write anything into a receipt
	err = f.refuse(s.Now, received, o)
	return f, err
}

// whole returns the import whose ID begins in a way: one of which there is a receipt, or else one that the history has.
func (s State) whole(ctx context.Context, begin string) (string, error) {
	id, err := s.Book.Whole(ctx, begin)
	if !errors.Is(err, receipt.ErrUnknownImport) {
		return id, err
	}
	var ids []string
	for h, err := range s.Ledger.Heads(ctx) {
		if err != nil {
			return "", err
		}
		for _, one := range h.History {
			if len(begin) >= 4 && strings.HasPrefix(one.Import, begin) {
				ids = append(ids, one.Import)
			}
		}
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	switch len(ids) {
	case 0:
		return "", fmt.Errorf("%w: this state has none whose ID is, or begins with, %q: see invbridge import list", receipt.ErrUnknownImport, begin)
	case 1:
		return ids[0], nil
	}
	return "", &receipt.SeveralError{IDs: ids}
}

// mark is what tells rollbacks of some nodes from that of all.
func mark(nodes []string) string {
	if len(nodes) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(slices.Sorted(slices.Values(nodes))), " ")))
	return hex.EncodeToString(sum[:4])
}

func (f *Found) add(p int, one *undo.Found) {
	f.Later = append(f.Later, one.Later...)
	f.unknown = merged(f.unknown, one.Unknown)
	if one.Empty() {
		return
	}
	f.partitions[p] = one
	f.Nodes, f.Missing = f.Nodes+one.Nodes(), f.Missing+one.Missing
	f.mapping, f.form = cmp.Or(f.mapping, one.Mapping), cmp.Or(f.form, one.Form)
	f.written = ledger.Latest(f.written, one.Written)
	f.types = merged(f.types, one.Types)
}

func merged(list, more []string) []string {
	list = slices.Sorted(slices.Values(append(list, more...)))
	return slices.Compact(list)
}

// refuse returns why the import is not rolled back; nil: it may be.
func (f *Found) refuse(now, received time.Time, o Options) error {
	beside := f.beside(o)
	switch {
	case !received.IsZero() && now.Sub(received) >= past.Kept || len(f.partitions) == 0 && f.known.Import != "" && now.Sub(f.known.Received) >= past.Kept:
		return fmt.Errorf("import %s is too old to be rolled back: what stood before is kept for %d days", f.of.Import, int(past.Kept.Hours()/24))
	case beside != nil:
		return beside
	case len(f.partitions) == 0 && len(f.parked) == 0:
		return f.nothing(received)
	}
	return nil
}

// beside returns an error where a later import has set or removed rows beside those of the import, and nobody has said that they stay; else nil.
func (f *Found) beside(o Options) error {
	nodes, imports := map[string]bool{}, []string{}
	for _, l := range f.Later {
		if l.Merged {
			nodes[l.Node] = true
			imports = merged(imports, []string{l.Import})
		}
	}
	if len(nodes) > 0 && !o.Merged {
		return &MergedError{Nodes: inventory.Sorted(nodes), Imports: imports}
	}
	return nil
}

// ErrNothing is returned where nothing of an import is left to roll back, or it changed nothing.
var ErrNothing = errors.New("there is nothing to roll back")

func (f *Found) nothing(received time.Time) error {
	switch {
	case len(f.Later) > 0:
		return fmt.Errorf("import %s: %w: a later import of its source has replaced what it stated: %s", f.of.Import, ErrNothing, f.Later[0].Import)
	case len(f.unknown) > 0:
		return fmt.Errorf("import %s: %s: not loaded here: name your mappings with --mappings", f.of.Import, strings.Join(f.unknown, ", "))
	case !received.IsZero() && len(f.of.Nodes) == 0:
		return fmt.Errorf("import %s: %w: it is rolled back already, or its source was removed since", f.of.Import, ErrNothing)
	case !received.IsZero():
		return fmt.Errorf("import %s: %w on these nodes", f.of.Import, ErrNothing)
	case f.known.Counts.Of(receipt.Put)+f.known.Counts.Of(receipt.Pending)+f.known.ClearedNodes > 0:
		return fmt.Errorf(
			"import %s: what stood before it is not kept any more: of each mapping that is so for the last %d imports that changed something", f.of.Import, past.PerMapping)
	}
	return fmt.Errorf("import %s changed nothing: %w", f.of.Import, ErrNothing)
}

// MergedError is returned where a later import has set or removed rows beside those of one that is to be rolled back.
type MergedError struct {
	Nodes   []string
	Imports []string // that did so
}

func (e *MergedError) Error() string {
	return fmt.Sprintf("on %d nodes import %s has set or removed rows since (%s): those rows stay, and the rows beside them would go back to what stood before",
		len(e.Nodes), some(e.Imports), some(e.Nodes))
}

func some(list []string) string {
	const most = 5
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}
