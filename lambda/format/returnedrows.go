package format

import (
	"bytes"
	"cmp"
	"context"
	stdcsv "encoding/csv"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// The column of rows that come back, which says what was wrong: the other one where the file has an error of its own.
const (
	ErrorColumn      = errorName
	OtherErrorColumn = otherError
)

// ReturnRows reads a CSV file once more and gives back the rows that begin where wrong says what was wrong, each as the CSV of one row
// with that behind it, under the file's header. The column of errors of a mended file is left out.
func ReturnRows(ctx context.Context, in Input, wrong func(scan.Place) (reason string, wanted bool), each func(header, row []byte) error) error {
	w := &rowWriter{column: -1}
	w.csv = stdcsv.NewWriter(&w.buffer)
	if in.Dialect.Delimiter != 0 {
		w.csv.Comma = rune(in.Dialect.Delimiter)
	}
	wanted := func(at scan.Place) bool {
		_, ok := wrong(at)
		return ok
	}
	src := &source{ctx: ctx, reader: in.Reader}
	return csv.Rows(src, in.Limits, in.Dialect, wanted, func(row csv.Row) error {
		if w.header == nil {
			if err := w.begin(row.Header, in.Mended); err != nil {
				return err
			}
		}
		reason, _ := wrong(row.Place)
		line, err := w.line(row.Cells, reason)
		if err != nil {
			return err
		}
		return each(w.header, line)
	})
}

// rowWriter writes rows with a column of errors.
type rowWriter struct {
	buffer bytes.Buffer
	csv    *stdcsv.Writer
	header []byte
	column int // that is left out; -1: none
}

func (w *rowWriter) begin(header []string, mended *Mended) (err error) {
	if mended != nil && mended.Column != "" {
		w.column = slices.Index(header, mended.Column)
	}
	name := ErrorColumn
	if at := slices.Index(header, name); at >= 0 && at != w.column {
		name = OtherErrorColumn
	}
	w.header, err = w.line(header, name)
	w.header = bytes.Clone(w.header)
	return err
}

func (w *rowWriter) line(cells []string, last string) ([]byte, error) {
	if w.column >= 0 {
		cells = slices.Delete(cells, w.column, w.column+1)
	}
	w.buffer.Reset()
	err := w.csv.Write(append(cells, last))
	w.csv.Flush()
	if err == nil {
		err = w.csv.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("format: writing CSV: %w", err)
	}
	return w.buffer.Bytes(), nil
}

// FirstRow takes the first row for the header, under the delimiter that makes the most of it.
func (h *Head) FirstRow() (scan.Dialect, bool) {
	if h.format != syntax.CSV {
		return scan.Dialect{}, false
	}
	found, most := csv.FirstRow(h.bytes, h.complete)
	return found, most > 0
}

// Columns gives the names in the header of a CSV file, as far as that is in the head.
func (h *Head) Columns(d scan.Dialect) []string {
	if h.format != syntax.CSV {
		return nil
	}
	rows := csv.Head(h.bytes, h.complete, cmp.Or(d.Delimiter, ','), d.HeaderRow+1)
	if len(rows) <= d.HeaderRow {
		return nil
	}
	return rows[d.HeaderRow]
}
