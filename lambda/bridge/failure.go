package bridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/events"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Class is what to do about an error.
type Class string

// The classes. What is skipped is no error: its answer has the reason.
const (
	Retry  Class = "retry"  // throttled, server errors, timeouts, conflicts, and what is not known: the message comes again
	Reject Class = "reject" // malformed, of unknown format, over a limit: it would fail again; acknowledged, with a receipt
)

// ClassOf is the one place that decides. What does not fail again for certain is done again: the queue has dead letters, and nothing is
// lost there.
func ClassOf(err error) Class {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Retry
	}
	if isRejection(err) {
		return Reject
	}
	return Retry
}

// rejection marks an error of the bridge's own as final.
type rejection struct{ error }

func reject(err error) error { return rejection{err} }

func (r rejection) Unwrap() error { return r.error }

func isRejection(err error) bool {
	for _, known := range []error{
		intake.ErrNoMachine, choose.ErrEmpty, choose.ErrUnknownFormat, choose.ErrMended, allowed.ErrSkew, allowed.ErrNotBelieved,
		document.ErrNotFound, document.ErrCorrupt, document.ErrManyMembers, document.ErrNoMembers, document.ErrEncoding,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return is[rejection](err) || is[*events.Error](err) || is[*scan.SyntaxError](err) || is[*choose.AmbiguousError](err) ||
		is[*choose.NotReportError](err) || is[*choose.UnknownMappingError](err) || is[*document.LimitError](err) ||
		is[*record.AlternativeError](err) || is[*record.HeldError](err)
}

func is[E error](err error) bool {
	var target E
	return errors.As(err, &target)
}

// reject writes the receipt of a document that will never be taken in, with the reason. A document that comes again gets none yet.
func (b *Bridge) reject(ctx context.Context, d intake.Document, failure error) error {
	if ClassOf(failure) != Reject || b.book == nil || errors.Is(failure, intake.ErrSuperseded) {
		return failure
	}
	key := d.Delivery.Key
	if d.Event == "" {
		key = cmp.Or(key, d.Source.Name) // as of one that is taken in
	}
	r, err := b.book.WriteIntake(ctx, receipt.Import{
		Part:     receipt.Part{Import: receipt.FailureID(d.Source.Name, d.Delivery.Key, d.Event, d.Source.Time), Ended: b.Now()},
		Document: d.Source.Name, Key: key, Written: d.Source.Time, Received: b.Now(),
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
