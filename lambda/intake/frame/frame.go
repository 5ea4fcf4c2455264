// Package frame knows how a record waits until its document was read to its end: as bytes, in one frame or more, of which the first has what is known
// of the record besides its entries. It neither keeps frames nor makes statements of them.
package frame

import (
	"errors"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// MaxBytes bounds a frame. The first frame of a record begins with its heading; each frame goes on with items: entries, and outcomes that were
// decided on the way. A record whose entries exceed MaxBytes continues in further frames, which stand behind the first one. The heading of a record that follows one of the same machine leaves out what both have: the
// frames of a group are always read from the first one on.
const MaxBytes = 128 << 10

const (
	frameFirst    = 'R'
	frameSame     = 'S' // frameFirst, with the key, source, subject and types of the record before in the group
	frameContinue = 'C'
	itemEntry     = 'e'
	itemRemove    = 'r'
	itemOutcome   = 'f'
	itemCutKey    = 'k' // of the entry behind it
)

// ErrDamaged is returned for a frame that was not read as it was written.
var ErrDamaged = errors.New("intake: a temporary file is damaged")

// Heading is what is kept of a record besides its entries.
type Heading struct {
	Number   int
	Line     int
	Spot     read.Spot
	Key      string
	Source   string
	Raw      []byte // its subject, encoded
	Captured int64  // Unix seconds; 0: the record does not state it
	Late     bool   // the document's own capture time counts
	Merge    bool
	Newest   bool
	Partial  bool
	States   []int    // types that the record states, also without entries
	Scopes   [][]byte // by states: what it looked at of the type, encoded; nil: all. None: all of all types
}

// Item is one thing inside a frame.
type Item struct {
	Entry   inventory.Entry // nil for an outcome
	Type    int             // of the mapping
	Remove  bool
	CutKey  uint64 // a hash of what was cut of its key; 0: nothing was
	Outcome receipt.Outcome
	Reason  string
}

// Subject is the machine that the record names.
func (h *Heading) Subject() node.Subject {
	d := Decoder{Decoder: packed.NewDecoder(h.Raw)}
	return d.subject()
}

// OwnKey is the source's own number for the machine; "" where it has none.
func (h *Heading) OwnKey() string {
	if strings.HasPrefix(h.Key, "#") {
		return ""
	}
	return h.Key
}

// AppendHeading appends a heading, of which some is left out where the record before in the group has the same.
func AppendHeading(b []byte, h *Heading, same bool) []byte {
	tag := byte(frameFirst)
	if same {
		tag = frameSame
	}
	b = packed.AppendUint(packed.AppendUint(append(b, tag), uint64(h.Number)), uint64(h.Line))
	b = packed.AppendInts(b, h.Spot.Offset, int64(h.Spot.Block), h.Captured)
	b = packed.AppendBools(b, h.Late, h.Merge, h.Newest, h.Partial)
	if same {
		return b
	}
	b = packed.AppendText(packed.AppendText(packed.AppendText(b, h.Key), h.Source), h.Raw)
	b = packed.AppendUint(b, uint64(len(h.States)))
	for _, s := range h.States {
		b = packed.AppendUint(b, uint64(s))
	}
	return b
}

// AppendContinue begins a further frame of a record.
func AppendContinue(b []byte) []byte { return append(b, frameContinue) }

// AppendSubject appends a machine, as headings have it.
func AppendSubject(b []byte, s node.Subject) []byte {
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

// AppendEntry appends an item for an entry.
func AppendEntry(b []byte, e *read.Entry) []byte {
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

// AppendOutcome appends an item for an outcome that was decided on the way.
func AppendOutcome(b []byte, o receipt.Outcome, reason string) []byte {
	return packed.AppendText(packed.AppendText(append(b, itemOutcome), string(o)), reason)
}
