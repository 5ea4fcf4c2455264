package life

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/meant"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Options are the flags of `invbridge history`.
type Options struct {
	entries bool
	most    int
}

// Flags declares those that it has alone.
func (o *Options) Flags(f *pflag.FlagSet) {
	f.BoolVar(&o.entries, "entries", false, "show the rows that came, went and changed")
	f.IntVar(&o.most, "most", 50, "`number` of events that are shown; 0: all")
}

// Run shows what has happened to a node.
func (o *Options) Run(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	if o.most < 0 {
		return session.UsageError("--most is a number from 0")
	}
	config, unasked, err := s.LedgerOrLook(ctx)
	if err != nil {
		return err
	}
	n, err := meant.Node(ctx, s, out, config, unasked != nil, args[0])
	if err != nil {
		return err
	}
	of := Node{ID: n.ID, Rows: o.entries, Most: o.most, Ledger: config.Ledger, Types: func(name string) (*inventory.Type, bool) {
		t, ok := config.Mappings.Type(name)
		if !ok {
			return nil, false
		}
		return t.Inventory, true
	}}
	if len(args) > 1 {
		of.Type = args[1]
	}
	return of.show(ctx, s, out, config, n)
}

// show shows the events of a node.
func (of *Node) show(ctx context.Context, s *session.Session, out *output.Lines, config bridge.Config, n node.Node) error {
	list, err := receipt.NewBook(config.Ledger.Store()).All(ctx)
	if err != nil {
		return err
	}
	said := Of(list, n.ID)
	parked, err := lookup.ParkedAs(ctx, config.Ledger, lookup.NamesOf(n)...)
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
		out.Text("%s (%s)%s\n", output.Printable(n.ComputerName), n.ID, n.Target.In())
	}
	for i := range events {
		events[i].Write(out)
	}
	if len(events) == 0 {
		out.Text("nothing is known of %s: no import has named it\n", strings.TrimSpace(n.ID+" "+of.Type))
	}
	if short != nil {
		fmt.Fprintf(s.Err, "invbridge: %v: shown are imports of the last weeks that changed something, receipts, and what the head holds now\n", short)
	}
	sum := map[string]any{"node": n.ID, "events": len(events), "whole": short == nil}
	if !n.Target.IsOwn() {
		sum["account"], sum["region"] = n.Target.Account, n.Target.Region
	}
	out.Summary(sum)
	return nil
}
