package node

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// held are the nodes of a directory. A fleet is large, and little is asked of most of its nodes: so they stand one behind the other in one
// text, each string behind its length, of which a Node's strings are parts.
type held struct {
	text     string
	starts   []uint32 // where each node begins, by ID
	sections []section
}

// section is where the nodes of a target begin. There is none where all nodes are of the installation's own.
type section struct {
	start  uint32
	target target.Key
}

// holder takes nodes in.
type holder struct {
	text     strings.Builder
	starts   []uint32
	sections []section
	target   target.Key // of the nodes that were added last
}

// add takes a node in, unless it is terminated.
func (h *holder) add(n *Node) {
	if strings.EqualFold(n.Status, statusTerminated) {
		return
	}
	start := uint32(h.text.Len()) //nolint:gosec // a file of nodes has at most 512 MiB
	if n.Target != h.target {
		h.target = n.Target
		h.sections = append(h.sections, section{start, n.Target})
	}
	h.starts = append(h.starts, start)
	for _, field := range n.fields() {
		h.put(*field)
	}
	h.list(n.Serials)
	h.list(n.MACs)
	h.length(len(n.Tags))
	for key, value := range n.Tags {
		h.put(key)
		h.put(value)
	}
}

func (h *holder) length(n int) {
	for ; n >= 0x80; n >>= 7 {
		h.text.WriteByte(byte(n) | 0x80)
	}
	h.text.WriteByte(byte(n)) //nolint:gosec // what is left is below 0x80
}

func (h *holder) put(field string) {
	h.length(len(field))
	h.text.WriteString(field)
}

func (h *holder) list(values []string) {
	h.length(len(values))
	for _, value := range values {
		h.put(value)
	}
}

// held are the nodes by ascending ID; of several with one ID and target the first.
func (h *holder) held() held {
	all := held{h.text.String(), h.starts, h.sections}
	slices.SortStableFunc(all.starts, func(a, b uint32) int {
		if c := cmp.Compare(all.idFrom(a), all.idFrom(b)); c != 0 {
			return c
		}
		return all.targetFrom(a).Compare(all.targetFrom(b))
	})
	all.starts = slices.Clip(slices.CompactFunc(all.starts, func(a, b uint32) bool {
		return all.idFrom(a) == all.idFrom(b) && all.targetFrom(a) == all.targetFrom(b)
	}))
	return all
}

// targetFrom returns the target of the node that begins somewhere.
func (h *held) targetFrom(start uint32) target.Key {
	at, exact := slices.BinarySearchFunc(h.sections, start, func(s section, start uint32) int { return cmp.Compare(s.start, start) })
	switch {
	case exact:
		return h.sections[at].target
	case at == 0:
		return target.Key{}
	}
	return h.sections[at-1].target
}

// target returns the target of a node.
func (h *held) target(i int32) target.Key { return h.targetFrom(h.starts[i]) }

// fields are the strings of a node that are no list. The ID is the first.
func (n *Node) fields() [9]*string {
	return [...]*string{
		&n.ID, &n.ComputerName, &n.Name, &n.IPAddress, &n.PingStatus, &n.Status, &n.PlatformType, &n.ResourceType, &n.SourceID,
	}
}

func (h *held) idFrom(start uint32) string {
	r := heldReader{h.text[start:]}
	return r.field()
}

// id returns the ID of a node.
func (h *held) id(i int32) string { return h.idFrom(h.starts[i]) }

// names returns the names of a node: the machine's own, and the one given at its activation.
func (h *held) names(i int32) (computer, given string) {
	r := heldReader{h.text[h.starts[i]:]}
	r.field()
	computer = r.field()
	return computer, r.field()
}

// at returns a node.
func (h *held) at(i int32) Node {
	r := heldReader{h.text[h.starts[i]:]}
	var n Node
	for _, field := range n.fields() {
		*field = r.field()
	}
	n.Serials, n.MACs, n.Target = r.list(), r.list(), h.target(i)
	if tags := r.length(); tags > 0 {
		n.Tags = make(map[string]string, tags)
		for range tags {
			key := r.field()
			n.Tags[key] = r.field()
		}
	}
	return n
}

// heldReader reads what a holder has written.
type heldReader struct{ rest string }

func (r *heldReader) length() int {
	n := 0
	for at := 0; ; at++ {
		n |= int(r.rest[at]&0x7f) << (7 * at)
		if r.rest[at] < 0x80 {
			r.rest = r.rest[at+1:]
			return n
		}
	}
}

func (r *heldReader) field() string {
	n := r.length()
	field := r.rest[:n]
	r.rest = r.rest[n:]
	return field
}

func (r *heldReader) list() []string {
	n := r.length()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = r.field()
	}
	return list
}
