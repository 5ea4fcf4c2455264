package main

import (
	"context"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/holding"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/cobra"
)

func nodeCommand(s *session.Session) *cobra.Command {
	cmd := &cobra.Command{
		GroupID: groupAsk, Use: "node NODE",
		Short:   "Show what ledger and service hold of a node, and where they differ",
		Example: examples("invbridge node i-0123456789abcdef0", "invbridge node mi-0123456789abcdef0 --state s3://bucket/prefix --json"),
		Args:    exactly(1, "name one NODE: its ID, i-… or mi-…"),
		RunE:    func(cmd *cobra.Command, args []string) error { return showNode(cmd.Context(), s, args[0]) },
	}
	stateFlags(cmd.Flags(), s)
	return cmd
}

func showNode(ctx context.Context, s *session.Session, id string) error {
	config, done, err := s.WithLedger(ctx)
	if err != nil {
		return err
	}
	defer done()
	head, err := config.Ledger.Load(ctx, config.Ledger.Partition(id))
	if err != nil {
		return err
	}
	api, err := s.Clients(ctx)
	if err != nil {
		return err
	}
	known := head.Nodes[id]
	list, err := holding.Compare(ctx, api.SSM, id, known)
	if err != nil {
		return err
	}
	out := output.NewLines(s.Out, s.JSON)
	writeHolding(out, id, list, known != nil)
	return out.Flush()
}

// writeHolding shows the types of a node; known is whether the ledger has the node.
func writeHolding(out *output.Lines, id string, list []holding.Line, known bool) {
	differ := 0
	for _, l := range list {
		if l.Differ != "" {
			differ++
		}
		writeHeld(out, l)
	}
	if len(list) == 0 && !out.JSON {
		fmt.Fprintf(out, "%s holds nothing of ours, and is not in the ledger: explain a file to see why its records lead elsewhere\n", id)
	}
	out.Summary(map[string]any{"node": id, "types": len(list), "differ": differ, "known": known})
}

func writeHeld(out *output.Lines, l holding.Line) {
	if out.JSON {
		out.Object(l)
		return
	}
	fmt.Fprintf(out, "%s\n", l.Type)
	if l.Ledger != nil {
		fmt.Fprintf(out, "  put         %d entries, captured %s, accepted %s\n", l.Ledger.Entries, output.Stamp(l.Ledger.Captured), output.Stamp(l.Ledger.At))
	}
	if l.Service != nil {
		fmt.Fprintf(out, "  service     %d entries, captured %s\n", l.Service.Entries, l.Service.Captured)
	}
	for _, src := range l.Sources {
		fmt.Fprintf(out, "  from        %s: %d entries, captured %s (import %s)\n", src.Source, src.Entries, output.Stamp(src.Captured), src.Import)
	}
	if l.Open != "" {
		fmt.Fprintf(out, "  open        %s\n", l.Open)
	}
	if l.Differ != "" {
		fmt.Fprintf(out, "  DIFFERS     %s\n", l.Differ)
	}
}
