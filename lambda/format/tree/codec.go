package tree

import "github.com/inventory-bridge/inventory-bridge/lambda/packed"

// A value in bytes: its kind, its scope where that is another than that of the value in which it stands, name, position and text, its
// fields or items, endOfValue. A name is 0 (none), 1 and its bytes, or 1 more than its number in the list of names.
const (
	endOfValue = 0xff
	hasScope   = 0x80 // with the kind: a scope follows
)

// Append appends a value with all that is in it.
func Append(b []byte, n *Value) []byte { return appendIn(b, n, 0) }

func appendIn(b []byte, n *Value, scope int32) []byte {
	if n.Scope == scope {
		b = append(b, byte(n.Kind))
	} else {
		b = packed.AppendUint(append(b, byte(n.Kind)|hasScope), uint64(n.Scope)) //nolint:gosec // not negative
	}
	switch {
	case n.Field == nil:
		b = packed.AppendUint(b, 0)
	case n.Field.number == 0:
		b = packed.AppendUint(b, 1)
		b = packed.AppendText(b, n.Field.text)
	default:
		b = packed.AppendUint(b, uint64(n.Field.number)+1) //nolint:gosec // not negative
	}
	b = packed.AppendUint(b, uint64(n.index)) //nolint:gosec // not negative
	b = packed.AppendText(b, n.text)
	for c := n.First; c != nil; c = c.Next {
		b = appendIn(b, c, n.Scope)
	}
	return append(b, endOfValue)
}

// Decode reads a value as a part of its parent; nil where that ends, or where something is wrong.
func (p *Pool) Decode(d *packed.Decoder, known *Names, parent *Value) *Value {
	return p.decodeIn(d, known, parent, 0)
}

func (p *Pool) decodeIn(d *packed.Decoder, known *Names, parent *Value, scope int32) *Value {
	kind := d.Byte()
	if kind == endOfValue || d.Bad() {
		return nil
	}
	if kind&hasScope != 0 {
		kind, scope = kind&^hasScope, int32(d.Uint()) //nolint:gosec // as appended
	}
	n := p.New(known.decode(d), parent, 0)
	n.Kind, n.index, n.Scope = Kind(kind), int32(d.Uint()), scope //nolint:gosec // as appended
	p.SetText(n, d.Bytes())
	for c := p.decodeIn(d, known, n, scope); c != nil; c = p.decodeIn(d, known, n, scope) {
		n.Append(c)
	}
	return n
}

func (n *Names) decode(d *packed.Decoder) *Name {
	switch i := d.Uint(); {
	case i == 0:
		return nil
	case i == 1:
		return n.Find(d.Bytes())
	case i-2 < uint64(len(n.list)):
		return n.list[i-2]
	default:
		d.Fail()
		return nil
	}
}
