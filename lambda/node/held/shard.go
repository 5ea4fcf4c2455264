package held

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
)

// ErrDamaged is returned for bytes that are not what Encode made.
var ErrDamaged = errors.New("held: the nodes are damaged")

// Encode lays out nodes by their IDs, without their targets. The same nodes give the same bytes.
func Encode(nodes []Node) []byte {
	nodes = slices.SortedStableFunc(slices.Values(nodes), func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	b := packed.AppendUint(nil, uint64(len(nodes)))
	for i := range nodes {
		n := &nodes[i]
		fields := n.fields()
		b = packed.AppendUint(b, uint64(len(fields))) // a list, of which the strings are read with one allocation
		for _, field := range fields {
			b = packed.AppendText(b, *field)
		}
		b = packed.AppendTexts(packed.AppendTexts(b, n.Serials), n.MACs)
		b = packed.AppendUint(b, uint64(len(n.Tags)))
		for _, key := range slices.Sorted(maps.Keys(n.Tags)) {
			b = packed.AppendText(packed.AppendText(b, key), n.Tags[key])
		}
	}
	return b
}

// Decode calls each with the nodes that Encode laid out. The node is valid until the next one.
func Decode(data []byte, each func(*Node)) error {
	d := packed.NewDecoder(data)
	for range d.Count() {
		var n Node
		fields, texts := n.fields(), d.Texts()
		if len(texts) != len(fields) {
			return ErrDamaged
		}
		for i, field := range fields {
			*field = texts[i]
		}
		n.Serials, n.MACs = d.Texts(), d.Texts()
		if tags := d.Count(); tags > 0 {
			n.Tags = make(map[string]string, tags)
			for range tags {
				key := d.Text()
				n.Tags[key] = d.Text()
			}
		}
		if d.Bad() || n.ID == "" {
			return ErrDamaged
		}
		each(&n)
	}
	if d.Bad() || d.More() {
		return ErrDamaged
	}
	return nil
}
