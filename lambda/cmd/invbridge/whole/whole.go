// Package whole checks and repairs a state, and shows what it found.
package whole

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/audit"
)

// errFound is that something is wrong with the state, which is on the output already.
var errFound = fmt.Errorf("something is wrong with the state: %w", session.ErrPartial)

// Check runs `invbridge state check`.
func Check(ctx context.Context, s *session.Session, out *output.Lines, _ []string) error {
	state, err := s.AuditedState(ctx)
	if err != nil {
		return err
	}
	state.Options.Look = true // whichever service it was made for: that need not be at hand
	report, err := state.Check(ctx)
	if err != nil {
		return err
	}
	for _, f := range report.Findings {
		out.Print(f, findingText(f)+"\n    "+f.Do)
	}
	for _, f := range report.Spare {
		out.Object(f)
	}
	out.Text("%d objects, %d of them unreferenced; something is wrong with %d\n", report.Objects, report.Unreferenced, len(report.Findings))
	out.Summary(map[string]int{"objects": report.Objects, "unreferenced": report.Unreferenced, "findings": len(report.Findings)})
	if len(report.Findings) > 0 {
		return errFound
	}
	return nil
}

func findingText(f audit.Finding) string {
	return fmt.Sprintf("%-9s %s: %s", f.Kind, f.Object, f.Problem)
}

// left is what a person can do about an object of which the store has no older version that is whole.
func left(do string) string {
	if rest, ok := strings.CutPrefix(do, audit.Restore); ok {
		return "the store keeps no older version of it that is whole: restore it from a copy of the state, where there is one" + rest
	}
	return do
}

// RepairOptions are the flags of `invbridge state repair`.
type RepairOptions struct{ plan bool }

// Flags declares them.
func (o *RepairOptions) Flags(f *pflag.FlagSet, _ *session.Session) {
	f.BoolVar(&o.plan, "plan", false, "say what would be done, and write nothing")
}

// Run repairs the state.
func (o *RepairOptions) Run(ctx context.Context, s *session.Session, out *output.Lines, _ []string) error {
	state, err := s.AuditedState(ctx)
	if err != nil {
		return err
	}
	list, err := state.Repair(ctx, o.plan)
	counts := map[string]int{"repaired": 0, "left": 0}
	for _, r := range list {
		if r.Repaired {
			counts["repaired"]++
			out.Print(r, fmt.Sprintf("%-9s %s: %s", "repaired", r.Object, r.How))
			continue
		}
		counts["left"]++
		out.Print(r, findingText(r.Finding)+"\n    cannot be repaired: "+left(r.Do))
	}
	out.Text("%d repaired, %d left\n", counts["repaired"], counts["left"])
	out.Summary(counts)
	if errors.Is(err, ledger.ErrConflict) {
		return fmt.Errorf("something else writes the state: stop it, and repair again: %w", err)
	}
	if err == nil && counts["left"] > 0 {
		return errFound
	}
	return err
}
