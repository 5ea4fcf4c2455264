package intake

import (
	"encoding/binary"
	"errors"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// A record waits in frames until the document was read to its end. The first frame begins with its heading; each frame goes on
// with items: entries, and fates that were decided on the way. A record whose entries exceed frameBytes continues in further
// frames, which stand behind the first one.
const frameBytes = 128 << 10

const (
	frameFirst    = 'R'
	frameContinue = 'C'
	itemEntry     = 'e'
	itemRemove    = 'r'
	itemFate      = 'f'
)

var errFrame = errors.New("intake: a temporary file is damaged")

// heading is what is known of a record besides its entries.
type heading struct {
	number   int
	line     int
	spot     mapping.Spot
	key      string
	source   string
	raw      []byte // its subject, encoded
	captured int64  // Unix seconds; 0: not said by the record
	late     bool   // the document's own capture time counts
	merge    bool
	newest   bool
	states   []int // types that the record states, also without entries
}

// item is one thing inside a frame.
type item struct {
	entry   inventory.Entry // nil for a fate
	typ     int
	remove  bool
	outcome receipt.Outcome
	reason  string
}

// subject is the machine that the record names.
func (h *heading) subject() node.Subject {
	d := decoder{b: h.raw}
	return d.subject()
}

// ownKey is the source's own number for the machine; "" where it has none.
func (h *heading) ownKey() string {
	if strings.HasPrefix(h.key, "#") {
		return ""
	}
	return h.key
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendTexts(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = appendText(b, s)
	}
	return b
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

func appendHeading(b []byte, h *heading) []byte {
	b = append(b, frameFirst)
	b = binary.AppendUvarint(b, uint64(h.number))
	b = binary.AppendUvarint(b, uint64(h.line))
	b = binary.AppendVarint(binary.AppendVarint(b, h.spot.Offset), int64(h.spot.Block))
	b = appendText(appendText(b, h.key), h.source)
	b = append(binary.AppendUvarint(b, uint64(len(h.raw))), h.raw...)
	b = binary.AppendVarint(b, h.captured)
	b = appendBool(appendBool(appendBool(b, h.late), h.merge), h.newest)
	b = binary.AppendUvarint(b, uint64(len(h.states)))
	for _, s := range h.states {
		b = binary.AppendUvarint(b, uint64(s))
	}
	return b
}

func appendSubject(b []byte, s node.Subject) []byte {
	for _, list := range [][]string{s.NodeID, s.Serial, s.Hostname, s.Reverse, s.IP, s.MAC} {
		b = appendTexts(b, list)
	}
	b = appendText(appendText(b, s.Account), s.Region)
	keys := sortedKeys(s.Tags)
	b = appendTexts(b, keys)
	for _, k := range keys {
		b = appendTexts(b, s.Tags[k])
	}
	return b
}

func appendEntry(b []byte, typ int, remove bool, values inventory.Entry) []byte {
	tag := byte(itemEntry)
	if remove {
		tag = itemRemove
	}
	b = binary.AppendUvarint(append(b, tag), uint64(typ))
	return appendTexts(b, values)
}

func appendFate(b []byte, o receipt.Outcome, reason string) []byte {
	return appendText(appendText(append(b, itemFate), string(o)), reason)
}

// decoder reads a frame; the first error sticks.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.bad = true
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *decoder) text() string { return string(d.bytes()) }

func (d *decoder) bytes() []byte {
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.bad, d.b = true, nil
		return nil
	}
	b := d.b[:n]
	d.b = d.b[n:]
	return b
}

// count reads the length of a list, each element of which takes at least a byte.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.bad, d.b = true, nil
		return 0
	}
	return int(n)
}

func (d *decoder) texts() []string {
	n := d.count()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = d.text()
	}
	return list
}

func (d *decoder) subject() node.Subject {
	var s node.Subject
	for _, list := range []*[]string{&s.NodeID, &s.Serial, &s.Hostname, &s.Reverse, &s.IP, &s.MAC} {
		*list = d.texts()
	}
	s.Account, s.Region = d.text(), d.text()
	for _, k := range d.texts() {
		if s.Tags == nil {
			s.Tags = map[string][]string{}
		}
		s.Tags[k] = d.texts()
	}
	return s
}

// heading reads a record's heading; false where the frame continues the record before it.
func (d *decoder) heading() (h heading, first bool) {
	if d.byte() != frameFirst {
		return h, false
	}
	h.number, h.line = int(d.uvarint()), int(d.uvarint())
	h.spot = mapping.Spot{Offset: d.varint(), Block: int(d.varint())}
	h.key, h.source = d.text(), d.text()
	h.raw = d.bytes()
	h.captured = d.varint()
	h.late, h.merge, h.newest = d.byte() == 1, d.byte() == 1, d.byte() == 1
	for range d.count() {
		h.states = append(h.states, int(d.uvarint()))
	}
	return h, true
}

// next reads an item; false at the end of the frame.
func (d *decoder) next() (item, bool) {
	if len(d.b) == 0 || d.bad {
		return item{}, false
	}
	switch tag := d.byte(); tag {
	case itemEntry, itemRemove:
		it := item{typ: int(d.uvarint()), remove: tag == itemRemove}
		it.entry = d.texts()
		return it, !d.bad
	case itemFate:
		return item{outcome: receipt.Outcome(d.text()), reason: d.text()}, !d.bad
	default:
		d.bad = true
		return item{}, false
	}
}
