package own

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/trial"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read/missed"
)

// CheckOptions are the flags of `invbridge mapping check`.
type CheckOptions struct {
	sample string
	strict bool
}

// Flags adds them.
func (o *CheckOptions) Flags(f *pflag.FlagSet, s *session.Session) {
	f.StringVar(&o.sample, "sample", "", "`document` to try the mapping on: what it never fills, never uses, truncates or does not understand")
	f.BoolVar(&o.strict, "strict", false, "with --sample: end with 3 where there is a finding of any kind but a field that is not used")
	f.StringVar(&s.Mapping, "mapping", "", "with --sample: `name` of the mapping that it is for; without it the content decides")
}

// Run reports the problems of mappings, or what one misses in a sample.
func (o *CheckOptions) Run(ctx context.Context, s *session.Session, out *output.Lines, dirs []string) error {
	set, err := loadOwn(s, out, dirs)
	if err != nil {
		return err
	}
	if o.sample != "" {
		return o.checkSample(ctx, s, out, set)
	}
	if o.strict {
		return session.UsageError("--strict is for --sample FILE")
	}
	mappings, err := set.All()
	if err != nil {
		return err
	}
	own := 0
	for _, m := range mappings {
		if !m.Builtin {
			own++
		}
	}
	out.Summary(map[string]int{"mappings": len(mappings), "own": own, "problems": 0})
	out.Text("no problems: %s, %d of them your own, %s\n", output.Plural(len(mappings), "mapping"), own, output.Plural(len(set.Types()), "type"))
	return nil
}

// loadOwn loads all mappings, those in dirs included. Where they have problems, these are shown.
func loadOwn(s *session.Session, out *output.Lines, dirs []string) (*mapping.Set, error) {
	set, err := s.LoadMappings(dirs...)
	var problems problem.List
	if !errors.As(err, &problems) {
		return set, err
	}
	if !s.JSON {
		fmt.Fprintf(s.Err, "%s\n%s\n", strings.TrimRight(problems.Error(), "\n"), output.Plural(len(problems), "problem"))
	}
	for _, p := range problems {
		out.Object(p)
	}
	out.Summary(map[string]int{"problems": len(problems)})
	return nil, session.ErrShown
}

func (o *CheckOptions) checkSample(ctx context.Context, s *session.Session, out *output.Lines, set *mapping.Set) error {
	d, err := s.Document(ctx, o.sample)
	if err != nil {
		return err
	}
	d.Delivery.Declared = s.Mapping
	sum, findings, err := trial.Sample(ctx, set, d)
	if err != nil {
		return err
	}
	var unused []string
	for _, f := range findings {
		if f.Kind == missed.Unused && !s.JSON {
			unused = append(unused, output.Printable(f.Field))
			continue
		}
		out.Print(f, f.Text(d.Source.Name))
	}
	if len(unused) > 0 {
		out.Text("%s: %s of the records that the mapping does not use: %s\n", d.Source.Name, output.Plural(len(unused), "field"), strings.Join(unused, ", "))
	}
	displaced := ""
	if sum.Displaced > 0 {
		displaced = fmt.Sprintf(" (%d displaced)", sum.Displaced)
	}
	out.Text("%s: mapping %s, %s, %d entries%s, %d skipped, %d rejected, %d without an identifier; %s\n",
		d.Source.Name, sum.Mapping, output.Plural(sum.Records, "record"), sum.Entries, displaced, sum.Skipped, sum.Rejected, sum.Unidentified,
		output.Plural(sum.Findings, "finding"))
	out.Summary(sum)
	if sum.Rejected+sum.Unidentified+sum.Displaced > 0 || o.strict && slices.ContainsFunc(findings, func(f trial.Finding) bool { return f.Kind != missed.Unused }) {
		return session.ErrPartial
	}
	return nil
}
