package node

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

const statusTerminated = "Terminated"

// New makes a directory. Terminated nodes are left out, and of several with one ID the first counts. Values that many machines have are
// those of the built-in table and the given ones.
func New(nodes []Node, many ...identifier.SharedValue) *Directory {
	d := &Directory{ids: make(map[string]int32, len(nodes)), tags: map[tag][]int32{}, asked: map[tag]bool{}, askedMACs: map[string]bool{}, shared: identifier.With(many)}
	d.nodes = slices.DeleteFunc(slices.Clone(nodes), func(n Node) bool { return strings.EqualFold(n.Status, statusTerminated) })
	slices.SortStableFunc(d.nodes, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	d.nodes = slices.CompactFunc(d.nodes, func(a, b Node) bool { return a.ID == b.ID })
	d.order = make([]int32, len(d.nodes))
	addresses := 0
	for i := range d.nodes {
		if d.nodes[i].IPAddress != "" {
			addresses++
		}
	}
	d.ips.at = make(map[string]int32, addresses)
	for _, x := range []*index{&d.computer.full, &d.computer.label} {
		x.at = make(map[string]int32, len(d.nodes))
	}
	for i := range d.nodes {
		at := int32(i)
		d.order[i] = at
		d.index(at, &d.nodes[i])
	}
	return d
}

// index makes a node findable by what distinguishes it from others. Its identifiers go through the same normalising as those of subjects.
func (d *Directory) index(i int32, n *Node) {
	d.ids[n.ID] = i
	own := Subject{Serial: n.Serials, MAC: n.MACs, IP: []string{n.IPAddress}}.Normalise()
	add := func(x *index, kind string, values []string) {
		for _, value := range values {
			if !d.shared.Has(kind, value) {
				x.add(value, i)
			}
		}
	}
	add(&d.serials, RuleSerial, own.Serial)
	for _, serial := range own.Serial {
		if !d.shared.Has(RuleSerial, serial) {
			d.serials.add(identifier.SwappedUUID(serial), i)
		}
	}
	add(&d.ips, RuleIP, own.IP)
	add(&d.macs, RuleMAC, own.MAC)
	for key, value := range n.Tags {
		d.addTag(tag{key, value}, i)
	}
	d.computer.add(d.shared.NameOf(identifier.Hostname(n.ComputerName)), i)
	if strings.HasPrefix(n.ID, "mi-") {
		d.given.add(d.shared.NameOf(identifier.Hostname(n.Name)), i)
	}
}

func (d *Directory) addTag(t tag, i int32) {
	if at := d.tags[t]; !slices.Contains(at, i) {
		d.tags[t] = append(at, i)
	}
}

// single returns a node as a list of one.
func (d *Directory) single(i int32) []int32 { return d.order[i : i+1 : i+1] }
