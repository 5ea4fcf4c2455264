package main

import (
	"context"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/cobra"
)

// redriveOptions are the flags of `invbridge redrive`.
type redriveOptions struct {
	parked  bool
	confirm []string // imports
	dead    []string // URLs of queues
	again   bool
}

func redriveCommand(s *session.Session) *cobra.Command {
	var o redriveOptions
	cmd := &cobra.Command{
		GroupID: groupPut, Use: "redrive [FILE…]",
		Short: "List parked and rejected records, unconfirmed absences and misplaced rows, or try them again",
		Example: examples("invbridge redrive", "invbridge redrive --parked", "invbridge redrive mended.csv",
			"invbridge redrive --confirm-absent IMPORT"),
		Args: o.args,
		RunE: func(cmd *cobra.Command, args []string) error { return redrive(cmd.Context(), s, o, args) },
	}
	f := cmd.Flags()
	putFlags(f, s)
	f.BoolVar(&o.parked, "parked", false, "look for the nodes of parked records now")
	f.StringArrayVar(&o.dead, "dead-letters", nil, "`URL` of a queue of dead letters: how many messages wait there")
	f.BoolVar(&o.again, "again", false, "with --dead-letters: move them back to where they came from")
	f.StringArrayVar(&o.confirm, "confirm-absent", nil, "`IMPORT`: clear the nodes that its document no longer names")
	return cmd
}

// args allows one of the things to do at a time.
func (o *redriveOptions) args(_ *cobra.Command, files []string) error {
	switch {
	case len(files) > 0 && (o.parked || len(o.confirm)+len(o.dead) > 0):
		return session.UsageError("name files, or --parked, or --confirm-absent IMPORT, or --dead-letters URL: one at a time")
	case o.again && len(o.dead) == 0:
		return session.UsageError("--again needs --dead-letters URL")
	}
	return nil
}

// redrive lists what waits for somebody, or tries it again. Mended files are put as any other.
func redrive(ctx context.Context, s *session.Session, o redriveOptions, files []string) error {
	switch {
	case len(files) > 0:
		return put(ctx, s, files, false)
	case len(o.dead) > 0:
		return deadLetters(ctx, s, o)
	case o.parked:
		return sweep(ctx, s, func(b *bridge.Bridge) (bridge.SweepResult, error) { return b.SweepParked(ctx) })
	case len(o.confirm) > 0:
		return confirmAbsent(ctx, s, o.confirm)
	}
	return listWaiting(ctx, s)
}

func confirmAbsent(ctx context.Context, s *session.Session, imports []string) error {
	return sweep(ctx, s, func(b *bridge.Bridge) (bridge.SweepResult, error) {
		var sum bridge.SweepResult
		for _, id := range imports {
			before, err := b.ConfirmAbsent(ctx, id)
			if err != nil {
				return sum, err
			}
			sum.ClearedNodes += before.ClearedNodes
			sum.Cleared += before.Cleared
			sum.Calls += before.Calls
			sum.Bytes += before.Bytes
		}
		return sum, nil
	})
}

func listWaiting(ctx context.Context, s *session.Session) error {
	config, done, err := s.WithLedger(ctx)
	if err != nil {
		return err
	}
	defer done()
	list, err := bridge.New(config).Waiting(ctx)
	if err != nil {
		return err
	}
	out := output.NewLines(s.Out, s.JSON)
	counts := map[string]int{"parked": 0, "rejected": 0, "absent": 0, "misplaced": 0}
	for _, w := range list {
		counts[w.Kind] += w.Count
		out.Print(w, waitingText(w))
	}
	if len(list) == 0 && !s.JSON {
		fmt.Fprintln(out, "nothing waits")
	}
	out.Summary(counts)
	return out.Flush()
}

func waitingText(w bridge.Waiting) string {
	switch w.Kind {
	case "parked":
		return fmt.Sprintf("parked    %6d records of source %s, import %s: no managed node yet. To try again: invbridge redrive --parked", w.Count, w.Source, w.Import)
	case "absent":
		return fmt.Sprintf("absent    %6d nodes of source %s are not named by import %s. To clear them: invbridge redrive --confirm-absent %s",
			w.Count, w.Source, w.Import, w.Import)
	case "misplaced":
		return misplacedText(bridge.Misplaced{Source: w.Source, Node: w.Node, Leads: w.Leads, Rows: w.Count})
	}
	return fmt.Sprintf("rejected  in %s: mend it, and put the file again under its name", w.File)
}

func misplacedText(m bridge.Misplaced) string {
	leads := "no node any more"
	if m.Leads != "" {
		leads = m.Leads
	}
	return fmt.Sprintf("misplaced %6d rows of source %s on %s: their machine leads to %s. To remove them: invbridge source remove %s --node %s",
		m.Rows, m.Source, m.Node, leads, m.Source, m.Node)
}
