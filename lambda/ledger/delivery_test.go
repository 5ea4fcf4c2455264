package ledger

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/codec"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/installed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/layout"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/written"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

func header() Header {
	at := time.Date(2026, 11, 23, 1, 2, 3, 4, time.UTC)
	return Header{
		Import: "im", Partition: 7, Mapping: "m", MappingHash: "h", Document: "s3://b/k", Written: at, Received: at.Add(time.Hour),
		Types: []TypeShape{{"Custom:A", []string{"Id", "X"}}, {"Custom:B", []string{"Id"}}, {"Custom:None", nil}},
	}
}

func statements() []*Statement {
	at := time.Date(1969, 11, 23, 1, 2, 3, 400, time.UTC)
	return []*Statement{
		{
			Node: "i-01234567", Source: "m/x", Captured: at, Subject: []string{"hostname=web-1", "ip=10.0.0.1"},
			Records: []RecordResult{{Number: 1, Line: 17}, {Number: 300, Outcome: receipt.Rejected, Reason: "why"}},
			Types: []TypeStatement{
				{Type: "Custom:B", Rows: []Row{}},
				{Type: "Custom:A", Rows: []Row{{Values: inventory.Entry{"1", ""}}, {Values: inventory.Entry{"2", "\xff"}, Remove: true, Record: 1}}},
			},
		},
		{Node: "i-01234567", Source: "m", Merge: true, Records: []RecordResult{{Number: 2}}},
		{Node: "i-01234567", Source: "m", Merge: true, Part: true, Records: []RecordResult{{Number: 4}}},
		{
			Node: "i-01234568", Source: "m", Types: []TypeStatement{
				{Type: "Custom:B", Rows: []Row{}, Scope: scope()}, {Type: "Custom:A", Rows: []Row{}, Scope: &inventory.Scope{}},
			},
		},
		{
			Node: "i-01234568", Source: "n", Records: []RecordResult{{Number: 5}, {Number: 6}},
			Types: []TypeStatement{{Type: "Custom:B", Rows: []Row{{Values: inventory.Entry{"1"}}}, Beyond: inventory.Beyond{Rows: 7, Words: []int{1, 2}, Records: []int32{1}}}},
		},
		{
			Node: "i-01234569", Source: "m", Merge: true, Partial: true, Records: []RecordResult{{Number: 3}},
			Types: []TypeStatement{{Type: "Custom:A", Rows: []Row{{Values: inventory.Entry{"1", "x"}}}, Scope: scope()}},
		},
	}
}

func scope() *inventory.Scope {
	return &inventory.Scope{Clauses: []inventory.Clause{{{Attribute: "Id", Values: []string{"1-9", "a"}}, {Attribute: "X", Values: []string{"\xff"}}}, nil}}
}

func list(all []*Statement) iter.Seq2[*Statement, error] {
	return func(yield func(*Statement, error) bool) {
		for _, s := range all {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func encoded(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDelivery(&b, header(), list(statements())); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// decoded reads a delivery to its end and copies the statements.
func decoded(r io.Reader) (Header, []*Statement, error) { return collected(ReadDelivery(r)) }

func collected(h Header, seq iter.Seq2[*Statement, error], err error) (Header, []*Statement, error) {
	if err != nil {
		return h, nil, err
	}
	var all []*Statement
	for s, err := range seq {
		if err != nil {
			return h, all, err
		}
		c := *s
		c.Subject, c.Records, c.Types = append([]string(nil), s.Subject...), append([]RecordResult(nil), s.Records...), append([]TypeStatement(nil), s.Types...)
		all = append(all, &c)
	}
	return h, all, nil
}

func TestDelivery(t *testing.T) {
	h, got, err := decoded(bytes.NewReader(encoded(t)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(header(), h); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(statements(), got); diff != "" {
		t.Error(diff)
	}
}

// TestRowsBeyondNameRecords: what is known of further rows names records that the statement has.
func TestRowsBeyondNameRecords(t *testing.T) {
	s := statements()[4:5]
	s[0].Types[0].Beyond.Records = []int32{2}
	var b bytes.Buffer
	if err := WriteDelivery(&b, header(), list(s)); err != nil {
		t.Fatal(err)
	}
	var format *FormatError
	if _, _, err := decoded(&b); !errors.As(err, &format) {
		t.Error("no error:", err)
	}
}

func TestADeliveryThatIsCutOffOrDamagedIsNoticed(t *testing.T) {
	whole := encoded(t)
	for n := range whole {
		var format *FormatError
		if _, _, err := decoded(bytes.NewReader(whole[:n])); !errors.As(err, &format) {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(whole), err)
		}
		for _, bit := range []byte{1, 0x80} {
			damaged := bytes.Clone(whole)
			damaged[n] ^= bit
			if _, _, err := decoded(bytes.NewReader(damaged)); err == nil {
				t.Fatalf("byte %d of %d was another", n, len(whole))
			}
		}
	}
	if _, _, err := decoded(bytes.NewReader(append(whole, 0))); err == nil {
		t.Error("something more at the end was not noticed")
	}
}

func TestStatementsThatDoNotFitTheirHeader(t *testing.T) {
	for name, s := range map[string]*Statement{
		"type":   {Types: []TypeStatement{{Type: "Custom:Other"}}},
		"values": {Records: make([]RecordResult, 1), Types: []TypeStatement{{Type: "Custom:A", Rows: []Row{{Values: inventory.Entry{"1"}}}}}},
		"record": {Records: make([]RecordResult, 1), Types: []TypeStatement{{Type: "Custom:B", Rows: []Row{{Values: inventory.Entry{"1"}, Record: 1}}}}},
	} {
		if err := WriteDelivery(io.Discard, header(), list([]*Statement{s})); err == nil {
			t.Errorf("%s: it was written", name)
		}
	}
}

func TestAnErrorOfTheStatementsLeavesNoWholeDelivery(t *testing.T) {
	broken := errors.New("broken")
	var b bytes.Buffer
	err := WriteDelivery(&b, header(), func(yield func(*Statement, error) bool) {
		if yield(statements()[0], nil) {
			yield(nil, broken)
		}
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, _, err := decoded(&b); err == nil {
		t.Error("it was read")
	}
}

func FuzzReadDelivery(f *testing.F) {
	f.Add(encoded(f))
	f.Add([]byte(deliveryMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, all, err := decoded(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteDelivery(&b, h, list(all)); err != nil {
			t.Fatal(err)
		}
		_, again, err := decoded(&b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(all, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// FuzzStatement feeds the statements' decoder directly, past the checksums.
func FuzzStatement(f *testing.F) {
	for _, s := range statements() {
		e := encoder{types: map[string]int{"Custom:A": 0, "Custom:B": 1}, width: []int{2, 1, 0}, scopes: map[string]int{}}
		if err := e.statement(s); err != nil {
			f.Fatal(err)
		}
		f.Add(string(e.Buf))
	}
	f.Fuzz(func(_ *testing.T, payload string) {
		d := decoder{Reader: layout.Reader{Rest: payload}, header: header()}
		d.statement(&Statement{})
	})
}

func FuzzRows(f *testing.F) {
	t, w := finding("Id", "X"), written.For[rowsHeader]()
	data, err := appendRows(w, nil, t, &Rows{
		Rows: []inventory.Entry{{"a", "b"}}, Stamps: make([]Stamp, 1), Removed: []Removed{{Key: inventory.Entry{"a", "b"}}},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	data, err = appendRows(w, nil, t, &Rows{Removed: []Removed{{Key: inventory.Entry{"a", ""}, Explicit: Stamp{Captured: time.Unix(7, 0)}}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Fuzz(func(_ *testing.T, data string) {
		_, _ = decodeRows(t, data)
	})
}

func FuzzHead(f *testing.F) {
	f.Add([]byte(`{"version":1,"partition":3,"nodes":{"i-1":{"types":{"Custom:A":{"shards":{"s":{"rows":"x"}}}},"intent":{"types":{"Custom:A":{}}}}}}`))
	f.Add(seal.Seal([]byte(`{"version":3,"partition":0,"nodes":{"i-1":{"types":{"T":{"shards":{"s":{"rows":"x"}}}}}},"packs":[{"name":"a","bytes":90}],"places":"AQhS"}`)))
	zip := codec.New()
	f.Fuzz(func(_ *testing.T, data []byte) {
		h, err := decodeHead(data, zip)
		if err != nil {
			return
		}
		for _, name := range h.blocks() {
			h.table.Has(name)
		}
	})
}

func FuzzNamed(f *testing.F) {
	f.Add([]byte("ibnames112345678"))
	f.Add([]byte("ibnames2"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &memory{objects: map[string]string{installed.Key: `{"version":1,"partitions":1}`, namedIdentifiersKey("i"): string(data)}}
		l, err := Open(t.Context(), s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := l.ReadNamedIdentifiers(t.Context(), "i"); err == nil {
			n.Has("hostname=web-1")
		}
	})
}

func FuzzParkedKey(f *testing.F) {
	f.Add("parked/nessus/0123/0001")
	f.Add("parked/a%2Fb/+0123/0001")
	f.Fuzz(func(t *testing.T, key string) {
		if k, ok := parkedKey(key); ok && k.Object != key {
			t.Errorf("%q is not %q", k.Object, key)
		}
	})
}
