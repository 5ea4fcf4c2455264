// Package parked knows the records about machines that have no node: it stores them with their documents, counts those that still wait, and looks for
// the nodes of their machines later. It does not know how a node is put to.
package parked

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Records are those that wait in an installation.
type Records struct {
	Ledger   *ledger.Ledger
	Book     *receipt.Book
	Mappings *mapping.Set
	Allowed  *allowed.Rules
	Account  string // of the nodes; "": not known
	Region   string // of the nodes; "": not known
	Now      func() time.Time
}

// parking returns the last snapshot of a source that proved absence. One of the future is none: it would replace all that waits from now on.
func (r *Records) parking(ctx context.Context, source string) (*ledger.Parking, error) {
	p, err := r.Ledger.Parking(ctx, source)
	if err == nil && r.Allowed.Ahead(p.Captured) {
		p.Import, p.Stamp = "", ledger.Stamp{}
	}
	return p, err
}

// read reads a parked object. The error is allowed.ErrNotBelieved for one that is another source's or import's than its key says, and
// statements of another source are none of it.
func (r *Records) read(ctx context.Context, k ledger.ParkedKey) (ledger.Header, statements, error) {
	h, list, err := r.Ledger.ReadParked(ctx, k)
	if err != nil {
		return h, nil, err
	}
	if err := r.Allowed.Parked(k, &h); err != nil {
		return h, nil, fmt.Errorf("%s: %w", k.Object, err)
	}
	m, loaded := r.Mappings.Head(h.Mapping)
	return h, func(yield func(*ledger.Statement, error) bool) {
		for s, err := range list {
			if err == nil && s.Source != k.Source {
				continue
			}
			if err == nil && loaded { // the mapping may have had another family when it was parked
				s.Subject = slices.DeleteFunc(s.Subject, func(id string) bool { return !allowed.OfFamily(id, m.Family) })
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}, nil
}

// ofOne returns the keys of one source. They are sorted by source.
func ofOne(keys []ledger.ParkedKey, source string) []ledger.ParkedKey {
	from := slices.IndexFunc(keys, func(k ledger.ParkedKey) bool { return k.Source == source })
	n := slices.IndexFunc(keys[from:], func(k ledger.ParkedKey) bool { return k.Source != source })
	if n < 0 {
		return keys[from:]
	}
	return keys[from : from+n]
}

// source is what decides which of a source's parked statements wait.
type source struct {
	last  *ledger.Parking
	newer *newer
}

func (r *Records) source(ctx context.Context, keys []ledger.ParkedKey) (*source, error) {
	last, err := r.parking(ctx, keys[0].Source)
	if err != nil {
		return nil, err
	}
	n, err := r.newerOf(ctx, keys)
	if err != nil {
		return nil, err
	}
	return &source{last, n}, nil
}

// replacedAll reports whether a later document that proved absence replaces all snapshots of an object.
func replacedAll(k ledger.ParkedKey, h ledger.Header, last *ledger.Parking) bool {
	return !k.Merge && last.Import != "" && last.Import != k.Import && !h.Written.After(last.Written)
}
