package tree

import "github.com/inventory-bridge/inventory-bridge/lambda/packed"

// A value in bytes: its kind, name, position and text, its fields or items, endOfValue. A name is 0 (none), 1 and its
// bytes, or 1 more than its number in the list of names.
const endOfValue = 0xff

// Append appends a value with all that is in it.
func Append(b []byte, n *Value) []byte {
	b = append(b, byte(n.Kind))
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
		b = Append(b, c)
	}
	return append(b, endOfValue)
}

// Decode reads a value as a part of its parent; nil where that ends, or where something is wrong.
func (p *Pool) Decode(d *packed.Decoder, known *Names, parent *Value) *Value {
	kind := d.Byte()
	if kind == endOfValue || d.Bad() {
		return nil
	}
	n := p.New(known.decode(d), parent, 0)
	n.Kind, n.index = Kind(kind), int32(d.Uint()) //nolint:gosec // as appended
	p.SetText(n, d.Bytes())
	for c := p.Decode(d, known, n); c != nil; c = p.Decode(d, known, n) {
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
