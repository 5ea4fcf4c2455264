package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/trial"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/spf13/cobra"
)

func mappingCheckCommand(s *session.Session) *cobra.Command {
	var sample string
	cmd := &cobra.Command{
		Use:     "check [DIR…]",
		Short:   "Report every mistake in mapping and type files, or what a mapping misses in a sample",
		Example: examples("invbridge mapping check mine", "invbridge mapping check --sample backups.csv mine"),
		RunE:    func(cmd *cobra.Command, dirs []string) error { return checkMappings(cmd.Context(), s, dirs, sample) },
	}
	cmd.Flags().StringVar(&sample, "sample", "", "`document` to try the mapping on: what it never fills, never uses, truncates or does not understand")
	cmd.Flags().StringVar(&s.Mapping, "mapping", "", "with --sample: `name` of the mapping that it is for; without it the content decides")
	return cmd
}

// problemLine is a problem in `mapping check --json`.
type problemLine struct {
	File       string `json:"file"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	Pointer    string `json:"pointer"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion,omitempty"`
}

func checkMappings(ctx context.Context, s *session.Session, dirs []string, sample string) error {
	set, err := loadOwn(s, dirs)
	if err != nil {
		return err
	}
	if sample != "" {
		return checkSample(ctx, s, set, sample)
	}
	own := 0
	for _, name := range set.Names() {
		if m, _ := set.Mapping(name); !m.Builtin {
			own++
		}
	}
	out := output.NewLines(s.Out, s.JSON)
	out.Summary(map[string]int{"mappings": len(set.Names()), "own": own, "problems": 0})
	if !s.JSON {
		fmt.Fprintf(out, "no problems: %s, %d of them your own, %s\n", output.Plural(len(set.Names()), "mapping"), own, output.Plural(len(set.Types()), "type"))
	}
	return out.Flush()
}

// loadOwn loads all mappings, those in dirs included. Where they have problems, these are shown.
func loadOwn(s *session.Session, dirs []string) (*mapping.Set, error) {
	set, err := s.LoadMappings(dirs...)
	var problems problem.List
	if errors.As(err, &problems) {
		return nil, errors.Join(showProblems(s, problems), errShown)
	}
	return set, err
}

func showProblems(s *session.Session, problems problem.List) error {
	if !s.JSON {
		_, err := fmt.Fprintf(s.Err, "%s\n%s\n", strings.TrimRight(problems.Error(), "\n"), output.Plural(len(problems), "problem"))
		return err
	}
	out := output.NewLines(s.Out, true)
	for _, p := range problems {
		out.Object(problemLine{p.File, p.Line, p.Column, p.Pointer, p.Message, p.Suggestion})
	}
	out.Summary(map[string]int{"problems": len(problems)})
	return out.Flush()
}

func checkSample(ctx context.Context, s *session.Session, set *mapping.Set, sample string) error {
	d, err := s.Document(ctx, sample)
	if err != nil {
		return err
	}
	defer func() { _ = d.Source.Close() }() // a temporary copy: the system removes what could not be
	d.Delivery.Declared = s.Mapping
	sum, findings, err := trial.Sample(ctx, set, d)
	if err != nil {
		return err
	}
	out := output.NewLines(s.Out, s.JSON)
	for _, f := range findings {
		out.Print(f, f.Text(d.Source.Name))
	}
	if !s.JSON {
		fmt.Fprintf(out, "%s: mapping %s, %s, %d entries, %d skipped, %d rejected, %d without an identifier; %s\n",
			d.Source.Name, sum.Mapping, output.Plural(sum.Records, "record"), sum.Entries, sum.Skipped, sum.Rejected, sum.Unidentified,
			output.Plural(sum.Findings, "finding"))
	}
	out.Summary(sum)
	if err := out.Flush(); err != nil {
		return err
	}
	if sum.Rejected+sum.Unidentified > 0 {
		return errPartial
	}
	return nil
}
