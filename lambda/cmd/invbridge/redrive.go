package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
)

// runRedrive lists what waits for somebody, or tries it again. Mended files are put as any other.
func runRedrive(ctx context.Context, s *session, args []string) error {
	switch {
	case len(args) > 0 && (s.options.parked || len(s.options.confirm)+len(s.options.dead) > 0):
		return usageError("name files, or --parked, or --confirm-absent IMPORT, or --dead-letters URL: one at a time")
	case s.options.again && len(s.options.dead) == 0:
		return usageError("--again goes with --dead-letters URL")
	case len(args) > 0:
		return runPut(ctx, s, args)
	case len(s.options.dead) > 0:
		return s.deadLetters(ctx)
	case s.options.parked:
		return s.sweeping(ctx, func(b *bridge.Bridge) (bridge.SweepResult, error) { return b.SweepParked(ctx) })
	case len(s.options.confirm) > 0:
		return s.confirmAbsent(ctx)
	}
	return s.listRedrive(ctx)
}

func (s *session) confirmAbsent(ctx context.Context) error {
	return s.sweeping(ctx, func(b *bridge.Bridge) (bridge.SweepResult, error) {
		var sum bridge.SweepResult
		for _, id := range s.options.confirm {
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

func (s *session) listRedrive(ctx context.Context) error {
	config, done, err := s.withLedger(ctx)
	if err != nil {
		return err
	}
	defer done()
	list, err := bridge.New(config).Waiting(ctx)
	if err != nil {
		return err
	}
	out := newLines(s.out)
	counts := map[string]int{"parked": 0, "rejected": 0, "absent": 0, "misplaced": 0}
	for _, w := range list {
		if counts[w.Kind] += w.Count; s.options.json {
			err = out.write(w)
		} else {
			_, err = fmt.Fprintln(out.w, waitingText(w))
		}
		if err != nil {
			return err
		}
	}
	switch {
	case s.options.json:
		err = out.write(map[string]any{"summary": counts})
	case len(list) == 0:
		_, err = fmt.Fprintln(out.w, "nothing waits")
	}
	return errors.Join(err, out.flush())
}

func misplacedText(m bridge.Misplaced) string {
	leads := "no node any more"
	if m.Leads != "" {
		leads = m.Leads
	}
	return fmt.Sprintf("misplaced %6d rows of source %s on %s: their machine leads to %s. To remove them: invbridge source remove %s --node %s",
		m.Rows, m.Source, m.Node, leads, m.Source, m.Node)
}

func waitingText(w bridge.Waiting) string {
	switch w.Kind {
	case "parked":
		return fmt.Sprintf("parked    %6d records of source %s, import %s: no managed node yet. Again: invbridge redrive --parked", w.Count, w.Source, w.Import)
	case "absent":
		return fmt.Sprintf("absent    %6d nodes of source %s are not named by import %s. To clear them: invbridge redrive --confirm-absent %s",
			w.Count, w.Source, w.Import, w.Import)
	case "misplaced":
		return misplacedText(bridge.Misplaced{Source: w.Source, Node: w.Node, Leads: w.Leads, Rows: w.Count})
	}
	return fmt.Sprintf("rejected  in %s: mend it, and put the file again under its name", w.File)
}
