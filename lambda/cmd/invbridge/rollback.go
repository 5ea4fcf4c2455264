package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/rollback"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/planned"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/spf13/pflag"
)

// rollbackOptions are the flags of `invbridge rollback`.
type rollbackOptions struct {
	rollback.Options
	plan bool
}

func (o *rollbackOptions) flags(f *pflag.FlagSet, s *session.Session) {
	sweepFlags(f, s)
	f.BoolVar(&o.plan, "plan", false, "show which rows would come, go or change, and do nothing")
	f.StringArrayVar(&o.Nodes, "node", nil, "`NODE` on which alone it is rolled back, by ID or name; may be repeated")
	f.BoolVar(&o.Merged, "merged", false, "also on nodes where a later import has set or removed rows since: those rows stay")
}

// run makes of what an import has changed what its sources stated before.
func (o *rollbackOptions) run(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	open := s.WithLedger
	if o.plan {
		open = s.ToPlan
	}
	config, err := open(ctx)
	if err != nil {
		return err
	}
	config.Plan, config.Observe = o.plan, out.Node
	b := bridge.New(config)
	nodes, err := b.Directory(ctx)
	if err != nil {
		return err
	}
	options := o.Options
	if options.Nodes, err = lookup.IDs(nodes, o.Nodes); err != nil {
		return err
	}
	p := planned.Plan{}
	if o.plan {
		b.Observe = func(n differ.Node) { p.AddNamed(nodes, n) }
	}
	r, found, err := b.Rollback(ctx, args[0], options)
	var merged *rollback.MergedError
	switch {
	case found == nil && errors.Is(err, receipt.ErrUnknownImport):
		return noImport(args[0], "", "")
	case errors.As(err, &merged):
		return fmt.Errorf("nothing was rolled back: %w; to do so all the same: --merged (--plan shows what would become of them)", err)
	case ctx.Err() != nil && o.plan:
		return ctx.Err()
	case ctx.Err() != nil && err != nil:
		fmt.Fprintf(s.Err, "invbridge: stopped: some nodes are rolled back: invbridge rollback %s again does the others (invbridge sweep finishes what had begun)\n", args[0])
		return session.ErrStopped
	case err != nil:
		return err
	}
	if o.plan {
		p.Show(out)
	}
	verb, price := "took", ""
	if o.plan {
		verb, price = "would take", planned.CostOf(r.Calls, r.Bytes, s.Rate, b.Targets, p.TakeChanging())
	}
	out.Text("rollback of import %s: %s %s %s%s: %s\n", found.Of(), output.Plural(r.Nodes, "node"), verb, output.Plural(r.Calls, "call"), price, output.Counts(r.Counts))
	if !s.JSON {
		output.Details(out, r, nil)
	}
	if o.plan {
		out.Text("%snothing was done\n", p.WaitText())
	} else {
		out.Text("import %s (invbridge receipt %s)\n", r.Import, r.Import)
	}
	out.Summary(rollbackSummary{putSummary{
		Import: r.Import, Mapping: r.Mapping, Nodes: r.Nodes, Calls: r.Calls, Records: r.Records, Outcomes: r.Counts, Complete: r.Complete,
	}, found.Of()})
	if !allPut(r) {
		return session.ErrPartial
	}
	return nil
}

// rollbackSummary is the last line of `rollback --json`.
type rollbackSummary struct {
	putSummary
	RollsBack string `json:"rollsBack"`
}
