// Package held knows managed nodes as a directory holds them: one behind the other in one text, each with its account and region. It does not know
// what they are looked for by.
package held

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Node is a managed node, as DescribeInstanceInformation and the inventory type AWS:InstanceInformation describe it. Serials and
// MACs come from files only.
type Node struct {
	ID           string // i-… or mi-…
	ComputerName string // as the machine calls itself, with or without domain
	Name         string // given at activation; hybrid nodes only
	IPAddress    string // or several, separated by commas
	PingStatus   string // Online, ConnectionLost, Inactive; empty where only the inventory knows the node
	Status       string // InstanceStatus: Active, ConnectionLost, Stopped, Terminated
	PlatformType string // Linux, Windows, MacOS
	ResourceType string // EC2Instance, ManagedInstance
	SourceID     string
	Tags         map[string]string
	Serials      []string
	MACs         []string
	Target       target.Key // its account and region; zero: those of the installation
}

// Nodes are the nodes of a directory. A fleet is large, and little is asked of most of its nodes: so they stand one behind the other in one
// text, each string behind its length, of which a Node's strings are parts.
type Nodes struct {
	text     string
	starts   []uint32 // where each node begins, by ID
	sections []section
}

const statusTerminated = "Terminated"

// section is where the nodes of a target begin. There is none where all nodes are of the installation's own.
type section struct {
	start  uint32
	target target.Key
}

// Holder takes nodes in. The zero value has none.
type Holder struct {
	text     strings.Builder
	starts   []uint32
	sections []section
	target   target.Key // of the nodes that were added last
}

// Add takes a node in, unless it is terminated.
func (h *Holder) Add(n *Node) {
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

func (h *Holder) length(n int) {
	for ; n >= 0x80; n >>= 7 {
		h.text.WriteByte(byte(n) | 0x80)
	}
	h.text.WriteByte(byte(n)) //nolint:gosec // what is left is below 0x80
}

func (h *Holder) put(field string) {
	h.length(len(field))
	h.text.WriteString(field)
}

func (h *Holder) list(values []string) {
	h.length(len(values))
	for _, value := range values {
		h.put(value)
	}
}

// Nodes returns the nodes by ascending ID; of several with one ID and target the first.
func (h *Holder) Nodes() Nodes {
	all := Nodes{h.text.String(), h.starts, h.sections}
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
func (h *Nodes) targetFrom(start uint32) target.Key {
	at, exact := slices.BinarySearchFunc(h.sections, start, func(s section, start uint32) int { return cmp.Compare(s.start, start) })
	switch {
	case exact:
		return h.sections[at].target
	case at == 0:
		return target.Key{}
	}
	return h.sections[at-1].target
}

// Len is how many nodes there are.
func (h *Nodes) Len() int { return len(h.starts) }

// Size is about how many bytes they take.
func (h *Nodes) Size() int { return len(h.text) + 4*len(h.starts) }

// IsOfOne reports whether all nodes are of the installation's own account and region.
func (h *Nodes) IsOfOne() bool { return len(h.sections) == 0 }

// Target returns the target of a node.
func (h *Nodes) Target(i int32) target.Key { return h.targetFrom(h.starts[i]) }

// fields are the strings of a node that are no list. The ID is the first.
func (n *Node) fields() [9]*string {
	return [...]*string{
		&n.ID, &n.ComputerName, &n.Name, &n.IPAddress, &n.PingStatus, &n.Status, &n.PlatformType, &n.ResourceType, &n.SourceID,
	}
}

func (h *Nodes) idFrom(start uint32) string {
	r := reader{h.text[start:]}
	return r.field()
}

// ID returns the ID of a node.
func (h *Nodes) ID(i int32) string { return h.idFrom(h.starts[i]) }

// Names returns the names of a node: the machine's own, and the one given at its activation.
func (h *Nodes) Names(i int32) (computer, given string) {
	r := reader{h.text[h.starts[i]:]}
	r.field()
	computer = r.field()
	return computer, r.field()
}

// At returns a node.
func (h *Nodes) At(i int32) Node {
	r := reader{h.text[h.starts[i]:]}
	var n Node
	for _, field := range n.fields() {
		*field = r.field()
	}
	n.Serials, n.MACs, n.Target = r.list(), r.list(), h.Target(i)
	if tags := r.length(); tags > 0 {
		n.Tags = make(map[string]string, tags)
		for range tags {
			key := r.field()
			n.Tags[key] = r.field()
		}
	}
	return n
}

// reader reads what a Holder has written.
type reader struct{ rest string }

func (r *reader) length() int {
	n := 0
	for at := 0; ; at++ {
		n |= int(r.rest[at]&0x7f) << (7 * at)
		if r.rest[at] < 0x80 {
			r.rest = r.rest[at+1:]
			return n
		}
	}
}

func (r *reader) field() string {
	n := r.length()
	field := r.rest[:n]
	r.rest = r.rest[n:]
	return field
}

func (r *reader) list() []string {
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
