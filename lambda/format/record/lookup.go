package record

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// TableRow is a row that a record looks up, and the names that lead to it in the document.
type TableRow struct {
	Names []string // from the document on, or from In
	Row   *tree.Value
	In    *tree.Value // the row of another table in which it stands, which has come before; nil: it stands anywhere
	way   []string    // from the document on
}

// LookedUp finds the rows of tables that the current record and its entries look up, by looking them up; not those inside the record.
func (r *Reading) LookedUp(rec *Record) []TableRow {
	tables := rec.scope.Tables
	if tables == nil {
		return nil
	}
	var rows []TableRow
	tables.Found = func(found path.Found) {
		known := slices.ContainsFunc(rows, func(r TableRow) bool { return r.Row == found.Row })
		if !known && !r.isInside(found.Row, rec) {
			names := r.reader.tablePlace(found)
			rows = append(rows, within(rows, TableRow{Names: names, Row: found.Row, In: found.In, way: names}))
		}
	}
	defer func() { tables.Found = nil }()
	r.lookUp(rec)
	slices.SortStableFunc(rows, func(a, b TableRow) int { return int(a.Row.Scope) - int(b.Row.Scope) }) // of equal keys the first counts
	return slices.DeleteFunc(rows, func(r TableRow) bool { return len(r.Names) == 0 })
}

// isInside reports whether a row stands in the record, and so comes back with it.
func (r *Reading) isInside(row *tree.Value, rec *Record) bool {
	n := row
	for n != nil && n != rec.Value {
		n = n.Parent
	}
	return n != nil || rec.Value == r.reader.doc
}

// lookUp evaluates all paths into tables.
func (r *Reading) lookUp(rec *Record) {
	block, scope := &r.reader.g.Plan.Blocks[rec.Block], rec.Scope()
	along := func(paths []path.Path, from *tree.Value) {
		for i := range paths {
			if paths[i].Root == path.RootTable {
				paths[i].Texts(&scope, from, nil)
			}
		}
	}
	along(block.Reads, rec.Value)
	along(block.CapturedAt, rec.Value)
	for _, host := range rec.Hosts {
		scope.Host = host
		along(block.HostReads, host)
	}
	for found, err := range rec.Entries() {
		if err != nil {
			return // comes again, and is reported, where the records are read
		}
		for _, host := range rec.Hosts {
			scope.Host = host
			along(block.Types[found.Type].Reads, found.Value)
		}
	}
}

// within makes the names of a row lead from the row of another table in which it stands.
func within(rows []TableRow, row TableRow) TableRow {
	at := slices.IndexFunc(rows, func(r TableRow) bool { return r.Row == row.In })
	if row.In == nil || at < 0 || len(rows[at].way) >= len(row.way) {
		row.In = nil
		return row
	}
	row.Names = row.way[len(rows[at].way):]
	return row
}

// tablePlace returns the names that lead to a table's row in a document with this row only; none where rows of the document are the
// table, for which there is no room in another one.
func (r *reader) tablePlace(found path.Found) []string {
	for i := range r.g.Plan.Tables {
		each := r.g.Plan.Tables[i].Each
		if r.g.Plan.Tables[i].Name == found.Table && each[found.Alternative].Root != path.RootRows {
			return appendNames(nil, each[found.Alternative].Steps)
		}
	}
	return nil
}

// appendNames takes the shortest way along the steps.
func appendNames(names []string, steps []path.Step) []string {
	for i := range steps {
		s := &steps[i]
		switch {
		case s.Repeat == path.AnyTimes, s.Repeat == path.AtMostOnce, s.Kind == path.Self:
		case s.Kind == path.Group:
			names = appendNames(names, s.Group)
		default:
			names = append(names, anyName(&s.Name))
		}
	}
	return names
}

// anyName is a name that fits.
func anyName(p *tree.Pattern) string {
	if name := strings.ReplaceAll(p.String(), "*", ""); name != "" || !p.Wild() {
		return name
	}
	return "x"
}
