package workbook

import (
	"bytes"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// judge finds out what a row behind the header is. Most are records, for which their first text is enough.
func (s *sheets) judge(row *Row) (kind scan.RowKind, why string, err error) {
	gap := row.Number > s.last+1
	s.last = row.Number
	if gap {
		s.table.Blank()
	}
	first, err := row.Text(row.Cells[0])
	if err != nil || s.table.IsRecord(first) {
		return scan.Record, "", err
	}
	s.texts = s.texts[:0]
	for _, cell := range row.Cells {
		text, err := row.Text(cell)
		if err != nil {
			return scan.Record, "", err
		}
		for len(s.texts) < cell.Column {
			s.texts = append(s.texts, nil)
		}
		s.texts[cell.Column-1] = bytes.Clone(text)
	}
	kind, why = s.table.Judge(s.texts, row.Number, true)
	return kind, why, nil
}

// aside says that there is a row which is none of the table's records.
func (s *sheets) aside(why string, at scan.Place) error {
	if s.tables == nil {
		return nil
	}
	s.tables.Aside(why)
	action, err := s.tables.Open(nil, scan.Object, at)
	if err != nil || action == scan.Skip {
		return err
	}
	return s.tables.Close()
}
