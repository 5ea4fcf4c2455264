package rollback

import (
	"context"
	"errors"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// wait finds what an import has parked. What is damaged there counts as nothing.
func (s State) wait(ctx context.Context, f *Found) error {
	keys, err := s.Ledger.Parked(ctx, "")
	if err != nil {
		return err
	}
	for i, k := range keys { // they are sorted by source
		if i == 0 || k.Source != keys[i-1].Source {
			f.sources = append(f.sources, k.Source)
		}
		if k.Import != f.of.Import {
			continue
		}
		records, err := s.recordsOf(ctx, k)
		if err != nil {
			return err
		}
		f.parked, f.Parked = append(f.parked, k), f.Parked+records
	}
	return nil
}

// recordsOf is how many records wait in an object, as far as it can be read.
func (s State) recordsOf(ctx context.Context, k ledger.ParkedKey) (records int, err error) {
	_, list, err := s.Ledger.ReadParked(ctx, k)
	if _, damaged := errors.AsType[*ledger.FormatError](err); damaged || errors.Is(err, ledger.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for st, err := range list {
		if err != nil {
			break // it is damaged from here on
		}
		records += len(st.Records)
	}
	return records, nil
}

// Unpark ends the waiting of what the import has parked. What others have parked of the same machines counts again.
func (s State) Unpark(ctx context.Context, f *Found) error {
	for _, source := range f.sources {
		p, err := s.Ledger.Parking(ctx, source)
		if _, damaged := errors.AsType[*ledger.FormatError](err); damaged || err == nil && p.Import != f.of.Import {
			continue
		}
		if err != nil {
			return err
		}
		p.WasBefore()
		if err := s.Ledger.SetParking(ctx, source, p); err != nil {
			return err
		}
	}
	for _, k := range f.parked {
		if err := s.Ledger.DeleteParked(ctx, k); err != nil {
			return err
		}
	}
	return nil
}
