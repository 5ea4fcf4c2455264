package format

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// returning writes a record as a document of its own.
type returning struct {
	r     *reader
	rec   *Record
	wrong string
	mark  int // 1 more than the record's block; 0: no need to mark it
	out   []byte
}

// branch is a field of the document that is being made: a node of the one that was read or, without a node, an object of others.
type branch struct {
	name   string
	node   *tree.Value
	record bool
	lists  int // the value stands in so many lists, at the position in the innermost
	index  int
	beside []*tree.Value // others in those lists
	fields []*branch
}

// maxPadded is how many values a list is made to have before the record, so that it keeps its position.
const maxPadded = 10_000

// root makes the object that encloses all: the document's root, or the root value in which the record stands.
func (w *returning) root() *branch {
	chain := w.chain()
	state := w.r.frames[0].state
	switch {
	case w.r.rowsAt != nil:
		state = w.r.rowsAt
	case w.ofRows(): // a row of the first sheet is a root value
	default:
		chain = append([]*tree.Value{w.r.doc}, chain...)
	}
	for chain[0].Kind() == tree.List && len(chain) > 1 {
		chain = chain[1:]
	}
	root := w.around(chain, state)
	for _, row := range w.rows() {
		root.place(row.names, row.node)
		w.markRow(state, row)
	}
	return root
}

// ofRows tells that the record was found among the rows of a workbook's first sheet, whatever that is called.
func (w *returning) ofRows() bool {
	each := w.r.g.plan.Blocks[w.rec.Block].Each
	return w.r.sheet != nil && len(each) > 0 && each[w.rec.Alternative].root == RootRows
}

// chain is what encloses the record inside the document, and the record last.
func (w *returning) chain() []*tree.Value {
	var chain []*tree.Value
	for n := w.rec.Node; n != nil && n != w.r.doc; n = n.Parent() {
		chain = append(chain, n)
	}
	slices.Reverse(chain)
	return chain
}

// around makes an object of the chain, with what is read of it and what stands in it next.
func (w *returning) around(chain []*tree.Value, state *dstate) *branch {
	n := chain[0]
	if len(chain) == 1 {
		return &branch{name: n.Name(), node: n, record: true}
	}
	b := &branch{name: n.Name()}
	if state != nil && len(state.records) > 0 {
		w.mark = w.rec.Block + 1
	}
	next, inState := chain[1], w.step(state, chain[1])
	lists, beside := 0, []*tree.Value(nil)
	for chain = chain[1:]; chain[0].Kind() == tree.List && len(chain) > 1; chain = chain[1:] {
		lists++
		for c := range chain[0].Children() {
			if c.Index() != chain[1].Index() && c.Kind() != tree.Null {
				beside = append(beside, c)
				w.markIfRecord(inState, c)
			}
		}
	}
	inner := w.around(chain, inState)
	inner.name, inner.lists, inner.beside = next.Name(), lists, beside
	if at := chain[0].Index(); w.r.g.padded && at > 0 && at <= maxPadded {
		inner.lists, inner.index = max(lists, 1), at
	}
	b.fields = append(b.fields, inner) // first, so that the mark in the record is met before other records are over
	for c := range n.Children() {
		if c.Name() != next.Name() || c.Index() != next.Index() {
			b.fields = append(b.fields, &branch{name: c.Name(), node: c})
			w.markIfRecord(w.step(state, c), c)
		}
	}
	return b
}

// markIfRecord has the record marked where something else in the document stands where records do.
func (w *returning) markIfRecord(s *dstate, n *tree.Value) {
	if s == nil || w.mark > 0 {
		return
	}
	if len(s.records) > 0 {
		w.mark = w.rec.Block + 1
	}
	for c := range n.Children() {
		w.markIfRecord(w.step(s, c), c)
	}
}

func (w *returning) step(s *dstate, n *tree.Value) *dstate {
	if s == nil || n.Field() == nil {
		return s
	}
	return w.r.dfa.step(s, n.Field())
}

// place puts a table's row where the table stands.
func (b *branch) place(names []string, row *tree.Value) {
	if len(names) == 1 {
		b.fields = append(b.fields, &branch{name: names[0], node: row})
		return
	}
	at := slices.IndexFunc(b.fields, func(f *branch) bool { return f.node == nil && f.name == names[0] })
	if at < 0 {
		at = len(b.fields)
		b.fields = append(b.fields, &branch{name: names[0]})
	}
	b.fields[at].place(names[1:], row)
}

// markRow has the record marked where a row stands where records do.
func (w *returning) markRow(s *dstate, row tableRow) {
	for _, name := range row.names {
		if s == nil || len(s.records) > 0 {
			break
		}
		s = w.r.dfa.step(s, w.r.names.Find([]byte(name)))
	}
	w.markIfRecord(s, row.node)
}

// tableRow is a row that the record looks up, and where it stands in the document.
type tableRow struct {
	names []string
	node  *tree.Value
}

// rows finds the rows of tables that the record and its entries look up, by looking them up.
func (w *returning) rows() []tableRow {
	tables := w.rec.scope.Tables
	if tables == nil || len(tables.Rows) == 0 {
		return nil
	}
	var rows []tableRow
	tables.Found = func(table string, row *tree.Value) {
		known := slices.ContainsFunc(rows, func(r tableRow) bool { return r.node == row })
		if !known && !w.inside(row) {
			rows = append(rows, tableRow{w.r.tablePlace(table, row), row})
		}
	}
	defer func() { tables.Found = nil }()
	w.lookUp()
	return slices.DeleteFunc(rows, func(r tableRow) bool { return len(r.names) == 0 })
}

// inside tells that a row stands in the record, and so comes back with it.
func (w *returning) inside(row *tree.Value) bool {
	n := row
	for n != nil && n != w.rec.Node {
		n = n.Parent()
	}
	return n != nil || w.rec.Node == w.r.doc
}

// lookUp evaluates all paths into tables.
func (w *returning) lookUp() {
	block, scope := &w.r.g.plan.Blocks[w.rec.Block], w.rec.Scope()
	along := func(paths []Path, from *tree.Value) {
		for i := range paths {
			if paths[i].root == RootTable {
				paths[i].Texts(&scope, from, nil)
			}
		}
	}
	along(block.Reads, w.rec.Node)
	along(block.CapturedAt, w.rec.Node)
	for found, err := range w.rec.Entries() {
		if err != nil {
			return // comes again, and is reported, where the records are read
		}
		for _, host := range w.rec.Hosts {
			scope.Host = host
			along(block.HostReads, host)
			along(block.Types[found.Type].Reads, found.Node)
		}
	}
}

// tablePlace gives the names that lead to a table's row in a document with this row only; none where rows of the document are the
// table, for which there is no room in another one.
func (r *reader) tablePlace(table string, row *tree.Value) []string {
	for i := range r.g.plan.Tables {
		t := &r.g.plan.Tables[i]
		if t.Name != table {
			continue
		}
		for alt, rows := range r.rows[i] {
			for _, n := range rows {
				if n == row && t.Each[alt].root != RootRows {
					return appendNames(nil, t.Each[alt].steps)
				}
			}
		}
	}
	return nil
}

// appendNames takes the shortest way along the steps.
func appendNames(names []string, steps []step) []string {
	for i := range steps {
		s := &steps[i]
		switch {
		case s.repeat == anyTimes, s.repeat == atMostOne, s.kind == stepSelf:
		case s.kind == stepGroup:
			names = appendNames(names, s.group)
		default:
			names = append(names, anyName(&s.name))
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
