// Package table finds in a text the row that names the columns, and how the rows are written, and makes such a text of a sheet. It knows words
// and what values look like, and nothing of mappings.
package table

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// headRows is among how many rows the header is looked for: as many as a reader looks at.
const headRows = 50

// headBytes is how much of a document readers look at to find out how it is written.
const headBytes = 1 << 20

// Text is a text that may be a table.
type Text struct {
	Name     string // the file's, for messages
	Bytes    []byte // UTF-8
	Complete bool   // they are all of it
	Sheet    bool   // it was written out of a workbook: there are commas between cells
}

// Header finds the delimiter and the header row of a CSV file: the delimiter that makes the most cells in rows of equal length, and
// the first row of that length that names columns instead of holding data.
func Header(text Text) (scan.Dialect, []string, error) {
	var best scan.Dialect
	var columns []string
	most := 0
	dialects := csv.Dialects()
	if text.Sheet {
		dialects = []scan.Dialect{{Delimiter: ','}}
	}
	for _, d := range dialects {
		if d.Wrapped && len(columns) > 1 {
			break
		}
		rows := csv.Head(text.Bytes, text.Complete, d, headRows)
		width, times := usualWidth(rows)
		row := slices.IndexFunc(rows, func(cells []string) bool { return namesColumns(cells, width) })
		if row < 0 || width*times <= most || width == 1 && !oneColumn(rows) {
			continue
		}
		best, columns, most = d, rows[row], width*times
		best.HeaderRow = row
	}
	if wrong := malformed(text); wrong != nil && (columns == nil || best.HeaderRow > 0 && errors.Is(wrong, csv.ErrBackslash)) {
		return best, nil, wrong
	}
	if columns == nil {
		return best, nil, fmt.Errorf("draft: %s is text, and none of its first %d rows names columns (cells between , ; tab or |, "+
			"few alike, no numbers): %s", text.Name, headRows, text.advice())
	}
	return csv.WithBackslash(best, text.Bytes[:min(len(text.Bytes), headBytes)]), columns, nil
}

var gaps = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\S {2,}\S`) })

// advice says what to do with a text that names no columns.
func (t Text) advice() string {
	lines, aligned := 0, 0
	for line := range bytes.Lines(t.Bytes[:min(len(t.Bytes), headBytes)]) {
		lines++
		if len(gaps().FindAll(line, 2)) == 2 {
			aligned++
		}
		if lines == headRows {
			break
		}
	}
	if aligned > 1 && 2*aligned > lines {
		return "columns that are lined up with spaces cannot be told apart; let the program write CSV or JSON"
	}
	return "put a row with the columns' names above the data"
}

// passing looks at nothing: how a table is written shows all the same.
type passing struct{ scan.Passing }

func (passing) Open([]byte, scan.Kind, scan.Place) (scan.Action, error) { return scan.Skip, nil }

// malformed returns what is wrong with a text that would be a table otherwise: rows may have other cells than they seem to.
func malformed(text Text) error {
	d, columns := csv.FirstRow(text.Bytes, text.Complete)
	if columns < 2 || text.Sheet {
		return nil
	}
	err := csv.Read(bytes.NewReader(text.Bytes), passing{}, scan.Limits{}, d)
	wrong, ok := errors.AsType[*scan.SyntaxError](err)
	if !ok || errors.Is(err, scan.ErrCut) && !text.Complete {
		return nil
	}
	return fmt.Errorf("draft: %s is no table that can be read: %w", text.Name, wrong)
}

var singleCells = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\pL\pN_.:@/-]+$`) })

// oneColumn distinguishes a list of names or numbers under a heading from prose.
func oneColumn(rows [][]string) bool {
	return len(rows) > 1 && !slices.ContainsFunc(rows[1:], func(cells []string) bool { return len(cells) != 1 || !singleCells().MatchString(cells[0]) }) &&
		len(rows[0]) == 1 && len(rows[0][0]) <= 40
}

// usualWidth returns how many cells most rows have, and how many rows that are. Cells beyond the last value do not count.
func usualWidth(rows [][]string) (width, times int) {
	counts := map[int]int{}
	for _, row := range rows {
		counts[len(row)]++
	}
	for w, n := range counts {
		if n > times || n == times && w > width {
			width, times = w, n
		}
	}
	if len(rows) <= 3 { // too few to vote: the widest
		for w := range counts {
			width = max(width, w)
		}
		times = counts[width]
	}
	return width, times
}

// namesColumns distinguishes a header from rows before it and from data. A few columns may have one name; where every name comes again, the
// row has headings of groups of columns. The first column may have no name: programs number rows in one.
func namesColumns(cells []string, width int) bool {
	named := 0
	times := map[string]int{}
	for _, cell := range cells {
		if content.NamesNothing(cell) {
			return false
		}
		if naming.Loose(cell) != "" {
			named++
			times[cell]++
		}
	}
	once := 0
	for _, n := range times {
		if n == 1 {
			once++
		}
	}
	least := width
	if named > 1 && naming.Loose(cells[0]) == "" {
		least--
	}
	return once > 0 && 2*len(times) >= named && named*10 >= least*7 && len(cells) >= width
}
