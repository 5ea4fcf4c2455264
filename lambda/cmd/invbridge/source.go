package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/pflag"
)

// removeOptions are the flags of `invbridge source remove`.
type removeOptions struct {
	plan  bool
	nodes []string // from which alone rows are removed; none: from all
}

func (o *removeOptions) flags(f *pflag.FlagSet, _ *session.Session) {
	f.StringArrayVar(&o.nodes, "node", nil, "`NODE` from which alone the source's rows are removed, by ID or name; may be repeated")
	f.BoolVar(&o.plan, "plan", false, "show which rows would go, and remove nothing")
}

func (o *removeOptions) run(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	err := takeAway(ctx, s, out, o.plan, func(b *bridge.Bridge) (bridge.SweepResult, error) {
		ids, err := o.ids(ctx, b)
		if err != nil {
			return bridge.SweepResult{}, err
		}
		return b.RemoveSource(ctx, args[0], ids...)
	})
	if errors.Is(err, bridge.ErrUnknownSource) {
		return fmt.Errorf("source %s: %w: see invbridge source list", args[0], err)
	}
	return err
}

// ids are those of the nodes that are named.
func (o *removeOptions) ids(ctx context.Context, b *bridge.Bridge) ([]string, error) {
	if len(o.nodes) == 0 {
		return nil, nil
	}
	nodes, err := b.Directory(ctx)
	if err != nil {
		return nil, err
	}
	return lookup.IDs(nodes, o.nodes)
}

func listSources(ctx context.Context, s *session.Session, out *output.Lines, _ []string) error {
	config, err := s.Look(ctx)
	if err != nil {
		return err
	}
	list, damaged := bridge.New(config).Sources(ctx)
	if list == nil {
		return damaged
	}
	silent := 0
	for _, l := range list {
		if l.Silent {
			silent++
		}
		out.Print(l, sourceText(l))
	}
	if len(list) == 0 {
		out.Text("no source has stated anything yet: see invbridge put\n")
	}
	out.Summary(map[string]int{"sources": len(list), "silent": silent})
	return damaged
}

func sourceText(l bridge.Source) string {
	text := fmt.Sprintf("%-32s %6d nodes %8d rows", l.Source, l.Nodes, l.Rows)
	if !l.Received.IsZero() {
		text += "  last received " + output.Stamp(l.Received)
	}
	if l.Last > 0 && l.Last < l.Nodes {
		text += fmt.Sprintf(", by an import of %s", output.Plural(l.Last, "node"))
	}
	if l.Missing > 0 {
		text += fmt.Sprintf("  %d nodes no longer named", l.Missing)
	}
	if l.Parked > 0 {
		text += fmt.Sprintf("  %d records parked", l.Parked)
	}
	if l.Adopted {
		text += "  (held before anything was put)"
	}
	if l.Silent {
		text += "  SILENT: expected every " + l.Every
	}
	return text
}
