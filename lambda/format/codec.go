package format

import "encoding/binary"

// A node in the spool: its kind, name, position and text, its fields or items, endOfNode. A name is 0 (none), 1 and its
// bytes, or 1 more than its number in the reading's list.
const endOfNode = 0xff

func appendInts(b []byte, ints ...int64) []byte {
	for _, i := range ints {
		b = binary.AppendVarint(b, i)
	}
	return b
}

func appendNode(b []byte, n *Node) []byte {
	b = append(b, byte(n.kind))
	switch {
	case n.name == nil:
		b = binary.AppendUvarint(b, 0)
	case n.name.number == 0:
		b = binary.AppendUvarint(b, 1)
		b = appendText(b, n.name.text)
	default:
		b = binary.AppendUvarint(b, uint64(n.name.number)+1) //nolint:gosec // not negative
	}
	b = binary.AppendUvarint(b, uint64(n.index)) //nolint:gosec // not negative
	b = appendText(b, string(n.text))
	for c := n.first; c != nil; c = c.next {
		b = appendNode(b, c)
	}
	return append(b, endOfNode)
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// decoder reads what was appended. After something was wrong, everything else is zero.
type decoder struct {
	rest []byte
	bad  bool
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.rest)
	d.skip(n)
	return v
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.rest)
	d.skip(n)
	return v
}

func (d *decoder) skip(n int) {
	if n <= 0 || n > len(d.rest) {
		d.bad, d.rest = true, nil
		return
	}
	d.rest = d.rest[n:]
}

func (d *decoder) byte() byte {
	if len(d.rest) == 0 {
		d.bad = true
		return endOfNode
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

func (d *decoder) bytes() []byte {
	n := d.uint()
	if n > uint64(len(d.rest)) {
		d.bad, d.rest = true, nil
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

// node reads a node; nil where its enclosing node ends.
func (d *decoder) node(r *reader, parent *Node) *Node {
	kind := d.byte()
	if kind == endOfNode || d.bad {
		return nil
	}
	n := r.pool.node(d.name(r), parent, nodeKind(kind))
	n.index = int32(d.uint()) //nolint:gosec // as appended
	r.pool.setText(n, d.bytes())
	for c := d.node(r, n); c != nil; c = d.node(r, n) {
		n.append(c)
	}
	return n
}

func (d *decoder) name(r *reader) *fieldName {
	switch i := d.uint(); {
	case i == 0:
		return nil
	case i == 1:
		return r.names.find(d.bytes())
	case i-2 < uint64(len(r.names.list)):
		return r.names.list[i-2]
	default:
		d.bad = true
		return nil
	}
}
