package draft

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
)

// errRejected: the draft does not take every record of its sample.
var errRejected = errors.New("the draft rejects records of its own sample")

// errHeader: readers would take another row, or other delimiters, for the header's.
var errHeader = errors.New("more than one row or delimiter makes a header of the same names: leave out the lines before the header, and give columns names of their own")

// try loads the draft as a user would, and reads the sample with it. It returns which rows are no records, by their reasons.
func (d Draft) try(s *shape.Source) (map[string]int, error) {
	dir, err := os.MkdirTemp("", "invbridge-draft-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // of the system's temporary files
	if err := d.Save(dir); err != nil {
		return nil, err
	}
	set, err := load.Options{}.Load(dir)
	if err != nil {
		return nil, err
	}
	choice, err := chosen(set, s, choose.Origin{Declared: d.Name, Local: true})
	if err != nil {
		return nil, err
	}
	if s.Format == syntax.CSV && (choice.Dialect.HeaderRow != s.Dialect.HeaderRow || s.Sheet == nil && choice.Dialect != s.Dialect) {
		return nil, errHeader
	}
	return asidesOf(s, choice)
}

// asidesOf reads the sample, and returns which rows are no records.
func asidesOf(s *shape.Source, choice mapping.Choice) (map[string]int, error) {
	asides := map[string]int{}
	in := read.Input{Reader: bytes.NewReader(s.Text), Archive: s.Archive}
	reading := read.Document(context.Background(), in, choice, read.Facts{Name: s.Name})
	for rec, err := range reading.Records() {
		if err != nil && !s.Complete && errors.Is(err, scan.ErrCut) {
			break
		}
		if err != nil {
			return nil, err
		}
		if rec.Aside {
			asides[rec.Skip]++
		}
		if err := rejected(rec); err != nil {
			return nil, err
		}
	}
	return asides, nil
}

// headBytes is how much of a document readers look at to find out how it is written.
const headBytes = 1 << 20

// chosen takes the draft for its sample, if it is recognised by it.
func chosen(set *mapping.Set, s *shape.Source, d choose.Origin) (mapping.Choice, error) {
	if s.Archive != nil {
		return set.ChooseArchive(d, s.Archive)
	}
	head := s.Text[:min(len(s.Text), headBytes)]
	return set.Choose(d, head, s.Complete && len(head) == len(s.Text))
}

func rejected(rec *read.Record) error {
	for e, err := range rec.Entries() {
		if err != nil {
			return err
		}
		if e.Reject != "" {
			return fmt.Errorf("%w: record %d: %s", errRejected, rec.Number, e.Reject)
		}
	}
	return nil
}

// Files returns the draft's files by their names.
func (d Draft) Files() map[string][]byte {
	files := map[string][]byte{d.Name + ".yaml": d.Mapping}
	if d.Types != nil {
		files[d.Name+"-types.yaml"] = d.Types
	}
	return files
}

// Save writes the draft's files into a directory, and leaves alone what is there.
func (d Draft) Save(dir string) error {
	for _, name := range slices.Sorted(maps.Keys(d.Files())) {
		path := filepath.Join(dir, name)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a file for the user to read, share and commit
		if errors.Is(err, os.ErrExist) {
			return fmt.Errorf("draft: %s is there already: choose another --name or --out", path)
		}
		if err != nil {
			return err
		}
		_, err = f.Write(d.Files()[name])
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}
