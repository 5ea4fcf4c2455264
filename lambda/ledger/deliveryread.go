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
			d := decoder{rest: payload, header: h, scopes: scopes}
			d.statement(&s)
			scopes = d.scopes
			if d.problem != "" {
				yield(nil, &FormatError{"delivery", fmt.Sprintf("statement %d: %s", count+1, d.problem)})
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

// decoder reads a payload. The first problem is kept, and all that is read after it is empty.
type decoder struct {
	rest    string
	header  Header
	scopes  []*inventory.Scope // of the delivery, so far
	problem string
}

func (d *decoder) statement(s *Statement) {
	s.Node, s.Source, s.Captured = d.text(), d.text(), d.time()
	kind := d.number(kinds)
	s.Merge, s.Partial, s.Part = kind&kindMerge != 0, kind&kindPartial != 0, kind&kindPart != 0
	s.Target = target.Key{}
	if kind&kindTarget != 0 {
		s.Target = target.Key{Account: d.text(), Region: d.text()}
	}
	s.Subject = s.Subject[:0]
	for range d.count(1) {
		s.Subject = append(s.Subject, d.text())
	}
	s.Records = s.Records[:0]
	for range d.count(4) {
		f := RecordResult{Number: d.number(1 << 48), Line: d.number(1 << 48), Outcome: receipt.Outcome(d.text()), Reason: d.text()}
		if f.Outcome != "" && !f.Outcome.Valid() {
			d.fail("an outcome is not known")
		}
		s.Records = append(s.Records, f)
	}
	s.Types = s.Types[:0]
	for range d.count(2) {
		s.Types = append(s.Types, d.typeStatement(len(s.Records)))
	}
	if d.rest != "" {
		d.fail("something follows its end")
	}
}

func (d *decoder) typeStatement(records int) TypeStatement {
	types := len(d.header.Types)
	i := d.number(3*types - 1)
	var scope *inventory.Scope
	var beyond inventory.Beyond
	if i >= 2*types {
		beyond = d.beyond(records)
	} else if i >= types {
		scope = d.scope()
	}
	i %= max(types, 1)
	if d.problem != "" {
		return TypeStatement{}
	}
	width := len(d.header.Types[i].Attributes)
	n := d.count(2 + width)
	t := TypeStatement{Type: d.header.Types[i].Name, Rows: make([]Row, n), Scope: scope, Beyond: beyond}
	values := make([]string, n*width)
	for i := range t.Rows {
		record := d.number(records - 1)
		remove := d.flag()
		t.Rows[i] = Row{Values: d.entry(values[i*width : (i+1)*width : (i+1)*width]), Remove: remove, Record: int32(record)} //nolint:gosec // below the number of records
	}
	return t
}

// beyond reads what is known of rows that are not among those of the statement.
func (d *decoder) beyond(records int) inventory.Beyond {
	b, ok := inventory.ParseBeyond(d.text())
	if !ok || !b.Of(records) {
		d.fail("what stands for further rows is damaged")
	}
	return b
}

// scope reads a scope: one that the delivery had before, or a new one.
func (d *decoder) scope() *inventory.Scope {
	at := d.number(len(d.scopes))
	if at == len(d.scopes) {
		d.scopes = append(d.scopes, d.clauses())
	}
	return d.scopes[at]
}

func (d *decoder) clauses() *inventory.Scope {
	s := &inventory.Scope{}
	for range d.count(1) {
		var c inventory.Clause
		for range d.count(2) {
			c = append(c, inventory.Bound{Attribute: d.text(), Values: d.entry(make(inventory.Entry, d.count(1)))})
		}
		s.Clauses = append(s.Clauses, c)
	}
	return s
}

func (d *decoder) entry(values inventory.Entry) inventory.Entry {
	for i := range values {
		values[i] = d.text()
	}
	return values
}

// count reads how many things follow, each of which takes some bytes at least.
func (d *decoder) count(atLeast int) int { return d.number(len(d.rest) / atLeast) }

// number reads a number that is not above a limit.
func (d *decoder) number(limit int) int {
	if d.rest != "" && d.rest[0] < 0x80 && int(d.rest[0]) <= limit { // most are
		n := int(d.rest[0])
		d.rest = d.rest[1:]
		return n
	}
	for i := range min(len(d.rest), binary.MaxVarintLen64) {
		if d.rest[i] >= 0x80 {
			continue
		}
		n, _ := binary.Uvarint([]byte(d.rest[:i+1]))
		d.rest = d.rest[i+1:]
		if limit < 0 || n > uint64(limit) {
			d.fail("a number is out of its range")
			return 0
		}
		return int(n) //nolint:gosec // not above limit
	}
	d.fail("it is cut off")
	return 0
}

func (d *decoder) flag() bool { return d.number(1) == 1 }

func (d *decoder) text() string {
	n := d.number(len(d.rest))
	if n > len(d.rest) {
		d.fail("it is cut off")
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) fail(problem string) {
	if d.problem == "" {
		d.problem = problem
	}
	d.rest = ""
}
