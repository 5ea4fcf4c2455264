package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// mappingNew drafts a mapping from a sample.
func (s *session) mappingNew(ctx context.Context, args []string) error {
	from := s.options.from
	if from == "" && len(args) == 1 {
		from, args = args[0], nil
	}
	if from == "" || len(args) > 0 {
		return usageError("say from which sample: invbridge mapping new --from FILE [--name NAME] [--out DIR]")
	}
	taken, err := s.takenNames()
	if err != nil {
		return err
	}
	taken.Name = s.options.name
	d, err := s.draft(ctx, from, taken)
	if err != nil {
		return err
	}
	return s.saveDraft(d)
}

// draft reads the beginning of a document, or a workbook, and drafts a mapping from it.
func (s *session) draft(ctx context.Context, from string, taken draft.Options) (draft.Draft, error) {
	src, err := s.oneSource(ctx, from)
	if err != nil {
		return draft.Draft{}, err
	}
	defer func() { _ = src.Source.Close() }() // a temporary copy: the system removes what could not be
	doc, err := document.Open(ctx, src.Source, document.Limits{})
	if err != nil {
		return draft.Draft{}, err
	}
	defer func() { _ = doc.Close() }() // it was read
	sample := draft.Sample{Name: filepath.Base(src.Source.Name)}
	if a := doc.Archive(); a != nil {
		sample.Archive = a
		return draft.Make(sample, taken)
	}
	text, err := io.ReadAll(io.LimitReader(doc, draft.MaxBytes+1))
	if err != nil {
		return draft.Draft{}, err
	}
	sample.Text, sample.Complete = text[:min(len(text), draft.MaxBytes)], len(text) <= draft.MaxBytes
	return draft.Make(sample, taken)
}

// saveDraft writes the files into the directory of --out, or both, one after the other, to stdout: a file may hold both.
func (s *session) saveDraft(d draft.Draft) error {
	if s.options.out == "" {
		_, err := s.out.Write(slices.Concat(d.Mapping, separated(d.Types)))
		return err
	}
	if err := os.MkdirAll(s.options.out, 0o755); err != nil { //nolint:gosec // files for the user to share and commit
		return err
	}
	if err := d.Save(s.options.out); err != nil {
		return err
	}
	for _, name := range sortedKeys(d.Files()) {
		fmt.Fprintln(s.err, "wrote", filepath.Join(s.options.out, name))
	}
	fmt.Fprintf(s.err, "next: read them, then invbridge mapping check --sample FILE %s\n", s.options.out)
	return nil
}

func separated(types []byte) []byte {
	if types == nil {
		return nil
	}
	return append([]byte("---\n"), types...)
}

// takenNames are the names of all mappings and types that there are, those beside the draft included.
func (s *session) takenNames() (draft.Options, error) {
	dirs := slices.Clone(s.options.mappings)
	if out := s.options.out; out != "" && !slices.Contains(dirs, out) {
		if _, err := os.Stat(out); err == nil {
			dirs = append(dirs, out)
		}
	}
	set, err := load.Options{AWSTypes: s.options.awsTypes}.Load(dirs...)
	if err != nil {
		return draft.Options{}, err
	}
	o := draft.Options{Mappings: set.Names()}
	for _, t := range set.Types() {
		o.Types = append(o.Types, t.Name())
	}
	return o, nil
}

// oneSource opens the one document that an argument names.
func (s *session) oneSource(ctx context.Context, from string) (intake.Document, error) {
	list, err := s.sources(ctx, from)
	switch {
	case err != nil:
		return intake.Document{}, err
	case len(list) != 1:
		for _, d := range list {
			err = errors.Join(err, d.Source.Close())
		}
		return intake.Document{}, errors.Join(fmt.Errorf("%s holds %s: name one of them", strings.TrimSuffix(from, "/"), plural(len(list), "file")), err)
	}
	return list[0], nil
}
