package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
		return fmt.Errorf("source %s: %w", args[0], err)
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
		shown := listedSource{l, targetsOf(l)}
		out.Print(shown, sourceText(shown))
	}
	if len(list) == 0 {
		out.Text("no source has stated anything yet: see invbridge put\n")
	}
	out.Summary(map[string]int{"sources": len(list), "silent": silent})
	return damaged
}

// listedSource is a source with how many of its nodes are of other accounts and regions than the installation's own, by "account/region".
type listedSource struct {
	bridge.Source
	Targets map[string]int `json:"targets,omitempty"`
}

func targetsOf(l bridge.Source) map[string]int {
	of := map[string]int{}
	for k, t := range l.Targets {
		of[k.String()] = t.Nodes
	}
	return of
}

func sourceText(l listedSource) string {
	text := fmt.Sprintf("%-32s %6d %-5s %8d %-4s", output.Printable(l.SourceSummary.Source), l.Nodes, output.NounOf(l.Nodes, "node"), l.Rows, output.NounOf(l.Rows, "row"))
	if !l.Received.IsZero() {
		text += "  last received " + output.Stamp(l.Received)
	}
	if l.Last > 0 && l.Last < l.Nodes {
		text += fmt.Sprintf(", by an import of %s", output.Plural(l.Last, "node"))
	}
	if len(l.Targets) > 0 {
		text += ", of " + targetsText(l)
	}
	if l.Missing > 0 {
		text += fmt.Sprintf("  %s no longer named", output.Plural(l.Missing, "node"))
	}
	if l.Parked > 0 {
		text += fmt.Sprintf("  %s parked", output.Plural(l.Parked, "record"))
	}
	if l.Adopted {
		text += "  (held before anything was put)"
	}
	if l.Silent {
		text += "  SILENT: expected every " + l.Every
	}
	return text
}

// mostTargets is how many accounts and regions a line names.
const mostTargets = 4

// targetsText says in which accounts and regions a source's nodes are.
func targetsText(l listedSource) string {
	places := output.PlacesOf(l.Targets, l.Nodes)
	own := len(places) - 1 // the last
	var parts []string
	for i, at := range places {
		if i < mostTargets || i == own {
			parts = append(parts, fmt.Sprintf("%d in %s", at.Nodes, at.Name))
		}
		if i == mostTargets && i < own {
			parts = append(parts, fmt.Sprintf("others in %d more", own-mostTargets))
		}
	}
	return strings.Join(parts, ", ")
}
