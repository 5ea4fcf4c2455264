package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/life"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// historyOptions are the flags of `invbridge history`.
type historyOptions struct {
	entries bool
	most    int
}

func (o *historyOptions) flags(f *pflag.FlagSet, s *session.Session) {
	mappingFlags(f, s)
	ledgerFlags(f, s)
	f.BoolVar(&o.entries, "entries", false, "show the rows that came, went and changed")
	f.IntVar(&o.most, "most", 50, "`number` of events that are shown; 0: all")
}

func (o *historyOptions) run(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	config, unasked, err := s.LedgerOrLook(ctx)
	if err != nil {
		return err
	}
	n := &shownNode{s: s, out: out, config: config, unasked: unasked != nil}
	if done, err := n.find(ctx, args[0]); err != nil || done {
		return err
	}
	of := life.Node{ID: n.ID, Rows: o.entries, Most: o.most, Ledger: config.Ledger, Types: func(name string) (*inventory.Type, bool) {
		t, ok := config.Mappings.Type(name)
		if !ok {
			return nil, false
		}
		return t.Inventory, true
	}}
	if len(args) > 1 {
		of.Type = args[1]
	}
	list, err := receipt.NewBook(config.Ledger.Store()).All(ctx)
	if err != nil {
		return err
	}
	said := life.Of(list, n.ID)
	parked, err := lookup.ParkedAs(ctx, config.Ledger, lookup.NamesOf(n.Node)...)
	if err != nil {
		return err
	}
	said.Parked(parked)
	events, short, err := of.Events(ctx, said.Events)
	if err != nil {
		return err
	}
	said.Name(events)
	if n.ComputerName != "" {
		out.Text("%s (%s)\n", output.Printable(n.ComputerName), n.ID)
	}
	for i := range events {
		events[i].Write(out)
	}
	if len(events) == 0 {
		out.Text("nothing is known of %s: no import has named it\n", n.ID)
	}
	if short != nil {
		fmt.Fprintf(s.Err, "invbridge: %v: shown are imports of the last weeks that changed something, receipts, and what the head holds now\n", short)
	}
	out.Summary(map[string]any{"node": n.ID, "events": len(events), "whole": short == nil})
	return nil
}
