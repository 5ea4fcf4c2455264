package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/cobra"
)

func sourceCommand(s *session.Session) *cobra.Command {
	cmd := &cobra.Command{
		GroupID: groupAsk, Use: "source",
		Short:   "List the sources: for how many nodes they state rows, and when they were received last; or remove one",
		Example: examples("invbridge source list", "invbridge source remove backups"),
		Args:    cobra.ArbitraryArgs, RunE: oneOfThese,
	}
	sweepFlags(cmd.PersistentFlags(), s)
	cmd.AddCommand(&cobra.Command{
		Use:     "list",
		Short:   "List the sources",
		Example: examples("invbridge source list --state s3://bucket/prefix --json"),
		Args:    exactly(0, "source list takes no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return listSources(cmd.Context(), s) },
	}, removeSourceCommand(s))
	return cmd
}

func removeSourceCommand(s *session.Session) *cobra.Command {
	var nodes []string
	cmd := &cobra.Command{
		Use:     "remove SOURCE",
		Short:   "Remove what a source states, from all nodes or some, and put what the others state",
		Example: examples("invbridge source remove backups", "invbridge source remove backups --node i-0123456789abcdef0"),
		Args:    exactly(1, "name one SOURCE: invbridge source list names them"),
		RunE:    func(cmd *cobra.Command, args []string) error { return removeSource(cmd.Context(), s, args[0], nodes) },
	}
	cmd.Flags().StringArrayVar(&nodes, "node", nil, "`NODE` from which alone the source's rows are removed; may be repeated")
	return cmd
}

func removeSource(ctx context.Context, s *session.Session, name string, nodes []string) error {
	err := sweep(ctx, s, func(b *bridge.Bridge) (bridge.SweepResult, error) { return b.RemoveSource(ctx, name, nodes...) })
	if errors.Is(err, bridge.ErrUnknownSource) {
		return fmt.Errorf("source %s: %w: see invbridge source list", name, err)
	}
	return err
}

func listSources(ctx context.Context, s *session.Session) error {
	config, done, err := s.WithLedger(ctx)
	if err != nil {
		return err
	}
	defer done()
	list, err := bridge.New(config).Sources(ctx)
	if err != nil {
		return err
	}
	out := output.NewLines(s.Out, s.JSON)
	silent := 0
	for _, l := range list {
		if l.Silent {
			silent++
		}
		out.Print(l, sourceText(l))
	}
	if len(list) == 0 && !s.JSON {
		fmt.Fprintln(out, "no source has stated anything yet: see invbridge put")
	}
	out.Summary(map[string]int{"sources": len(list), "silent": silent})
	return out.Flush()
}

func sourceText(l bridge.Source) string {
	text := fmt.Sprintf("%-32s %6d nodes %8d rows", l.Source, l.Nodes, l.Rows)
	if !l.Received.IsZero() {
		text += "  last received " + output.Stamp(l.Received)
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
