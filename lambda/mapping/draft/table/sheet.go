package table

import (
	"bytes"
	"encoding/csv"
	"errors"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/workbook"
)

var errEnough = errors.New("table: enough rows were read")

// OfSheet writes a sheet of a workbook as CSV, up to about so many bytes.
func OfSheet(book *workbook.Book, i, most int) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	err := book.Rows(i, func(row *workbook.Row) error {
		var cells []string
		for _, cell := range row.Cells {
			text, err := row.Text(cell)
			if err != nil {
				return err
			}
			for len(cells) < cell.Column {
				cells = append(cells, "")
			}
			cells[cell.Column-1] = string(bytes.TrimSpace(text))
		}
		if err := w.Write(cells); err != nil {
			return err
		}
		if w.Flush(); b.Len() > most {
			return errEnough
		}
		return w.Error()
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return b.Bytes(), err
}
