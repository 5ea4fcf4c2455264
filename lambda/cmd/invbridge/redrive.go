package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/rollback"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// redriveOptions are the flags of `invbridge redrive`.
type redriveOptions struct {
	parked  bool
	confirm []string // imports
	dead    []string // URLs of queues
	again   bool
	plan    bool
}

func (o *redriveOptions) flags(f *pflag.FlagSet, s *session.Session) {
	putFlags(f, s)
	f.BoolVar(&o.parked, "parked", false, "look for the nodes of parked records now")
	f.StringArrayVar(&o.dead, "dead-letters", nil, "`URL` of a queue of dead letters: how many messages wait there")
	f.BoolVar(&o.again, "again", false, "with --dead-letters: move them back to where they came from")
	f.StringArrayVar(&o.confirm, "confirm-absent", nil, "`IMPORT`: clear the nodes that its document no longer names; the first characters of its ID suffice")
	f.BoolVar(&o.plan, "plan", false, "with --confirm-absent: show which rows would go, and clear nothing")
}

// args allows one of the things to do at a time.
func (o *redriveOptions) args(_ *cobra.Command, files []string) error {
	switch {
	case len(files) > 0 && (o.parked || len(o.confirm)+len(o.dead) > 0):
		return session.UsageError("name files, or --parked, or --confirm-absent IMPORT, or --dead-letters URL: one at a time")
	case o.again && len(o.dead) == 0:
		return session.UsageError("--again needs --dead-letters URL")
	case o.plan && len(o.confirm) == 0:
		return session.UsageError("--plan needs --confirm-absent IMPORT: of a file, invbridge plan FILE shows what a put would do")
	}
	return nil
}

// run lists what waits for somebody, or tries it again. Mended files are put as any other.
func (o *redriveOptions) run(ctx context.Context, s *session.Session, out *output.Lines, files []string) error {
	switch {
	case len(files) > 0:
		return put(ctx, s, out, files)
	case len(o.dead) > 0:
		return deadLetters(ctx, s, out, o)
	case o.parked:
		return sweep(ctx, s, out, func(b *bridge.Bridge) (bridge.SweepResult, error) { return b.SweepParked(ctx) })
	case len(o.confirm) > 0:
		return takeAway(ctx, s, out, o.plan, func(b *bridge.Bridge) (bridge.SweepResult, error) { return confirmAbsent(ctx, b, o.confirm) })
	}
	return listWaiting(ctx, s, out)
}

func confirmAbsent(ctx context.Context, b *bridge.Bridge, imports []string) (bridge.SweepResult, error) {
	var sum bridge.SweepResult
	book := receipt.NewBook(b.Ledger.Store())
	for _, begin := range imports {
		id, err := book.Whole(ctx, begin)
		if errors.Is(err, receipt.ErrUnknownImport) {
			return sum, noImport(begin, "", "invbridge redrive, or ")
		}
		if err != nil {
			return sum, err
		}
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
}

func listWaiting(ctx context.Context, s *session.Session, out *output.Lines) error {
	config, err := s.ToPlan(ctx)
	if err != nil {
		return err
	}
	list, damaged := bridge.New(config).Waiting(ctx) // the list has what can be read
	counts := map[string]int{"parked": 0, "rejected": 0, "absent": 0, "elsewhere": 0, "misplaced": 0}
	book := receipt.NewBook(config.Ledger.Store())
	for i, w := range list {
		counts[w.Kind] += w.Count
		out.Print(w, output.Waiting(w))
		if w.Kind == "rejected" {
			if undone, err := rollback.Undone(ctx, book, w.Import); err == nil && undone { // else nothing is known of it
				out.Text("          its import was rolled back: nobody needs to mend it\n")
			}
		}
		if i+1 == len(list) || list[i+1].Kind != w.Kind {
			out.Text("%s", output.AfterWaiting(w.Kind))
		}
	}
	if len(list) == 0 && damaged == nil {
		out.Text("nothing waits\n")
	}
	out.Summary(counts)
	return damaged
}

// deadLetters counts the messages in queues of dead letters, and moves them back with --again.
func deadLetters(ctx context.Context, s *session.Session, out *output.Lines, o *redriveOptions) error {
	api, err := s.Clients(ctx)
	if err != nil {
		return err
	}
	next := ". Again: --again"
	if o.again {
		next = ": they are moved back to where they came from"
	}
	all := 0
	for _, url := range o.dead {
		q, err := signal.NewQueue(api.Config, url)
		if err != nil {
			return err
		}
		n, err := q.Waiting(ctx)
		if err == nil && n > 0 && o.again {
			err = q.Redrive(ctx)
		}
		if err != nil {
			return err
		}
		all += n
		line := map[string]any{"kind": "dead", "queue": url, "count": n, "again": o.again}
		out.Print(line, fmt.Sprintf("dead      %6d messages in %s%s", n, url, next))
	}
	out.Summary(map[string]int{"dead": all})
	return nil
}
