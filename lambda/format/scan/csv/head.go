package csv

import (
	"bytes"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// Head returns the first rows of a CSV file, most at most, blank ones left out: where a header is looked for. Its indices
// are those of Dialect.HeaderRow. The head may be cut anywhere: unless it is complete, its last row is left out. Rows
// end where the bytes no longer make a row under the delimiter.
func Head(head []byte, complete bool, d scan.Dialect, most int) [][]string {
	head = bytes.TrimPrefix(head, []byte(bom))
	cells := scan.Limits{}.OrDefaults().Cells
	s := splitter{delimiter: d.Delimiter, backslash: d.Backslash, most: cells}
	w := wrapped{inner: splitter{delimiter: d.Delimiter, most: cells}}
	var rows [][]string
	for len(rows) < most && len(head) > 0 {
		size := s.row(head, complete).size
		if size == 0 {
			break
		}
		if !s.blank(head) {
			if d.Wrapped {
				rows = append(rows, w.unwrapped(&s, head))
			} else {
				rows = append(rows, s.texts(head))
			}
		}
		head = head[size:]
	}
	return rows
}

func (s *splitter) texts(row []byte) []string {
	texts := make([]string, 0, len(s.cells))
	for _, c := range s.cells {
		texts = append(texts, string(bytes.TrimSpace(s.text(row, c))))
	}
	return texts
}

// Dialects returns in which ways a header may be written: those in which each row is quoted as a whole come last, and count only where the header
// is in none of the others.
func Dialects() []scan.Dialect {
	var all []scan.Dialect
	for _, isWrapped := range []bool{false, true} {
		for _, delimiter := range []byte{',', ';', '\t', '|'} {
			all = append(all, scan.Dialect{Delimiter: delimiter, Wrapped: isWrapped})
		}
	}
	return all
}

// FirstRow takes the first row for the header, in the dialect that makes the most columns of it; columns is 0 where there is none.
func FirstRow(head []byte, complete bool) (best scan.Dialect, columns int) {
	for _, d := range Dialects() {
		if d.Wrapped && columns > 1 {
			break
		}
		if rows := Head(head, complete, d, 1); len(rows) > 0 && len(rows[0]) > columns {
			best, columns = d, len(rows[0])
		}
	}
	return WithBackslash(best, head), columns
}
