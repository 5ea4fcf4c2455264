// Package node knows the managed nodes of an installation, in one account and region or in many, and which of them a subject is; it does not know the
// documents in which subjects stand, nor what is put on a node.
//
// Which node a subject is, is decided by evidence: README.md beside this file describes what agrees, what disagrees, what decides, and what
// to do about each reason.
package node

import (
	"iter"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/held"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Node is a managed node of a directory.
type Node = held.Node

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

	// Account and Region are those that the document states of the machine, or else those of the ARN that named the node; empty where it has neither.
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
	Stated  bool   `json:"-"` // they do not come out of an ARN
}

// Target is the account and region of the subject, as far as they are known.
func (s *Subject) Target() target.Key { return target.Key{Account: s.Account, Region: s.Region} }

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
		Account: s.Account, Region: s.Region, Stated: s.Stated, Number: slices.Concat(s.Number, other.Number),
	}
	for _, name := range slices.Concat(s.Reverse, other.Reverse) {
		if !slices.Contains(s.own().Hostname, name) && !slices.Contains(other.own().Hostname, name) {
			u.Reverse = append(u.Reverse, name)
		}
	}
	if other.Stated && !u.Stated || u.Account == "" && u.Region == "" {
		u.Account, u.Region, u.Stated = other.Account, other.Region, other.Stated
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
	within *scope              // nil: all nodes count; else those of some targets
	failed map[target.Key]bool // targets that did not answer an Asker
}

// indexes are what all views of a directory share.
type indexes struct {
	nodes    held.Nodes
	order    []int32 // order[i] is i: one node as a list, without an allocation
	ids      index
	tags     map[listing.Tag][]int32
	shared   *identifier.Table
	serials  index
	computer names
	given    names // names given at activation
	ips      index
	macs     index

	asked   map[target.Key]*asked // by target
	notes   []string              // of the file that it was read from
	asks    bool                  // the service is asked for what no list has
	own     target.Key            // of the installation, as far as it is known
	targets []reached             // beside the installation's own
	more    bool                  // there may be targets that are not known
	twice   map[string]bool       // IDs that nodes of several targets have
}

// Len returns how many nodes there are.
func (d *Directory) Len() int { return len(d.order) }

// Size is about how many bytes the directory takes: its nodes, and what they are found by.
func (d *Directory) Size() int {
	found := 0
	for _, x := range []*index{&d.ids, &d.serials, &d.computer.full, &d.computer.label, &d.given.full, &d.given.label, &d.ips, &d.macs} {
		found += len(x.at)
	}
	return d.nodes.Size() + 24*found
}

// Nodes returns all nodes by ascending ID.
func (d *Directory) Nodes() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for _, i := range d.order {
			if !yield(d.nodes.At(i)) {
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
	return d.nodes.At(i), true
}
