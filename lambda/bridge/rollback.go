package bridge

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/rollback"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Rollback makes of what an import has changed what its sources stated before. It is an import itself, whose receipt is returned, with what was found.
// With Config.Plan nothing is done: Observe is called with what would be.
func (b *Bridge) Rollback(ctx context.Context, begin string, o rollback.Options) (receipt.Receipt, *rollback.Found, error) {
	now := b.Now().UTC()
	state := rollback.State{Ledger: b.Ledger, Book: b.book, Types: b.inventoryType, Now: now}
	found, err := state.Look(ctx, begin, o)
	if err != nil {
		return receipt.Receipt{}, found, err
	}
	own := found.Import(now, found.Records())
	if !b.Plan {
		if _, err := b.book.WriteIntake(ctx, own); err != nil {
			return receipt.Receipt{}, found, err
		}
	}
	d := b.deliverer(Options{Observe: b.Observe})
	var parts []receipt.Part
	records := 0
	for _, p := range found.Partitions() {
		part, settled, err := d.Rollback(ctx, found.Delivery(p, now, records+1))
		if err == nil && !b.Plan {
			err = b.book.PutPart(ctx, part)
		}
		if err := errors.Join(err, b.settle(ctx, settled)); err != nil {
			return receipt.Sum(own, parts), found, fmt.Errorf("partition %d: %w", p, err)
		}
		parts, records = append(parts, part), records+part.Records
	}
	own.Read = records
	r := receipt.Sum(own, parts)
	if b.Plan {
		err := r.Check()
		return r, found, err
	}
	if err := state.Unpark(ctx, found); err != nil {
		return r, found, err
	}
	r, err = b.endRollback(ctx, found, own, r)
	return r, found, err
}

// endRollback completes the receipt, and notes in that of the import that it is rolled back.
func (b *Bridge) endRollback(ctx context.Context, found *rollback.Found, own receipt.Import, r receipt.Receipt) (receipt.Receipt, error) {
	if _, err := b.book.WriteIntake(ctx, own); err != nil {
		return r, err
	}
	note := receipt.Note{Text: "rolled back by import " + found.ID(), Count: 1}
	if known, err := b.book.Read(ctx, found.Of()); err == nil && found.Known() && !slices.Contains(known.Notes, note) {
		if err := b.book.Notice(ctx, found.Of(), note); err != nil {
			return r, err
		}
	}
	return b.complete(ctx, r)
}
