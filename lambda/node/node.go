// Package node knows the managed nodes of an installation, in one account and region or in many, and which of them a subject is; it does not know the
// documents in which subjects stand, nor what is put on a node.
//
// Which node a subject is, is decided by evidence: README.md beside this file describes what agrees, what disagrees, what decides, and what
// to do about each reason.
package node

import (
	"iter"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/held"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/subject"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Node is a managed node of a directory.
type Node = held.Node

// Subject is the machine that a record is about.
type Subject = subject.Subject

// Number is a source's own number of a machine.
type Number = subject.Number

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
