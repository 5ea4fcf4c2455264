package head

import (
	"cmp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// headerRows is among how many rows the header is looked for.
const headerRows = 50

// Header looks for the first of 50 rows that has the columns under one of the delimiters , ; tab and |: the one that makes the most of
// that row. Where there is none, each row may be quoted as a whole.
func (h *Head) Header(columns *Columns) (scan.Dialect, bool) {
	var found scan.Dialect
	most := 0
	if h.format != syntax.CSV {
		return found, false
	}
	for _, d := range csv.Dialects() {
		if d.Wrapped && most > 0 {
			break
		}
		rows := h.tableRows(d)
		i := slices.IndexFunc(rows, columns.in)
		if i >= 0 && len(rows[i]) > most {
			found, most = d, len(rows[i])
			found.HeaderRow = i
		}
	}
	return csv.WithBackslash(found, h.bytes), most > 0
}

// tableRows returns the first rows of a table, which many mappings ask for.
func (h *Head) tableRows(d scan.Dialect) [][]*tree.Name {
	rows, known := h.rows[d]
	if !known {
		rows = fieldRows(csv.Head(h.bytes, h.complete, d, headerRows))
		if h.rows == nil {
			h.rows = map[scan.Dialect][][]*tree.Name{}
		}
		h.rows[d] = rows
	}
	return rows
}

// FirstRow takes the first row for the header, under the delimiter that makes the most of it.
func (h *Head) FirstRow() (scan.Dialect, bool) {
	if h.format != syntax.CSV {
		return scan.Dialect{}, false
	}
	found, most := csv.FirstRow(h.bytes, h.complete)
	return found, most > 0
}

// Columns returns the names in the header of a CSV file, as far as that is in the head.
func (h *Head) Columns(d scan.Dialect) []string {
	if h.format != syntax.CSV {
		return nil
	}
	d.Delimiter = cmp.Or(d.Delimiter, ',')
	rows := csv.Head(h.bytes, h.complete, d, d.HeaderRow+1)
	if len(rows) <= d.HeaderRow {
		return nil
	}
	return rows[d.HeaderRow]
}
