package ledger

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/layout"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// FormatError is returned for stored bytes that are not what they should be.
type FormatError struct {
	Object  string // "delivery", "rows", "head"
	Problem string
}

func (e *FormatError) Error() string { return "ledger: " + e.Object + ": " + e.Problem }

// ReadDelivery reads what WriteDelivery wrote. A statement is valid until the next one. A delivery that is cut off, damaged or of an
// unknown version is a *FormatError; the sequence yields it last. The sequence can be read once.
func ReadDelivery(r io.Reader) (Header, iter.Seq2[*Statement, error], error) {
	in := bufio.NewReaderSize(r, 64<<10)
	magic := make([]byte, len(deliveryMagic))
	if _, err := io.ReadFull(in, magic); err != nil {
		return Header{}, nil, badDelivery(err)
	}
	if string(magic) != deliveryMagic {
		return Header{}, nil, &FormatError{"delivery", "it is no delivery, or one of another version of this program"}
	}
	head, err := readFrame(in)
	if err != nil {
		return Header{}, nil, err
	}
	var h Header
	if err := json.Unmarshal([]byte(head), &h); err != nil {
		return Header{}, nil, &FormatError{"delivery", "its header is damaged"}
	}
	return h, readStatements(in, h), nil
}

func readStatements(in *bufio.Reader, h Header) iter.Seq2[*Statement, error] {
	return func(yield func(*Statement, error) bool) {
		var s Statement
		var scopes []*inventory.Scope
		for count := uint64(0); ; count++ {
			payload, err := readFrame(in)
			if err != nil {
				yield(nil, err)
				return
			}
			if payload == "" {
				if err := readEnd(in, count); err != nil {
					yield(nil, err)
				}
				return
			}
			d := decoder{Reader: layout.Reader{Rest: payload}, header: h, scopes: scopes}
			d.statement(&s)
			scopes = d.scopes
			if d.Problem != "" {
				yield(nil, &FormatError{"delivery", fmt.Sprintf("statement %d: %s", count+1, d.Problem)})
				return
			}
			if !yield(&s, nil) {
				return
			}
		}
	}
}

// readEnd checks that nothing is missing and nothing follows.
func readEnd(in *bufio.Reader, count uint64) error {
	want, err := binary.ReadUvarint(in)
	if err != nil {
		return badDelivery(err)
	}
	if want != count {
		return &FormatError{"delivery", fmt.Sprintf("it has %d statements and should have %d", count, want)}
	}
	if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
		return &FormatError{"delivery", "something follows its end"}
	}
	return nil
}

// readFrame reads a frame's payload; "" is the end.
func readFrame(in *bufio.Reader) (string, error) {
	payload, err := frame.Read(in)
	if err != nil {
		return "", badDelivery(err)
	}
	return payload, nil
}

func badDelivery(err error) error {
	if damaged, ok := errors.AsType[*frame.DamageError](err); ok {
		return &FormatError{"delivery", damaged.Problem}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &FormatError{"delivery", "it is cut off"}
	}
	return fmt.Errorf("ledger: reading a delivery: %w", err)
}

// decoder reads a payload.
type decoder struct {
	layout.Reader
	header Header
	scopes []*inventory.Scope // of the delivery, so far
}

func (d *decoder) statement(s *Statement) {
	s.Node, s.Source, s.Captured = d.Text(), d.Text(), d.Time()
	kind := d.Number(kinds)
	s.Merge, s.Partial, s.Part = kind&kindMerge != 0, kind&kindPartial != 0, kind&kindPart != 0
	s.Target = target.Key{}
	if kind&kindTarget != 0 {
		s.Target = target.Key{Account: d.Text(), Region: d.Text()}
	}
	s.Subject = s.Subject[:0]
	for range d.Count(1) {
		s.Subject = append(s.Subject, d.Text())
	}
	s.Records = s.Records[:0]
	for range d.Count(4) {
		f := RecordResult{Number: d.Number(1 << 48), Line: d.Number(1 << 48), Outcome: receipt.Outcome(d.Text()), Reason: d.Text()}
		if f.Outcome != "" && !f.Outcome.Valid() {
			d.Fail("an outcome is not known")
		}
		s.Records = append(s.Records, f)
	}
	s.Types = s.Types[:0]
	for range d.Count(2) {
		s.Types = append(s.Types, d.typeStatement(len(s.Records)))
	}
	if d.Rest != "" {
		d.Fail("something follows its end")
	}
}

func (d *decoder) typeStatement(records int) TypeStatement {
	types := len(d.header.Types)
	i := d.Number(3*types - 1)
	var scope *inventory.Scope
	var beyond inventory.Beyond
	if i >= 2*types {
		beyond = d.beyond(records)
	} else if i >= types {
		scope = d.scope()
	}
	i %= max(types, 1)
	if d.Problem != "" {
		return TypeStatement{}
	}
	width := len(d.header.Types[i].Attributes)
	n := d.Count(2 + width)
	t := TypeStatement{Type: d.header.Types[i].Name, Rows: make([]Row, n), Scope: scope, Beyond: beyond}
	values := make([]string, n*width)
	for i := range t.Rows {
		record := d.Number(records - 1)
		remove := d.Flag()
		t.Rows[i] = Row{Values: d.Entry(values[i*width : (i+1)*width : (i+1)*width]), Remove: remove, Record: int32(record)} //nolint:gosec // below the number of records
	}
	return t
}

// beyond reads what is known of rows that are not among those of the statement.
func (d *decoder) beyond(records int) inventory.Beyond {
	b, ok := inventory.ParseBeyond(d.Text())
	if !ok || !b.Of(records) {
		d.Fail("what stands for further rows is damaged")
	}
	return b
}

// scope reads a scope: one that the delivery had before, or a new one.
func (d *decoder) scope() *inventory.Scope {
	at := d.Number(len(d.scopes))
	if at == len(d.scopes) {
		d.scopes = append(d.scopes, d.Clauses())
	}
	return d.scopes[at]
}
