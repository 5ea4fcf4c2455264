package csv

import (
	"bytes"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// texts are a row's, each trimmed, one behind the other.
type texts struct {
	bytes []byte
	ends  []int
	all   [][]byte
}

// judge finds out what a row behind the header is. Most are records, for which their first text is enough.
func (c *reader) judge(row []byte, ended bool) (kind scan.RowKind, why string) {
	if len(c.s.cells) <= len(c.header)+1 && c.table.IsRecord(c.first(row)) {
		return scan.Record, ""
	}
	t := &c.texts
	t.bytes, t.ends, t.all = t.bytes[:0], t.ends[:0], t.all[:0]
	for _, which := range c.s.cells {
		t.bytes = append(t.bytes, bytes.TrimSpace(c.s.text(row, which))...)
		t.ends = append(t.ends, len(t.bytes))
	}
	start := 0
	for _, end := range t.ends {
		t.all = append(t.all, t.bytes[start:end:end])
		start = end
	}
	return c.table.Judge(t.all, c.w.At().Line, ended)
}

// first returns the first text of a row that is not empty.
func (c *reader) first(row []byte) []byte {
	for _, which := range c.s.cells {
		text := row[which.start:which.end]
		if len(text) > 0 && text[0] > ' ' && text[0] != '=' && text[len(text)-1] > ' ' {
			return text // nothing to trim, as far as matters
		}
		if text = c.s.trimmed(row, which); len(text) > 0 {
			return text
		}
	}
	return nil
}

// aside says that there is a row which is none of the table's records.
func (c *reader) aside(why string, at scan.Place) error {
	if c.tables == nil {
		return nil
	}
	c.tables.Aside(why)
	action, err := c.tables.Open(nil, scan.Object, at)
	if err != nil || action == scan.Skip {
		return err
	}
	return c.tables.Close()
}
