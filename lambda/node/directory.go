package node

import (
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/held"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// New makes a directory. Terminated nodes are left out, and of several with one ID the first counts. Values that many machines have are
// those of the built-in table and the given ones.
func New(nodes []Node, many ...identifier.SharedValue) *Directory {
	var h held.Holder
	for i := range nodes {
		h.Add(&nodes[i])
	}
	return directoryOf(h.Nodes(), many)
}

// Builder makes a directory of the nodes of several targets.
type Builder struct {
	Own  target.Key // of the installation, as far as it is known
	More bool       // there may be targets besides those that are noted: they are not known yet

	nodes   held.Holder
	targets []reached
	asked   map[target.Key]*asked
}

// reached is a target beside the installation's own.
type reached struct {
	target.Key
	unreachable bool // its nodes are those that were listed last; none where it was never listed
}

// Add adds a node. Terminated nodes are left out, and of several with one ID and target the first counts.
func (b *Builder) Add(n *Node) { b.nodes.Add(n) }

// Target notes a target beside the installation's own, of whose nodes those tags are known. One that could not be listed now is unreachable: its
// nodes are those that were listed last.
func (b *Builder) Target(k target.Key, unreachable bool, tags []listing.Tag) {
	b.targets = append(b.targets, reached{k, unreachable})
	known := newAsked()
	for _, t := range tags {
		known.tags[t] = true
	}
	if b.asked == nil {
		b.asked = map[target.Key]*asked{}
	}
	b.asked[k] = known
}

// Directory returns the directory. Values that many machines have are those of the built-in table and the given ones.
func (b *Builder) Directory(many []identifier.SharedValue) *Directory {
	d := directoryOf(b.nodes.Nodes(), many)
	d.own, d.targets, d.more = b.Own, b.targets, b.More
	maps.Copy(d.asked, b.asked)
	return d
}

// directoryOf makes the indexes.
func directoryOf(nodes held.Nodes, many []identifier.SharedValue) *Directory {
	d := &Directory{indexes: &indexes{
		nodes: nodes, ids: newIndex(nodes.Len()), order: make([]int32, nodes.Len()),
		tags: map[listing.Tag][]int32{}, asked: map[target.Key]*asked{}, shared: identifier.With(many),
	}}
	d.computer = names{full: newIndex(len(d.order)), label: newIndex(len(d.order))}
	for i := range d.order {
		at := int32(i)
		d.order[i] = at
		n := d.nodes.At(at)
		d.index(at, &n)
	}
	if !nodes.IsOfOne() {
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
		d.addTag(listing.Tag{Key: key, Value: value}, i)
	}
	d.computer.add(d.shared.NameOf(identifier.Hostname(n.ComputerName)), i)
	if strings.HasPrefix(n.ID, "mi-") {
		d.given.add(d.shared.NameOf(identifier.Hostname(n.Name)), i)
	}
}

func (d *Directory) addTag(t listing.Tag, i int32) {
	if at := d.tags[t]; !slices.Contains(at, i) {
		d.tags[t] = append(at, i)
	}
}

// single returns a node as a list of one.
func (d *Directory) single(i int32) []int32 { return d.order[i : i+1 : i+1] }
