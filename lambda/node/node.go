// Package node knows the managed nodes of one account and region, and which of them a subject is; it does not know the
// documents in which subjects stand, nor what is put on a node.
//
// Which node a subject is, is decided by evidence: README.md beside this file describes what agrees, what disagrees, what decides, and what
// to do about each reason.
package node

import (
	"iter"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
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

// Subject is the machine that a record is about: candidates of each kind, in the order of the document. Resolve expects it
// normalised.
type Subject struct {
	NodeID   []string            `json:"nodeId,omitempty"`
	Tags     map[string][]string `json:"tag,omitempty"`
	Serial   []string            `json:"serial,omitempty"`
	Hostname []string            `json:"hostname,omitempty"`
	IP       []string            `json:"ip,omitempty"`
	MAC      []string            `json:"mac,omitempty"`

	// Reverse are those of Hostname that were asked of an address (reverse DNS): they may agree, but never disagree.
	Reverse []string `json:"-"`

	// Number are the source's own numbers of the machine. They name nobody to whom no earlier import has tied them.
	Number []Number `json:"-"`

	// Account and Region are those of the ARN that named the node; empty where the document has no ARN.
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
}

// Empty reports whether the subject has no identifier at all, apart from numbers.
func (s Subject) Empty() bool {
	return len(s.NodeID) == 0 && len(s.Tags) == 0 && len(s.Serial) == 0 && len(s.Hostname) == 0 && len(s.IP) == 0 && len(s.MAC) == 0
}

// ByKind returns the identifiers that a sender can name a machine by, by their kinds.
func (s Subject) ByKind() map[string][]string {
	kinds := map[string][]string{"nodeId": s.NodeID, "hostname": s.Hostname, "serial": s.Serial, "ip": s.IP, "mac": s.MAC}
	maps.DeleteFunc(kinds, func(_ string, list []string) bool { return len(list) == 0 })
	return kinds
}

// Union returns the identifiers of both, normalised: those of several records about one machine.
func (s Subject) Union(other Subject) Subject {
	u := Subject{
		NodeID: slices.Concat(s.NodeID, other.NodeID), Serial: slices.Concat(s.Serial, other.Serial),
		Hostname: slices.Concat(s.Hostname, other.Hostname), IP: slices.Concat(s.IP, other.IP), MAC: slices.Concat(s.MAC, other.MAC),
		Account: s.Account, Region: s.Region, Number: slices.Concat(s.Number, other.Number),
	}
	for _, name := range slices.Concat(s.Reverse, other.Reverse) {
		if !slices.Contains(s.own().Hostname, name) && !slices.Contains(other.own().Hostname, name) {
			u.Reverse = append(u.Reverse, name)
		}
	}
	if u.Account == "" && u.Region == "" {
		u.Account, u.Region = other.Account, other.Region
	}
	u.Tags = make(map[string][]string, len(s.Tags)+len(other.Tags))
	for _, tags := range []map[string][]string{s.Tags, other.Tags} {
		for key, values := range tags {
			u.Tags[key] = slices.Concat(u.Tags[key], values)
		}
	}
	return u.Normalise()
}

// Directory is a set of managed nodes, of one target or of many, with the indexes that Resolve needs. Any number of goroutines may read it at
// once; an Asker must not be at work beside them.
type Directory struct {
	*indexes
	within *scope // nil: all nodes count; else those of some targets
}

// indexes are what all views of a directory share.
type indexes struct {
	nodes    held
	order    []int32 // order[i] is i: one node as a list, without an allocation
	ids      index
	tags     map[tag][]int32
	shared   *identifier.Table
	serials  index
	computer names
	given    names // names given at activation
	ips      index
	macs     index

	asked     map[tag]bool // tags that were asked for
	askedMACs map[string]bool
	notes     []string // of the file that it was read from
	asks      bool     // the service is asked for what no list has

	own     target.Key      // what the zero target stands for, as far as it is known
	targets []Reached       // the others
	twice   map[string]bool // IDs that nodes of several targets have
}

// Reached is a target beside the installation's own, and whether its nodes could be listed.
type Reached struct {
	target.Key
	Unreachable bool // its nodes are those that were listed last; none where it was never listed
}

type tag struct{ key, value string }

// Len returns how many nodes there are.
func (d *Directory) Len() int { return len(d.order) }

// Nodes returns all nodes by ascending ID.
func (d *Directory) Nodes() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for _, i := range d.order {
			if !yield(d.nodes.at(i)) {
				return
			}
		}
	}
}

// Lookup finds a node by its ID. Of nodes of several targets it is the first: no subject is one of them.
func (d *Directory) Lookup(id string) (Node, bool) {
	i, ok := d.place(id)
	if !ok {
		return Node{}, false
	}
	return d.nodes.at(i), true
}
