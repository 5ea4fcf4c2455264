package rollback

import (
	"context"
	"errors"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Again makes intake's part of the receipt of an import that was rolled back, and comes again, one of which nothing is delivered or parked: it is
// stale. The heads do not say so of nodes that the import did not reach before. It reports whether that is so.
func Again(ctx context.Context, book *receipt.Book, in *receipt.Import) (bool, error) {
	undone, err := Undone(ctx, book, in.Import)
	if !undone || err != nil {
		return false, err
	}
	in.NoteTimes(undo.NoteStale, in.Stale())
	return true, nil
}

// Undone reports whether an import was rolled back on all nodes, and that was not rolled back itself since.
func Undone(ctx context.Context, book *receipt.Book, id string) (bool, error) {
	return undoneSince(ctx, book, id, time.Time{})
}

// undoneSince does not count a rollback before that time: the import, which is one itself, was made again after it.
func undoneSince(ctx context.Context, book *receipt.Book, id string, since time.Time) (bool, error) {
	by := undo.ID(id, "")
	in, err := book.Import(ctx, by)
	if errors.Is(err, receipt.ErrUnknownImport) {
		return false, nil
	}
	damaged := errors.Is(err, receipt.ErrDamaged) // a receipt that is damaged was there
	if err != nil && !damaged {
		return false, err
	}
	if !damaged && in.Received.Before(since) {
		return false, nil
	}
	back, err := undoneSince(ctx, book, by, in.Received)
	return !back, err
}
