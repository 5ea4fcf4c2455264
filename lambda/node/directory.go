package node

import (
	"cmp"
	"slices"
	"strings"
)

const statusTerminated = "Terminated"

// New makes a directory. Terminated nodes are left out, and of several with one ID the first counts.
func New(nodes []Node) *Directory {
	d := &Directory{
		ids: make(map[string]int32, len(nodes)), tags: map[tag][]int32{}, serials: index{}, ips: index{}, macs: index{},
		computer: newNames(), given: newNames(), asked: map[tag]bool{}, askedMACs: map[string]bool{},
	}
	d.nodes = slices.DeleteFunc(slices.Clone(nodes), func(n Node) bool { return strings.EqualFold(n.Status, statusTerminated) })
	slices.SortStableFunc(d.nodes, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	d.nodes = slices.CompactFunc(d.nodes, func(a, b Node) bool { return a.ID == b.ID })
	d.order = make([]int32, len(d.nodes))
	for i := range d.nodes {
		at := int32(i)
		d.order[i] = at
		d.index(at, &d.nodes[i])
	}
	return d
}

// index makes a node findable. Its identifiers go through the same normalising as those of subjects.
func (d *Directory) index(i int32, n *Node) {
	d.ids[n.ID] = i
	own := Subject{Serial: n.Serials, MAC: n.MACs, IP: addressesOf(n.IPAddress)}.Normalise()
	for _, serial := range own.Serial {
		d.serials.add(serial, i)
		d.serials.add(swappedUUID(serial), i)
	}
	for _, ip := range own.IP {
		d.ips.add(ip, i)
	}
	for _, mac := range own.MAC {
		d.macs.add(mac, i)
	}
	for key, value := range n.Tags {
		d.addTag(tag{key, value}, i)
	}
	d.computer.add(hostname(n.ComputerName), i)
	if strings.HasPrefix(n.ID, "mi-") {
		d.given.add(hostname(n.Name), i)
	}
}

func (d *Directory) addTag(t tag, i int32) {
	if at := d.tags[t]; !slices.Contains(at, i) {
		d.tags[t] = append(at, i)
	}
}

// single gives a node as a list of one.
func (d *Directory) single(i int32) []int32 { return d.order[i : i+1 : i+1] }

func addressesOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
}

// names finds nodes by host name.
type names struct {
	full  index // by all labels
	short index // by the first label
}

func newNames() names { return names{full: index{}, short: index{}} }

func (n names) add(name string, i int32) {
	if name == "" || isAddress(name) {
		return
	}
	n.full.add(name, i)
	n.short.add(firstLabel(name), i)
}

// find gives the nodes whose name may be this one. A name with a domain fits those of just that name, else those that are known
// without a domain; one without a domain fits all with that first label.
func (n names) find(name string) []int32 {
	label := firstLabel(name)
	if label == name {
		return n.short[name]
	}
	if at := n.full[name]; len(at) > 0 {
		return at
	}
	return n.full[label]
}

func firstLabel(name string) string {
	label, _, _ := strings.Cut(name, ".")
	return label
}
