package read

import (
	"context"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/returned"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// Spot is where a record stands in a document: the same in each reading of it.
type Spot struct {
	Offset int64 // in bytes of the decoded text
	Block  int   // of the mapping
}

// Spot returns where the record stands.
func (r *Record) Spot() Spot { return Spot{r.Place.Offset, r.block} }

// Returned reads a document once more and returns the records at the spots for which wrong has what was wrong: each as a JSON object on
// a line of its own, which the mapping reads as it reads the record (see choose.Mended), with that in its field error.
func Returned(ctx context.Context, in Input, c mapping.Choice, wrong map[Spot]string, each func(line []byte) error) error {
	of, err := planOf(c.Mapping)
	if err != nil {
		return fmt.Errorf("mapping: %s: %w", c.Mapping.Name, err)
	}
	program, err := plan.CompileWhole(of)
	if err != nil {
		return fmt.Errorf("mapping: %s: %w", c.Mapping.Name, err)
	}
	offsets := make(map[int64]bool, len(wrong))
	for at := range wrong {
		offsets[at.Offset] = true
	}
	engine := in.engine(c)
	engine.Only = func(at scan.Place) bool { return offsets[at.Offset] }
	reading := record.Read(ctx, program, engine)
	var line []byte
	for found, err := range reading.Records() {
		if err != nil {
			return err
		}
		reason, wanted := wrong[Spot{found.Place.Offset, found.Block}]
		if !wanted {
			continue
		}
		line = returned.AppendDocument(line[:0], reading, found, reason)
		if err := each(line); err != nil {
			return err
		}
	}
	return nil
}

// engine is how the document is read.
func (in Input) engine(c mapping.Choice) record.Input {
	e := record.Input{
		Reader: in.Reader, Archive: in.Archive, Format: c.Format, Dialect: c.Dialect, Section: c.Mapping.Conventions.Sections,
		Limits: in.Limits, TempDir: in.TempDir, Budget: in.Budget,
	}
	if in.Trace != nil {
		e.Watch = in.Trace.Field
	}
	if c.Mended != nil {
		e.Mended = &returned.Mended{Column: c.Mended.Column}
	}
	return e
}
