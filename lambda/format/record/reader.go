package record

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// reader builds what is read of a document out of the events of its tokeniser.
type reader struct {
	g          *plan.Program
	dfa        *plan.Automaton
	names      *tree.Names
	pool       tree.Pool
	scope      path.Scope
	frames     []frame
	rowsAt     *plan.State // state of the rows of a list-like document …
	sheetNamed bool
	known      string      // of a workbook: the sheet by which it was recognised
	rowsIn     *tree.Value // … which are the items of this list
	sheet      *tree.Value // of a workbook: the list of rows of its first sheet, where they are read as the document's
	doc        *tree.Value
	root       string // the name of a root element
	open       []*record
	spare      []*record
	decided    []int          // by block: the alternative that was taken, or -1
	number     int            // of the last object that was a record
	lastID     int64          // of records
	rows       [][]*path.Rows // by table and alternative
	owners     path.Owners
	held       held
	nested     int        // JSON texts inside texts
	place      scan.Place // of what was opened last
	where      scan.Where // the field that is a text is
	give       func(*record) error
	limit      int // bytes in memory
	items      int // values that one value holds
	ended      bool
	given      Record
	yielded    *record                       // the record that is given; nil: none is
	eachEntry  func(func(Found, error) bool) // is entries
	only       func(scan.Place) bool         // records that are wanted; nil: all
	watch      func(string, bool)            // see Input.Watch
	unread     string                        // where the text that comes next stands, if isUnread
	isUnread   bool                          // nothing reads it
	marks      marks
	asides     asides
	digits     [12]byte // of a position
	field      textField
	columns    columns
}

// frame is a value that is not closed yet.
type frame struct {
	state   *plan.State
	value   *tree.Value
	counts  []fieldCount // where positions among fields of one name matter
	items   int32        // so far, of a list
	records int32        // that it is
	hasDoc  bool         // something of the document itself was kept in it
	mark    int          // 1 more than the block of which it is said to be a record
	tuple   bool         // it is an object of a list's items, which are called 0, 1, 2
}

type fieldCount struct {
	name  uint32
	count int32
}

func newReader(g *plan.Program) *reader {
	l := scan.Limits{}.OrDefaults()
	r := &reader{g: g, dfa: g.Automaton(), names: g.Names(), limit: l.Held, items: l.Items}
	r.decided = make([]int, len(g.Plan.Blocks))
	for i := range r.decided {
		r.decided[i] = -1
	}
	r.scope = path.Scope{Unwrap: g.Unwrap, Empty: g.Plan.Empty, Names: r.names, Buffer: &path.Buffer{}}
	r.rows = make([][]*path.Rows, len(g.Plan.Tables))
	r.eachEntry = r.entries
	return r
}

// begin opens the document: a root element, which is not there yet; an object of keys, members or sheets; or a list of root values or
// rows.
func (r *reader) begin(shape syntax.Shape) error {
	r.doc = r.pool.Begin(nil, nil, 0)
	r.doc.Kind = tree.Object
	r.scope.Doc = r.doc
	r.frames = append(r.frames, frame{state: r.dfa.Document(), value: r.doc})
	switch shape {
	case syntax.Root:
		return nil
	case syntax.List:
		r.doc.Kind = tree.List
		r.rowsIn = r.doc
		r.rowsAt = r.dfa.Rows()
	}
	return r.openRecords(&r.frames[0])
}

// Open begins a field, an item, a root value or a row.
func (r *reader) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	r.place = at
	up := &r.frames[len(r.frames)-1]
	var state *plan.State
	var field *tree.Name
	index := up.items
	if up.tuple {
		name = strconv.AppendInt(r.digits[:0], int64(up.items), 10)
		up.items++
	}
	if name == nil {
		up.items++
		state, field = up.state, up.value.Field
		if up.value == r.rowsIn {
			state = r.rowsAt
		}
	} else {
		field = r.names.Find(name)
		state = r.dfa.Step(up.state, field)
		if state != nil && r.g.UsesIndex {
			index = up.count(field)
		}
	}
	if r.watch != nil {
		r.watched(name, kind, state != nil)
	}
	if state == nil {
		r.asides.next = 0
		return scan.Skip, nil
	}
	if over, err := r.passOver(state, kind, at); over || err != nil {
		r.asides.next = 0
		return scan.Skip, err
	}
	if kind == scan.Null {
		return scan.Skip, r.null(up, state, field, index)
	}
	err := r.enter(state, field, kind, index)
	r.asides.next = 0
	return scan.Enter, err
}

// count returns the position of a field among those of its name.
func (f *frame) count(name *tree.Name) int32 {
	for i := range f.counts {
		if f.counts[i].name == name.Hash() {
			f.counts[i].count++
			return f.counts[i].count
		}
	}
	f.counts = append(f.counts, fieldCount{name: name.Hash()})
	return 0
}

// null keeps the place of a null in a list, as far as the list's items are kept.
func (r *reader) null(up *frame, state *plan.State, name *tree.Name, index int32) error {
	if up.value.Kind != tree.List || up.value == r.doc || !state.KeepsSome() {
		return nil
	}
	up.value.Append(r.pool.New(name, up.value, index))
	return r.few(up.value)
}

func (r *reader) enter(state *plan.State, name *tree.Name, kind scan.Kind, index int32) error {
	up := r.frames[len(r.frames)-1].value
	n := r.pool.Begin(name, up, index)
	n.Scope = up.Scope
	var counts []fieldCount
	if len(r.frames) < cap(r.frames) {
		counts = r.frames[:len(r.frames)+1][len(r.frames)].counts[:0]
	}
	r.frames = append(r.frames, frame{state: state, value: n, counts: counts})
	switch tuple := kind == scan.List && up.Kind == tree.List && up != r.doc && state.ByPosition; {
	case kind == scan.List && !tuple:
		n.Kind = tree.List
		r.present(state, n)
	case kind == scan.Object || tuple:
		n.Kind = tree.Object
		r.own(state, n)
		r.present(state, n)
		f := &r.frames[len(r.frames)-1]
		f.tuple = tuple
		if len(state.Records) > 0 {
			return r.openRecords(f)
		}
	}
	return nil
}

// Text is the text of a value, or an element's own.
func (r *reader) Text(value []byte) error {
	f := &r.frames[len(r.frames)-1]
	value = bytes.TrimSpace(value)
	if len(value) == 0 {
		return nil
	}
	mayBeJSON := (value[0] == '{' || value[0] == '[') && f.value.First == nil
	if mayBeJSON && (f.state.Deeper && !r.insideWanted() || len(f.state.Records) > 0) && json.Valid(value) {
		return r.jsonText(value)
	}
	if r.g.Plan.Unescape {
		value = unescape(value)
	}
	if f.state.Leaf {
		r.pool.SetText(f.value, value)
	}
	if f.value.Kind != tree.Null || !f.state.Leaf {
		return nil
	}
	f.value.Kind = tree.Text
	r.present(f.state, f.value)
	return r.openRecords(f)
}

// Close ends a value: what it is said to be is done with it, and it stays where something that encloses it reads it.
func (r *reader) Close() error {
	f := &r.frames[len(r.frames)-1]
	n := f.value
	n.Open = false
	r.disown(n)
	if n.Kind == tree.Null {
		r.pop()
		err := r.null(&r.frames[len(r.frames)-1], f.state, n.Field, int32(n.Index())) //nolint:gosec // as it was begun
		r.pool.Release(n)
		return err
	}
	if err := r.keep(f); err != nil {
		return err
	}
	encloses := n.Spooled != 0
	if err := r.closed(f); err != nil {
		return err
	}
	r.pop()
	if encloses {
		if err := r.writeAncestor(n); err != nil {
			return err
		}
	}
	n.Detach()
	if n == r.scope.Rows && !n.IsHeld() {
		r.scope.Rows = nil // nobody asks for it
	}
	r.pool.Release(n)
	if r.pool.Held() > r.limit {
		return r.flush()
	}
	return nil
}

func (r *reader) pop() { r.frames = r.frames[:len(r.frames)-1] }

// keep puts the value into what encloses it, where that reads it.
func (r *reader) keep(f *frame) error {
	up := &r.frames[len(r.frames)-2]
	kept, doc := f.state.Keeps(&r.scope, f.value, f.hasDoc)
	if !kept {
		return nil
	}
	up.value.Append(f.value)
	up.hasDoc = up.hasDoc || doc
	return r.few(up.value)
}

// few returns an error where a value holds too many.
func (r *reader) few(n *tree.Value) error {
	if n.Count() > r.items {
		return &HeldError{Place: r.place, Limit: r.items, Of: limit.Items}
	}
	return nil
}
