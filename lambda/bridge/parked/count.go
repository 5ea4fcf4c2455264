package parked

import (
	"context"
	"errors"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Count is how many records of an import wait for a node.
type Count struct {
	Source, Import string
	Records        int
}

// Count counts the records that wait for a node, by source and import. Objects that are damaged are not counted: the error names them.
func (r *Records) Count(ctx context.Context) ([]Count, error) {
	keys, err := r.Ledger.Parked(ctx, "")
	if err != nil {
		return nil, err
	}
	var list []Count
	var of *source
	var errs []error
	for i, k := range keys {
		if i == 0 || k.Source != keys[i-1].Source {
			of, err = r.source(ctx, ofOne(keys, k.Source))
			errs = append(errs, err)
		}
		if of == nil {
			continue
		}
		n, err := r.countObject(ctx, k, of)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		last := len(list) - 1
		if last >= 0 && list[last].Source == k.Source && list[last].Import == k.Import {
			list[last].Records += n
		} else if n > 0 {
			list = append(list, Count{Source: k.Source, Import: k.Import, Records: n})
		}
	}
	return list, errors.Join(errs...)
}

// countObject counts the records of a parked object that still wait.
func (r *Records) countObject(ctx context.Context, k ledger.ParkedKey, of *source) (int, error) {
	found, err := r.Book.FoundWhole(ctx, k.Import)
	if err != nil {
		return 0, err
	}
	h, list, err := r.read(ctx, k)
	if errors.Is(err, ledger.ErrNotFound) || errors.Is(err, allowed.ErrNotBelieved) {
		return 0, nil
	}
	if err != nil || replacedAll(k, h, of.last) {
		return 0, err
	}
	return stillWaiting(found, h, list, of.newer)
}

// stillWaiting counts the records of parked statements that have found no node since, and are not replaced by newer ones.
func stillWaiting(found receipt.Found, h ledger.Header, list statements, newer *newer) (int, error) {
	n, numbers := 0, found.Numbers()
	for s, err := range list {
		if err != nil {
			return 0, err
		}
		replaced, err := newer.replaces(h, s)
		if err != nil {
			return 0, err
		}
		if replaced {
			continue
		}
		for _, rec := range s.Records {
			if _, ok := numbers[rec.Number]; !ok {
				n++
			}
		}
	}
	return n, nil
}
