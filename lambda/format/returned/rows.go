package returned

import (
	"bytes"
	"context"
	stdcsv "encoding/csv"
	"fmt"
	"io"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
)

// The column of errors in rows that are given back: the other one where the file has a column "error" of its own.
const (
	ErrorColumn      = errorName
	OtherErrorColumn = otherError
)

// Rows reads a CSV file once more and gives back the rows for whose places wrong returns a reason, each as the CSV of one row
// with that behind it, under the file's header. The column of errors of a mended file is left out.
func Rows(
	ctx context.Context, file io.Reader, d scan.Dialect, mended *Mended,
	wrong func(scan.Place) (reason string, wanted bool), each func(header, row []byte) error,
) error {
	w := &rowWriter{column: -1}
	w.csv = stdcsv.NewWriter(&w.buffer)
	if d.Delimiter != 0 {
		w.csv.Comma = rune(d.Delimiter)
	}
	wanted := func(at scan.Place) bool {
		_, ok := wrong(at)
		return ok
	}
	return csv.Rows(scan.InContext(ctx, file), scan.Limits{}, d, wanted, func(row csv.Row) error {
		if w.header == nil {
			if err := w.begin(row.Header, mended); err != nil {
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
		return nil, fmt.Errorf("returned: writing CSV: %w", err)
	}
	return w.buffer.Bytes(), nil
}
