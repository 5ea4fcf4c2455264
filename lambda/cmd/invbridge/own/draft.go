package own

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/trial"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// DraftOptions are the flags of `invbridge mapping new`.
type DraftOptions struct{ from, name, out string }

// Flags adds them.
func (o *DraftOptions) Flags(f *pflag.FlagSet, _ *session.Session) {
	f.StringVar(&o.from, "from", "", "`sample` to draft a mapping from")
	f.StringVar(&o.name, "name", "", "`name` of the mapping; without it one is made from the file's")
	f.StringVar(&o.out, "out", "", "`directory` to write to; without it standard output")
}

// Args takes the sample as an argument, too.
func (o *DraftOptions) Args(_ *cobra.Command, args []string) error {
	if o.from == "" && len(args) == 1 {
		o.from, args = args[0], nil
	}
	if o.from == "" || len(args) > 0 {
		return session.UsageError("name the sample: invbridge mapping new --from FILE [--name NAME] [--out DIR]")
	}
	return nil
}

// Run drafts a mapping from a sample.
func (o *DraftOptions) Run(ctx context.Context, s *session.Session, out *output.Lines, _ []string) error {
	taken, err := takenNames(s, o.out)
	if err != nil {
		return err
	}
	taken.Name = o.name
	d, err := makeDraft(ctx, s, o.from, taken)
	if err != nil {
		return err
	}
	if o.out == "" {
		text := string(d.Mapping)
		if d.Types != nil {
			text += "---\n" + string(d.Types) // a file may hold both
		}
		out.Page(text)
		return nil
	}
	if err := saveDraft(s, d, o.from, o.out); err != nil {
		return err
	}
	return o.sayRival(ctx, s, d.Name)
}

// sayRival says where another mapping would be chosen for the sample too.
func (o *DraftOptions) sayRival(ctx context.Context, s *session.Session, name string) error {
	var beside []string
	if !slices.Contains(s.MappingDirs, o.out) {
		beside = []string{o.out}
	}
	set, err := s.LoadMappings(beside...)
	if err != nil || o.from == "-" {
		return err
	}
	src, err := s.Document(ctx, o.from)
	if err != nil {
		return err
	}
	chosen, err := trial.Chosen(ctx, set, src)
	rivals, ambiguous := errors.AsType[*choose.AmbiguousError](err)
	switch {
	case ambiguous:
		fmt.Fprintf(s.Err, "but %s and %s fit such files equally well, so that neither is chosen: delete one, or make its detect more specific\n", rivals.A, rivals.B)
	case err != nil:
		return err
	case chosen != name:
		fmt.Fprintf(s.Err, "but %s is chosen for such files: give --mapping %s, or make the detect of %s more specific\n", chosen, name, name)
	}
	return nil
}

// makeDraft reads the beginning of a document, or a workbook, and drafts a mapping from it.
func makeDraft(ctx context.Context, s *session.Session, from string, taken draft.Options) (draft.Draft, error) {
	src, err := s.Document(ctx, from)
	if err != nil {
		return draft.Draft{}, err
	}
	doc, err := document.Look(ctx, src.Source, document.Limits{})
	if err != nil {
		return draft.Draft{}, err
	}
	defer func() { _ = doc.Close() }() // it was read
	sample := shape.Sample{Name: filepath.Base(src.Source.Name)}
	if a := doc.Archive(); a != nil {
		sample.Archive = a
		return draft.Make(sample, taken)
	}
	text, err := io.ReadAll(io.LimitReader(doc, shape.MaxBytes+1))
	if err != nil {
		return draft.Draft{}, err
	}
	sample.Text, sample.Complete = text[:min(len(text), shape.MaxBytes)], len(text) <= shape.MaxBytes
	return draft.Make(sample, taken)
}

// saveDraft writes the files into a directory.
func saveDraft(s *session.Session, d draft.Draft, from, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // files for the user to share and commit
		return err
	}
	if err := d.Save(dir); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(d.Files())) {
		fmt.Fprintln(s.Err, "wrote", filepath.Join(dir, name))
	}
	fmt.Fprintf(s.Err, "next: read them, then invbridge mapping check --sample %s %s\n", from, dir)
	return nil
}

// takenNames are the names of all mappings and types that there are, those beside the draft included.
func takenNames(s *session.Session, out string) (draft.Options, error) {
	var beside []string
	if out != "" && !slices.Contains(s.MappingDirs, out) {
		if _, err := os.Stat(out); err == nil {
			beside = append(beside, out)
		}
	}
	set, err := s.LoadMappings(beside...)
	if err != nil {
		return draft.Options{}, err
	}
	o := draft.Options{Mappings: set.Names()}
	for _, t := range set.Types() {
		o.Types = append(o.Types, t.Name())
	}
	return o, nil
}
