package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/spf13/cobra"
)

func receiptCommand(s *session.Session) *cobra.Command {
	cmd := &cobra.Command{
		GroupID: groupAsk, Use: "receipt IMPORT",
		Short:   "Show what became of an import: its ID, or the key of an object for its latest one",
		Example: examples("invbridge receipt 46492d54647450074e5d98e7", "invbridge receipt backups/backups.csv --json"),
		Args:    exactly(1, "name one IMPORT: put and invoke print it; or name the key of an object for its latest one"),
		RunE:    func(cmd *cobra.Command, args []string) error { return showReceipt(cmd.Context(), s, args[0]) },
	}
	stateFlags(cmd.Flags(), s)
	return cmd
}

func showReceipt(ctx context.Context, s *session.Session, name string) error {
	store, err := s.Store(ctx)
	if err != nil {
		return err
	}
	book := receipt.NewBook(store)
	r, err := book.Read(ctx, name)
	if errors.Is(err, receipt.ErrUnknownImport) {
		if latest, lerr := book.Latest(ctx, name); lerr == nil {
			r, err = latest, nil
		}
	}
	if errors.Is(err, receipt.ErrUnknownImport) {
		return fmt.Errorf("there is no such import in this state: check --state, or see receipts/ in it")
	}
	if err != nil {
		return err
	}
	out := output.NewLines(s.Out, s.JSON)
	if s.JSON {
		out.Object(r)
	} else {
		output.Receipt(out, r)
	}
	return out.Flush()
}
