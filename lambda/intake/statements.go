package intake

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/asof"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/keycut"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/sieve"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Open returns the header and statements of a partition's delivery. It may be called more than once.
func (im *Import) Open(partition int) (ledger.Header, iter.Seq2[*ledger.Statement, error], error) {
	h := im.header(partition)
	h.Absence, h.Page, h.Unreachable = im.absence(), im.page(), im.crowd.Unreachable()
	return h, im.statements(im.byNode, partition), nil
}

func (im *Import) header(partition int) ledger.Header {
	return ledger.Header{
		Import: im.ID, Partition: partition, Mapping: im.Mapping.Name, MappingHash: im.Mapping.Hash, Form: im.Mapping.SourceForm(),
		Document: im.document.Source.Name, Written: im.written(), Received: im.received, Into: im.Into(), Types: im.shapes(),
	}
}

func (im *Import) shapes() []ledger.TypeShape {
	var shapes []ledger.TypeShape
	for _, t := range im.Mapping.Types() {
		shapes = append(shapes, ledger.Shape(t.Inventory))
	}
	return shapes
}

// statements yields the statements of a partition; those about one node stand together.
func (im *Import) statements(from *spill.Buckets, partition int) iter.Seq2[*ledger.Statement, error] {
	return func(yield func(*ledger.Statement, error) bool) {
		for frames, err := range from.Groups(partition) {
			if err != nil {
				yield(nil, err)
				return
			}
			list, err := im.ofNode(frames)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, s := range list {
				if !yield(s, nil) {
					return
				}
			}
		}
	}
}

// statementKey is what the records of one statement share: a source's snapshot is one statement. A merge is one for each capture time, and
// so are records that are all that the source knows.
type statementKey struct {
	source                       string
	merge, partial, part, newest bool
	captured                     int64
}

// statementInProgress is a statement while its records are read.
type statementInProgress struct {
	statement *ledger.Statement
	types     map[int]*typeInProgress // by type of the mapping
	subject   []byte                  // the subject that was added last
	key       string                  // the machine's key that was added last
	times     []int64                 // by record: its capture time
	states    [][]int                 // by record: the types that it states, where that is asked for
	scopes    [][][]byte              // by record: what it looked at of these, encoded
	mixed     bool                    // the records have different ones
	of        statementKey
}

// typeInProgress is what a statement states of a type while its records are read.
type typeInProgress struct {
	index  int          // in the statement
	all    bool         // a record looked at all of it
	looked [][]byte     // what the others looked at, encoded, each once
	rows   int          // how many there are, where they are counted only
	sieve  *sieve.Sieve // nil: all rows are held
}

// gathering is a node's statements while its frames are read.
type gathering struct {
	im         *Import
	node       string
	statements map[statementKey]*statementInProgress
	current    *statementInProgress
	skipping   bool   // the record's machine turned out not to be the node
	looks      []look // records of which a newer one may stand alone
	counts     bool   // rows are counted only
	counted    *gathering
}

// ofNode returns the statements about the node of the frames. Where these are very many, rows beyond what an item can ever have are left out.
func (im *Import) ofNode(frames spill.Frames) ([]*ledger.Statement, error) {
	g := &gathering{im: im}
	if frames.Large() {
		counted := &gathering{im: im, counts: true}
		if err := counted.read(frames); err != nil {
			return nil, err
		}
		if counted.plain() {
			g.counted = counted.typesOnly()
		}
	}
	if err := g.read(frames); err != nil {
		return nil, errors.Join(err, g.close())
	}
	if err := errors.Join(g.sift(), g.close()); err != nil {
		return nil, err
	}
	if err := g.finish(); err != nil {
		return nil, err
	}
	return g.sorted(), nil
}

func (g *gathering) read(frames spill.Frames) error {
	g.statements = map[statementKey]*statementInProgress{}
	for f, err := range frames.All() {
		if err != nil {
			return err
		}
		if err := g.add(f); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) add(f []byte) error {
	d := g.im.frames.Decoder(f)
	id := d.Text()
	if g.node == "" {
		g.node = id
	}
	if id != g.node {
		return fmt.Errorf("intake: two nodes of one document cannot be told apart")
	}
	if h, first := d.Heading(); first {
		h.Scopes = d.Scopes(&g.im.scopes)
		g.skipping = g.im.displaced[h.Number]
		if !g.skipping {
			g.begin(&h)
		}
	}
	if g.skipping && !d.Bad() {
		return nil
	}
	if g.current == nil || d.Bad() {
		return frame.ErrDamaged
	}
	whole := d.Rest()
	for it, ok := d.Next(whole); ok; it, ok = d.Next(whole) {
		if err := g.item(it); err != nil {
			return err
		}
	}
	if d.Bad() {
		return frame.ErrDamaged
	}
	return nil
}

// begin finds or makes the statement that a record belongs to.
func (g *gathering) begin(h *frame.Heading) {
	captured := g.im.captured(h)
	st := g.statementOf(h, captured)
	s := st.statement
	if captured.After(s.Captured) {
		s.Captured = captured
	}
	if key := h.OwnKey(); !bytes.Equal(h.Raw, st.subject) || key != st.key { // most records of a machine name it in the same way
		g.identify(s, g.im.numbered(h.Subject(), key))
		st.subject, st.key = h.Raw, key
	}
	g.current = st
	s.Records = append(s.Records, ledger.RecordResult{Number: h.Number, Line: h.Line})
	st.times = append(st.times, captured.Unix())
	st.mixed = st.mixed || captured.Unix() != st.times[0]
	if h.Newest || g.im.scoped {
		st.states, st.scopes = append(st.states, h.States), append(st.scopes, h.Scopes)
	}
	for i, t := range h.States {
		var scope []byte
		if i < len(h.Scopes) {
			scope = h.Scopes[i]
		}
		g.typeOf(st, t).look(scope)
	}
	g.noteLook(h, st)
}

// identify adds the identifiers of a machine to a statement.
func (g *gathering) identify(s *ledger.Statement, machine node.Subject) {
	s.Subject = join(s.Subject, subjects.Identifiers(machine))
	if isParkedName(g.node) {
		s.Subject = join(s.Subject, subjects.Numbers(machine, ledger.NumberKind))
		if machine.Stated {
			s.Target = machine.Target()
		}
	} else {
		s.Subject = addNumber(s.Subject, machine, g.node, g.im.crowd)
	}
}

// statementOf finds the statement of a record, or makes it. Of a document that is a part all records are merged, but for those that are all
// that the source knows of their machine: a page is short of machines, not of what it has of one.
func (g *gathering) statementOf(h *frame.Heading, captured time.Time) *statementInProgress {
	v := statementKey{source: h.Source, merge: h.Merge || h.Partial, partial: h.Partial}
	if g.im.part != nil && !h.Newest && !v.merge {
		v.merge, v.part = true, g.im.part.Pages == 0 // a page that says which it is waits for the others
	}
	v.newest = h.Newest && !v.merge
	if v.merge || v.newest {
		v.captured = captured.Unix()
	}
	st := g.statements[v]
	if st == nil {
		st = &statementInProgress{
			statement: &ledger.Statement{
				Node: g.node, Source: h.Source, Merge: v.merge, Partial: v.partial, Part: v.part, Target: g.im.crowd.TargetOf(g.node),
			}, types: map[int]*typeInProgress{}, of: v,
		}
		g.statements[v] = st
	}
	return st
}

// Why a record is stale though its source has no newer document.
const (
	staleRecord = "the document has a newer record that states all that the source knows"
	staleLook   = "the document has a newer record of the same machine that looked at the same"
	staleEntry  = "a newer record of the document has an entry with the same key"
)

// markStale makes a record stale since a newer one of its document takes its place.
func markStale(f *ledger.RecordResult, reason string) { mark(f, receipt.Stale, reason) }

func mark(f *ledger.RecordResult, outcome receipt.Outcome, reason string) {
	if w := receipt.Worst(f.Outcome, outcome); w != f.Outcome {
		f.Outcome, f.Reason = w, reason
	}
}

// captured is the capture time of a record: its own, else the document's, else when the document was written; never in the future.
func (im *Import) captured(h *frame.Heading) time.Time {
	t := time.Unix(h.Captured, 0)
	switch {
	case h.Captured == 0 && h.Late && !im.late.IsZero():
		t = im.late
	case h.Captured == 0:
		t = im.undated()
	}
	if t.After(im.received) {
		t = im.received
	}
	return t.UTC()
}

// typeOf returns the part of a statement that is about a type of the mapping, and makes it where there is none.
func (g *gathering) typeOf(st *statementInProgress, t int) *typeInProgress {
	p := st.types[t]
	if p == nil {
		p = &typeInProgress{index: len(st.statement.Types), sieve: g.sieveOf(st.of, t)}
		st.types[t] = p
		st.statement.Types = append(st.statement.Types, ledger.TypeStatement{Type: g.im.Mapping.Types()[t].Inventory.Name})
	}
	return p
}

func (g *gathering) item(it frame.Item) error {
	records := g.current.statement.Records
	if it.Entry != nil && g.im.sameKeys != nil && g.im.sameKey(g.node, g.current.of.source, it) {
		it = frame.Item{Outcome: receipt.Rejected, Reason: keycut.Reason}
	}
	if it.Entry == nil {
		mark(&records[len(records)-1], it.Outcome, it.Reason)
		return nil
	}
	p := g.typeOf(g.current, it.Type)
	row := ledger.Row{Values: it.Entry, Remove: it.Remove, Record: int32(len(records) - 1)}
	switch {
	case g.counts:
		p.rows++
		return nil
	case p.sieve.Takes(&row):
		return p.sieve.Add(&row)
	}
	ts := &g.current.statement.Types[p.index]
	ts.Rows = append(ts.Rows, row)
	return nil
}

// sorted returns the statements: snapshots first, then merges in the order of their time.
func (g *gathering) sorted() []*ledger.Statement {
	var keys []statementKey
	for v := range g.statements {
		keys = append(keys, v)
	}
	slices.SortFunc(keys, func(a, b statementKey) int {
		return cmp.Or(compareBools(a.merge, b.merge), cmp.Compare(a.captured, b.captured), cmp.Compare(a.source, b.source),
			compareBools(a.partial, b.partial), compareBools(a.part, b.part))
	})
	list := make([]*ledger.Statement, len(keys))
	for i, v := range keys {
		list[i] = g.statements[v].statement
	}
	if g.im.document.AsOf {
		asof.Move(list, g.im.received)
	}
	return list
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
