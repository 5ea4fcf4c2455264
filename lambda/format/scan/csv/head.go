package csv

import (
	"bytes"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// Head returns the first rows of a CSV file, most at most, blank ones left out: where a header is looked for. Its indices
// are those of Dialect.HeaderRow. The head may be cut anywhere: unless it is complete, its last row is left out. Rows
// end where the bytes no longer make a row under the delimiter.
func Head(head []byte, complete bool, delimiter byte, most int) [][]string {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	s := splitter{delimiter: delimiter}
	var rows [][]string
	for len(rows) < most && len(head) > 0 {
		size := s.row(head, complete).size
		if size == 0 {
			break
		}
		if !s.blank(head) {
			rows = append(rows, s.texts(head))
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

// FirstRow takes the first row for the header, under the delimiter that makes the most columns of it; columns is 0 where there is none.
func FirstRow(head []byte, complete bool) (d scan.Dialect, columns int) {
	for _, delimiter := range []byte{',', ';', '\t', '|'} {
		if rows := Head(head, complete, delimiter, 1); len(rows) > 0 && len(rows[0]) > columns {
			d, columns = scan.Dialect{Delimiter: delimiter}, len(rows[0])
		}
	}
	return d, columns
}
