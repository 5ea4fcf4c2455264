package bridge

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/events"
	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/rollback"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Place is where in S3 the state is.
type Place struct{ Bucket, Prefix string }

func (p Place) pointer(key string) events.Pointer {
	if p.Prefix != "" {
		key = p.Prefix + "/" + key
	}
	return events.Pointer{Bucket: p.Bucket, Key: key}
}

// Stage takes a document in, as the role intake: each partition's delivery is staged in the state. The pointers returned are for a process
// in the role delivery, as {"delivery":{"bucket","key"}}. The deliveries complete the receipt.
func (b *Bridge) Stage(ctx context.Context, d intake.Document) (receipt.Import, []events.Pointer, error) {
	im, err := b.read(ctx, d, Options{})
	if err != nil {
		return receipt.Import{}, nil, b.reject(ctx, d, err)
	}
	own, err := b.begin(ctx, im, im.NamedIdentifiers())
	if err != nil {
		return own, nil, errors.Join(err, im.Close())
	}
	var staged []events.Pointer
	for _, p := range own.Partitions {
		pointer, err := b.stage(ctx, im, p)
		if err != nil {
			return own, nil, errors.Join(fmt.Errorf("staging partition %d: %w", p, err), im.Close())
		}
		staged = append(staged, pointer)
	}
	return own, staged, im.Close()
}

// begin writes what stands in the state before an import is delivered: rejected records, identifiers that are staged for its deliveries
// (nil: none), parked statements, and intake's part of the receipt.
func (b *Bridge) begin(ctx context.Context, im *intake.Import, staged *ledger.NamedIdentifiers) (receipt.Import, error) {
	if err := im.ReturnRejected(ctx, b.putState); err != nil {
		return receipt.Import{}, err
	}
	own := im.Receipt()
	undone, err := rollback.Again(ctx, b.book, &own)
	if err != nil {
		return own, err
	}
	if staged != nil && !undone {
		if err := b.Ledger.WriteNamedIdentifiers(ctx, im.ID, staged); err != nil {
			return own, err
		}
	}
	if !undone {
		err = b.parked().Park(ctx, im)
	}
	if err == nil {
		_, err = b.book.WriteIntake(ctx, own)
	}
	return own, err
}

// putState writes an object into the state, over whatever is there: the same import writes the same.
func (b *Bridge) putState(ctx context.Context, key string, body []byte) error {
	_, err := b.Ledger.Store().Put(ctx, key, body, ledger.Any)
	return err
}

func (b *Bridge) stage(ctx context.Context, im *intake.Import, p int) (events.Pointer, error) {
	h, list, err := im.Open(p)
	if err != nil {
		return events.Pointer{}, err
	}
	var body bytes.Buffer
	if err := ledger.WriteDelivery(&body, h, list); err != nil {
		return events.Pointer{}, err
	}
	if body.Len() > maxStagedBytes {
		return events.Pointer{}, reject(fmt.Errorf("the statements about the nodes of one partition have more than %d bytes: split the document", maxStagedBytes))
	}
	key := allowed.Staged{Import: im.ID, Partition: p}.Key()
	return b.Place.pointer(key), b.putState(ctx, key, body.Bytes())
}
