package intake

import (
	"errors"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// A record waits in frames until the document was read to its end. The first frame begins with its heading; each frame goes on
// with items: entries, and outcomes that were decided on the way. A record whose entries exceed frameBytes continues in further
// frames, which stand behind the first one. The heading of a record that follows one of the same machine leaves out what both have: the
// frames of a group are always read from the first one on.
const frameBytes = 128 << 10

const (
	frameFirst    = 'R'
	frameSame     = 'S' // frameFirst, with the key, source, subject and types of the record before in the group
	frameContinue = 'C'
	itemEntry     = 'e'
	itemRemove    = 'r'
	itemOutcome   = 'f'
	itemCutKey    = 'k' // of the entry behind it
)

var errFrame = errors.New("intake: a temporary file is damaged")

// heading is what is kept of a record besides its entries.
type heading struct {
	number   int
	line     int
	spot     read.Spot
	key      string
	source   string
	raw      []byte // its subject, encoded
	captured int64  // Unix seconds; 0: the record does not state it
	late     bool   // the document's own capture time counts
	merge    bool
	newest   bool
	partial  bool
	states   []int    // types that the record states, also without entries
	scopes   [][]byte // by states: what it looked at of the type, encoded; nil: all. None: all of all types
}

// item is one thing inside a frame.
type item struct {
	entry   inventory.Entry // nil for an outcome
	typ     int
	remove  bool
	cutKey  uint64 // a hash of what was cut of its key; 0: nothing was
	outcome receipt.Outcome
	reason  string
}

// subject is the machine that the record names.
func (h *heading) subject() node.Subject {
	d := decoder{Decoder: packed.NewDecoder(h.raw)}
	return d.subject()
}

// ownKey is the source's own number for the machine; "" where it has none.
func (h *heading) ownKey() string {
	if strings.HasPrefix(h.key, "#") {
		return ""
	}
	return h.key
}

// appendHeading appends a heading, of which some is left out where the record before in the group has the same.
func appendHeading(b []byte, h *heading, same bool) []byte {
	tag := byte(frameFirst)
	if same {
		tag = frameSame
	}
	b = packed.AppendUint(packed.AppendUint(append(b, tag), uint64(h.number)), uint64(h.line))
	b = packed.AppendInts(b, h.spot.Offset, int64(h.spot.Block), h.captured)
	b = packed.AppendBools(b, h.late, h.merge, h.newest, h.partial)
	if same {
		return b
	}
	b = packed.AppendText(packed.AppendText(packed.AppendText(b, h.key), h.source), h.raw)
	b = packed.AppendUint(b, uint64(len(h.states)))
	for _, s := range h.states {
		b = packed.AppendUint(b, uint64(s))
	}
	return b
}

func appendSubject(b []byte, s node.Subject) []byte {
	for _, list := range [][]string{s.NodeID, s.Serial, s.Hostname, s.Reverse, s.IP, s.MAC} {
		b = packed.AppendTexts(b, list)
	}
	b = packed.AppendText(packed.AppendText(b, s.Account), s.Region)
	b = packed.AppendBools(b, s.Stated)
	keys := inventory.Sorted(s.Tags)
	b = packed.AppendTexts(b, keys)
	for _, k := range keys {
		b = packed.AppendTexts(b, s.Tags[k])
	}
	return b
}

func appendEntry(b []byte, e *read.Entry) []byte {
	tag := byte(itemEntry)
	if e.Remove {
		tag = itemRemove
	}
	if e.CutKey != 0 {
		b = packed.AppendUint(append(b, itemCutKey), e.CutKey)
	}
	b = packed.AppendUint(append(b, tag), uint64(e.Type))
	return packed.AppendTexts(b, e.Values)
}

func appendOutcome(b []byte, o receipt.Outcome, reason string) []byte {
	return packed.AppendText(packed.AppendText(append(b, itemOutcome), string(o)), reason)
}

// decoder reads a frame.
type decoder struct {
	packed.Decoder
	known *known // what frames before had
}

// known is what the frame before had: that of most frames is the same. Entries are cut out of lists that are longer.
type known struct {
	key, source string
	raw         []byte // the subject
	states      []int
	read        []int // used again for each frame
	lists       []string
}

// decoder returns a decoder of a frame.
func (im *Import) decoder(frame []byte) decoder {
	return decoder{packed.NewDecoder(frame), &im.known}
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
func (d *decoder) text(last string) string {
	if b := d.Bytes(); string(b) != last {
		return string(b)
	}
	return last
}

// states reads the types that a record states, which are mostly the same as those of the last one.
func (d *decoder) states() []int {
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

func (d *decoder) subject() node.Subject {
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

// heading reads a record's heading without its scopes, which stand behind it; false where the frame continues the record before it.
func (d *decoder) heading() (h heading, first bool) {
	tag, k := d.Byte(), d.known
	if tag != frameFirst && tag != frameSame {
		return h, false
	}
	h.number, h.line = int(d.Uint()), int(d.Uint())
	h.spot = read.Spot{Offset: d.Int(), Block: int(d.Int())}
	h.captured = d.Int()
	h.late, h.merge, h.newest, h.partial = d.Bool(), d.Bool(), d.Bool(), d.Bool()
	if tag == frameFirst {
		k.key, k.source = d.text(k.key), d.text(k.source)
		k.raw = d.Bytes()
		k.states = d.states()
	}
	h.key, h.source, h.raw, h.states = k.key, k.source, k.raw, k.states
	return h, true
}

// next reads an item; false at the end of the frame. Strings of entries are parts of a text of which the rest of the frame is the end.
func (d *decoder) next(whole string) (item, bool) {
	if !d.More() || d.Bad() {
		return item{}, false
	}
	tag, cutKey := d.Byte(), uint64(0)
	if tag == itemCutKey {
		cutKey, tag = d.Uint(), d.Byte()
	}
	switch tag {
	case itemEntry, itemRemove:
		it := item{typ: int(d.Uint()), remove: tag == itemRemove, cutKey: cutKey}
		if n := d.Count(); n > 0 {
			it.entry = d.known.list(n)
			d.TextsTo(it.entry, whole)
		}
		return it, !d.Bad()
	case itemOutcome:
		return item{outcome: receipt.Outcome(d.Text()), reason: d.Text()}, !d.Bad()
	default:
		d.Fail()
		return item{}, false
	}
}
