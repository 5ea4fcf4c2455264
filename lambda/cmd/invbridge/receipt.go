package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/page"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/spf13/pflag"
)

// receiptOptions are the flags of `invbridge receipt`.
type receiptOptions struct{ html string }

func (o *receiptOptions) flags(f *pflag.FlagSet, s *session.Session) {
	stateFlags(f, s)
	htmlFlag(f, &o.html)
}

func (o *receiptOptions) run(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	store, err := s.Stored(ctx)
	if err != nil {
		return err
	}
	book := receipt.NewBook(store)
	r, err := book.Read(ctx, args[0])
	if errors.Is(err, receipt.ErrUnknownImport) {
		if latest, lerr := book.Latest(ctx, args[0]); lerr == nil {
			r, err = latest, nil
		}
	}
	if errors.Is(err, receipt.ErrUnknownImport) {
		return fmt.Errorf("there is no such import in this state: check --state, or see receipts/ in it")
	}
	if err != nil {
		return err
	}
	out.Object(r)
	if !s.JSON {
		output.Receipt(out, r)
	}
	if o.html != "" {
		return writePage(s, o.html, page.OfReceipt(&r, nil).HTML)
	}
	return nil
}
