package node

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

const statusTerminated = "Terminated"

// New makes a directory. Terminated nodes are left out, and of several with one ID the first counts. Values that many machines have are
// those of the built-in table and the given ones.
func New(nodes []Node, many ...identifier.SharedValue) *Directory {
	var h holder
	for i := range nodes {
		h.add(&nodes[i])
	}
	return directoryOf(h.held(), many)
}

// directoryOf makes the indexes.
func directoryOf(nodes held, many []identifier.SharedValue) *Directory {
	d := &Directory{indexes: &indexes{
		nodes: nodes, ids: newIndex(len(nodes.starts)), order: make([]int32, len(nodes.starts)),
		tags: map[tag][]int32{}, asked: map[tag]bool{}, askedMACs: map[string]bool{}, shared: identifier.With(many),
	}}
	d.computer = names{full: newIndex(len(d.order)), label: newIndex(len(d.order))}
	for i := range d.order {
		at := int32(i)
		d.order[i] = at
		n := d.nodes.at(at)
		d.index(at, &n)
	}
	if len(nodes.sections) > 0 {
		d.noteTwice()
	}
	return d
}

// index makes a node findable by what distinguishes it from others. Its identifiers go through the same normalising as those of subjects.
func (d *Directory) index(i int32, n *Node) {
	d.ids.add(n.ID, i)
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
