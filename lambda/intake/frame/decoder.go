package frame

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Decoder reads a frame. What stands before it, as a prefix of the caller's own, is read as of any packed bytes.
type Decoder struct {
	packed.Decoder
	known *known // what frames before had
}

// Reader reads frames, those of a group from the first one on. The zero value is ready.
type Reader struct{ known known }

// known is what the frame before had: that of most frames is the same. Entries are cut out of lists that are longer.
type known struct {
	key, source string
	raw         []byte // the subject
	states      []int
	read        []int // used again for each frame
	lists       []string
}

// Decoder returns a decoder of a frame.
func (r *Reader) Decoder(frame []byte) Decoder {
	return Decoder{packed.NewDecoder(frame), &r.known}
}

// list returns a list of so many strings.
func (k *known) list(n int) []string {
	if n > len(k.lists) {
		k.lists = make([]string, max(n, 512)) // of some entries
	}
	list := k.lists[:n:n]
	k.lists = k.lists[n:]
	return list
}

// text reads a string that is mostly the same as the last one.
func (d *Decoder) text(last string) string {
	if b := d.Bytes(); string(b) != last {
		return string(b)
	}
	return last
}

// states reads the types that a record states, which are mostly the same as those of the last one.
func (d *Decoder) states() []int {
	read := d.known.read[:0]
	for range d.Count() {
		read = append(read, int(d.Uint()))
	}
	d.known.read = read
	if !slices.Equal(read, d.known.states) {
		return slices.Clone(read)
	}
	return d.known.states
}

func (d *Decoder) subject() node.Subject {
	var s node.Subject
	for _, list := range []*[]string{&s.NodeID, &s.Serial, &s.Hostname, &s.Reverse, &s.IP, &s.MAC} {
		*list = d.Texts()
	}
	s.Account, s.Region, s.Stated = d.Text(), d.Text(), d.Bool()
	for _, k := range d.Texts() {
		if s.Tags == nil {
			s.Tags = map[string][]string{}
		}
		s.Tags[k] = d.Texts()
	}
	return s
}

// Heading reads a record's heading without its scopes, which stand behind it; false where the frame continues the record before it.
func (d *Decoder) Heading() (h Heading, first bool) {
	tag, k := d.Byte(), d.known
	if tag != frameFirst && tag != frameSame {
		return h, false
	}
	h.Number, h.Line = int(d.Uint()), int(d.Uint())
	h.Spot = read.Spot{Offset: d.Int(), Block: int(d.Int())}
	h.Captured = d.Int()
	h.Late, h.Merge, h.Newest, h.Partial = d.Bool(), d.Bool(), d.Bool(), d.Bool()
	if tag == frameFirst {
		k.key, k.source = d.text(k.key), d.text(k.source)
		k.raw = d.Bytes()
		k.states = d.states()
	}
	h.Key, h.Source, h.Raw, h.States = k.key, k.source, k.raw, k.states
	return h, true
}

// Next reads an item; false at the end of the frame. Strings of entries are parts of a text of which the rest of the frame is the end.
func (d *Decoder) Next(whole string) (Item, bool) {
	if !d.More() || d.Bad() {
		return Item{}, false
	}
	tag, cutKey := d.Byte(), uint64(0)
	if tag == itemCutKey {
		cutKey, tag = d.Uint(), d.Byte()
	}
	switch tag {
	case itemEntry, itemRemove:
		it := Item{Type: int(d.Uint()), Remove: tag == itemRemove, CutKey: cutKey}
		if n := d.Count(); n > 0 {
			it.Entry = d.known.list(n)
			d.TextsTo(it.Entry, whole)
		}
		return it, !d.Bad()
	case itemOutcome:
		return Item{Outcome: receipt.Outcome(d.Text()), Reason: d.Text()}, !d.Bad()
	default:
		d.Fail()
		return Item{}, false
	}
}
