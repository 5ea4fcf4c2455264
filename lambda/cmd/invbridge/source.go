package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
)

func runSource(ctx context.Context, s *session, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "list":
		return s.listSources(ctx)
	case len(args) == 2 && args[0] == "remove":
		err := s.sweeping(ctx, func(b *bridge.Bridge) (bridge.SweepResult, error) {
			return b.RemoveSource(ctx, args[1], s.options.only...)
		})
		if errors.Is(err, bridge.ErrUnknownSource) {
			return fmt.Errorf("source %s: %w: see invbridge source list", args[1], err)
		}
		return err
	}
	return usageError("write source list, or source remove SOURCE")
}

func (s *session) listSources(ctx context.Context) error {
	config, done, err := s.withLedger(ctx)
	if err != nil {
		return err
	}
	defer done()
	list, err := bridge.New(config).Sources(ctx)
	if err != nil {
		return err
	}
	out := newLines(s.out)
	silent := 0
	for _, l := range list {
		if l.Silent {
			silent++
		}
		if err := s.showSource(out, l); err != nil {
			return err
		}
	}
	switch {
	case s.options.json:
		err = out.write(map[string]any{"summary": map[string]int{"sources": len(list), "silent": silent}})
	case len(list) == 0:
		_, err = fmt.Fprintln(out.w, "no source has said anything yet: see invbridge put")
	}
	return errors.Join(err, out.flush())
}

func (s *session) showSource(out *lines, l bridge.Source) error {
	if s.options.json {
		return out.write(l)
	}
	text := fmt.Sprintf("%-32s %6d nodes %8d rows", l.Source, l.Nodes, l.Rows)
	if !l.Heard.IsZero() {
		text += "  last heard " + stamp(l.Heard)
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
	_, err := fmt.Fprintln(out.w, text)
	return err
}
