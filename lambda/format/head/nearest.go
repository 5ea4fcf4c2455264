package head

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Near is how much of what is asked of a document it has.
type Near struct {
	Has, Of int      // what is there, of what is looked for
	Least   int      // so much of it would do; 0: all of it
	Missing []string // what must be there and is not
}

// Lacks is how much is missing.
func (n Near) Lacks() int {
	if n.Least > 0 {
		return max(n.Least-n.Has, len(n.Missing))
	}
	return n.Of - n.Has
}

// NearColumns returns how many of the columns stand in the row, of the first 50, that has the most of them. Of a workbook it is a row of
// the sheets that have the name; without one, of the first.
func (h *Head) NearColumns(sheets []string, columns *Columns) Near {
	best := columns.near(nil)
	for _, rows := range h.firstRows(sheets) {
		for _, row := range rows {
			if near := columns.near(row); near.Has > best.Has {
				best = near
			}
		}
	}
	return best
}

func (h *Head) firstRows(sheets []string) [][][]*tree.Name {
	var tables [][][]*tree.Name
	switch h.format {
	case syntax.CSV:
		for _, d := range csv.Dialects() {
			tables = append(tables, h.tableRows(d))
		}
	case syntax.Workbook:
		for _, i := range h.sheetsNamed(sheets) {
			tables = append(tables, h.sheetRows(i))
		}
	}
	return tables
}

func (c *Columns) near(row []*tree.Name) Near {
	n := Near{Of: len(c.all) + len(c.of)}
	if len(c.of) > 0 {
		n.Least = c.Len()
	}
	for i := range c.all {
		if !slices.ContainsFunc(row, c.all[i].Fits) {
			n.Missing = append(n.Missing, c.all[i].String())
		}
	}
	n.Has = len(c.all) - len(n.Missing) + countIn(row, c.of)
	return n
}

// NearMembers returns how many of the folders or members an archive has.
func (h *Head) NearMembers(names []string) Near {
	return nearNames(names, func(name string) bool { return h.HasMembers([]string{name}) })
}

// NearKeys returns how many of the keys the lines of a text begin with.
func (h *Head) NearKeys(names []string) Near {
	return nearNames(names, func(name string) bool { return h.HasKeys([]string{name}) })
}

func nearNames(names []string, has func(string) bool) Near {
	n := Near{Of: len(names)}
	for _, name := range names {
		if has(name) {
			n.Has++
		} else {
			n.Missing = append(n.Missing, name)
		}
	}
	return n
}
