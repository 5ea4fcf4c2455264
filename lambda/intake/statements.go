package intake

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Open gives what the import delivers to a partition. It may be opened more than once.
func (im *Import) Open(partition int) (ledger.Header, iter.Seq2[*ledger.Statement, error], error) {
	h := im.header(partition)
	h.Absence = im.absence()
	return h, im.statements(im.byNode, partition), nil
}

func (im *Import) header(partition int) ledger.Header {
	return ledger.Header{
		Import: im.ID, Partition: partition, Mapping: im.Mapping.Name, MappingHash: im.Mapping.Hash,
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

// statements yields what the sources of the document say, the statements of one node behind each other.
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

// voice is what makes records one statement: a source's snapshot is one, a merge is one for each capture time.
type voice struct {
	source   string
	merge    bool
	captured int64
}

// speech is what a voice says while its records are read.
type speech struct {
	statement *ledger.Statement
	types     map[int]int // where a type stands in the statement
	subject   []byte      // the subject that was added last
}

// gathering is a node's statements while its frames are read.
type gathering struct {
	im       *Import
	node     string
	voices   map[voice]*speech
	current  *speech
	skipping bool // the record's machine turned out not to be the node
	stale    bool // a newer record goes before the current one
}

func (im *Import) ofNode(frames [][]byte) ([]*ledger.Statement, error) {
	g := gathering{im: im, voices: map[voice]*speech{}}
	for _, f := range frames {
		if err := g.add(f); err != nil {
			return nil, err
		}
	}
	return g.sorted(), nil
}

func (g *gathering) add(frame []byte) error {
	d := decoder{b: frame}
	id := d.text()
	if g.node == "" {
		g.node = id
	}
	if id != g.node {
		return fmt.Errorf("intake: two nodes of one document cannot be told apart")
	}
	if h, first := d.heading(); first {
		g.skipping = g.im.displaced[h.number]
		if !g.skipping {
			g.begin(&h)
		}
	}
	if g.skipping && !d.bad {
		return nil
	}
	if g.current == nil || d.bad {
		return errFrame
	}
	for it, ok := d.next(); ok; it, ok = d.next() {
		g.item(it)
	}
	if d.bad {
		return errFrame
	}
	return nil
}

// begin finds or makes the statement that a record belongs to.
func (g *gathering) begin(h *heading) {
	captured := g.im.captured(h)
	v := voice{source: h.source, merge: h.merge}
	if h.merge {
		v.captured = captured.Unix()
	}
	sp := g.voices[v]
	if sp == nil {
		sp = &speech{statement: &ledger.Statement{Node: g.node, Source: h.source, Merge: h.merge}, types: map[int]int{}}
		g.voices[v] = sp
	}
	s := sp.statement
	g.stale = h.newest && captured.Before(s.Captured)
	if h.newest && captured.After(s.Captured) {
		sp.supersede()
	}
	if captured.After(s.Captured) {
		s.Captured = captured
	}
	if !bytes.Equal(h.raw, sp.subject) { // most records of a machine name it in the same way
		s.Subject = join(s.Subject, identifiers(h.subject()))
		sp.subject = h.raw
	}
	g.current = sp
	s.Records = append(s.Records, ledger.Fate{Number: h.number, Line: h.line})
	if g.stale {
		makeStale(&s.Records[len(s.Records)-1])
		return
	}
	for _, t := range h.states {
		g.typeOf(sp, t)
	}
}

// supersede lets nothing stand of what the records so far said: a newer one says all that the source knows.
func (sp *speech) supersede() {
	for i := range sp.statement.Records {
		makeStale(&sp.statement.Records[i])
	}
	sp.statement.Types, sp.types = nil, map[int]int{}
}

// makeStale gives a record the fate of one that a newer one of its document goes before.
func makeStale(f *ledger.Fate) {
	if w := receipt.Worst(f.Outcome, receipt.Stale); w != f.Outcome {
		f.Outcome, f.Reason = w, "the document has a newer record that says all that the source knows"
	}
}

// captured is when a record was true: what it says itself, else what the document says, else when the document was written; never
// in the future.
func (im *Import) captured(h *heading) time.Time {
	t := time.Unix(h.captured, 0)
	switch {
	case h.captured == 0 && h.late && !im.late.IsZero():
		t = im.late
	case h.captured == 0:
		t = im.undated()
	}
	if t.After(im.received) {
		t = im.received
	}
	return t.UTC()
}

// typeOf gives the part of a statement that speaks about a type of the mapping.
func (g *gathering) typeOf(sp *speech, t int) *ledger.TypeStatement {
	i, ok := sp.types[t]
	if !ok {
		i = len(sp.statement.Types)
		sp.types[t] = i
		sp.statement.Types = append(sp.statement.Types, ledger.TypeStatement{Type: g.im.Mapping.Types()[t].Inventory.Name})
	}
	return &sp.statement.Types[i]
}

func (g *gathering) item(it item) {
	records := g.current.statement.Records
	if it.entry == nil {
		last := &records[len(records)-1]
		if w := receipt.Worst(last.Outcome, it.outcome); w != last.Outcome {
			last.Outcome, last.Reason = w, it.reason
		}
		return
	}
	if g.stale {
		return
	}
	ts := g.typeOf(g.current, it.typ)
	ts.Rows = append(ts.Rows, ledger.Row{Values: it.entry, Remove: it.remove, Record: int32(len(records) - 1)})
}

// sorted puts snapshots first and merges behind them in the order of their time.
func (g *gathering) sorted() []*ledger.Statement {
	var voices []voice
	for v := range g.voices {
		voices = append(voices, v)
	}
	slices.SortFunc(voices, func(a, b voice) int {
		if a.merge != b.merge {
			if b.merge {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.captured, b.captured), cmp.Compare(a.source, b.source))
	})
	list := make([]*ledger.Statement, len(voices))
	for i, v := range voices {
		list[i] = g.voices[v].statement
	}
	return list
}
