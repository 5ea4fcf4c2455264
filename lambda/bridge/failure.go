package bridge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// reject writes the receipt of a document that will never be taken in, with the reason. A document that comes again gets none yet.
func (b *Bridge) reject(ctx context.Context, d intake.Document, failure error) error {
	if ClassOf(failure) != Reject || b.book == nil || errors.Is(failure, intake.ErrSuperseded) {
		return failure
	}
	r, err := b.book.WriteIntake(ctx, receipt.Import{
		Part:     receipt.Part{Import: failureID(d), Ended: b.Now()},
		Document: d.Source.Name, Key: d.Delivery.Key, Written: d.Source.Time, Received: b.Now(),
		Failure: failure.Error(),
	})
	if err == nil {
		err = b.announce(ctx, r)
	}
	if err != nil { // the document comes again, until its receipt is there
		return fmt.Errorf("%v; its receipt could not be written or announced: %w", failure, err) //nolint:errorlint // only the store's error decides what to do
	}
	return failure
}

// failureID returns an import's ID for a document that was not read to its end.
func failureID(d intake.Document) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\n%s\n%s\n%s", d.Source.Name, d.Delivery.Key, d.Event, d.Source.Time.UTC())))
	return "failed-" + hex.EncodeToString(sum[:])[:17]
}
