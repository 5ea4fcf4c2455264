package ledger

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/layout"
)

// A delivery is, in this order:
//
//	"ibdeliv1"
//	frame: the Header as JSON
//	frame: a statement                        for each
//	0, and the number of statements           so that what is cut off between two frames is noticed
//
// A frame is as package frame writes it. Lengths and numbers are unsigned varints, texts a length and bytes. A statement's payload is laid out by encoder.statement.
const deliveryMagic = "ibdeliv1"

// WriteDelivery writes a delivery. Statements of one node must stand together. Errors of the statements' sequence are returned as
// they are; what has been written then is not a whole delivery, and ReadDelivery refuses it.
func WriteDelivery(w io.Writer, h Header, statements iter.Seq2[*Statement, error]) error {
	out := bufio.NewWriterSize(w, 64<<10)
	head, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	_, _ = out.WriteString(deliveryMagic) // out keeps its first error, and returns it from then on
	if err := frame.Write(out, head); err != nil {
		return fmt.Errorf("ledger: writing a delivery: %w", err)
	}
	count, err := writeStatements(out, h, statements)
	if err != nil {
		return err
	}
	_, _ = out.Write(binary.AppendUvarint([]byte{0}, count))
	if err := out.Flush(); err != nil {
		return fmt.Errorf("ledger: writing a delivery: %w", err)
	}
	return nil
}

func writeStatements(out *bufio.Writer, h Header, statements iter.Seq2[*Statement, error]) (uint64, error) {
	e := encoder{types: map[string]int{}, width: make([]int, len(h.Types)), scopes: map[string]int{}}
	for i, t := range h.Types {
		e.types[t.Name], e.width[i] = i, len(t.Attributes)
	}
	count := uint64(0)
	for s, err := range statements {
		if err != nil {
			return 0, err
		}
		e.Buf = e.Buf[:0]
		if err := e.statement(s); err != nil {
			return 0, err
		}
		if err := frame.Write(out, e.Buf); err != nil {
			return 0, fmt.Errorf("ledger: writing a delivery: %w", err)
		}
		count++
	}
	return count, nil
}

// What a statement does, as its number is laid out. A program that does not know a kind refuses its number.
const (
	kindMerge   = 1
	kindPartial = 2
	kindPart    = 4
	kindTarget  = 8 // its node is of another account or region than the installation: they stand behind the number
	kinds       = kindMerge | kindPartial | kindPart | kindTarget
)

// encoder lays out statements.
type encoder struct {
	layout.Writer
	types  map[string]int // index in the header, by name
	width  []int          // number of attributes, by index
	scopes map[string]int // index among those that were laid out, by their bytes
}

func (e *encoder) statement(s *Statement) error {
	e.Text(s.Node)
	e.Text(s.Source)
	e.Time(s.Captured)
	e.kind(s)
	e.Number(len(s.Subject))
	for _, id := range s.Subject {
		e.Text(id)
	}
	e.Number(len(s.Records))
	for _, r := range s.Records {
		e.Number(r.Number)
		e.Number(r.Line)
		e.Text(string(r.Outcome))
		e.Text(r.Reason)
	}
	e.Number(len(s.Types))
	for _, t := range s.Types {
		if err := e.typeStatement(t, len(s.Records)); err != nil {
			return fmt.Errorf("ledger: a statement about node %s: %w", s.Node, err)
		}
	}
	return nil
}

func (e *encoder) kind(s *Statement) {
	kind := 0
	if s.Merge {
		kind |= kindMerge
	}
	if s.Partial {
		kind |= kindPartial
	}
	if s.Part {
		kind |= kindPart
	}
	if !s.Target.IsOwn() {
		kind |= kindTarget
	}
	e.Number(kind)
	if !s.Target.IsOwn() {
		e.Text(s.Target.Account)
		e.Text(s.Target.Region)
	}
}

func (e *encoder) typeStatement(t TypeStatement, records int) error {
	i, ok := e.types[t.Type]
	if !ok {
		return fmt.Errorf("type %s is not in the delivery's header", t.Type)
	}
	switch {
	case !t.Beyond.IsZero():
		e.Number(i + 2*len(e.width)) // which a program that does not know it refuses
		e.Text(t.Beyond.Text())
	case t.Scope != nil:
		e.Number(i + len(e.width)) // so here
		e.scope(t.Scope)
	default:
		e.Number(i)
	}
	e.Number(len(t.Rows))
	for n, row := range t.Rows {
		if len(row.Values) != e.width[i] {
			return fmt.Errorf("row %d of type %s has %d values for %d attributes", n, t.Type, len(row.Values), e.width[i])
		}
		if row.Record < 0 || int(row.Record) >= records {
			return fmt.Errorf("row %d of type %s names a record that the statement does not carry", n, t.Type)
		}
		e.Number(int(row.Record))
		e.Flag(row.Remove)
		e.Entry(row.Values)
	}
	return nil
}

// scope lays out a scope: its number among those of the delivery, and behind a new number the scope itself.
func (e *encoder) scope(s *inventory.Scope) {
	var own layout.Writer
	own.Clauses(s)
	at, known := e.scopes[string(own.Buf)]
	if known {
		e.Number(at)
		return
	}
	e.Number(len(e.scopes))
	e.scopes[string(own.Buf)] = len(e.scopes)
	e.Buf = append(e.Buf, own.Buf...)
}
