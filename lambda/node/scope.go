package node

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// scope is some of a directory's targets: those of an account, of a region, or of both.
type scope struct {
	target.Key
	own bool // the installation's own is one of them
}

// view returns the directory with the nodes of the targets that an account and region leave; "": any.
func (d *Directory) view(k target.Key) *Directory {
	return &Directory{indexes: d.indexes, within: &scope{k, fits(k, d.own)}}
}

// fits reports whether a target may be meant by an account and region. Parts that are empty fit all.
func fits(k, of target.Key) bool {
	return (k.Account == "" || of.Account == "" || k.Account == of.Account) && (k.Region == "" || of.Region == "" || k.Region == of.Region)
}

// counts reports whether a node is of one of the view's targets.
func (d *Directory) counts(i int32) bool {
	if d.within == nil {
		return true
	}
	of := d.nodes.target(i)
	if of.IsOwn() {
		return d.within.own
	}
	return fits(d.within.Key, of)
}

// counted returns those of some nodes that count in the view; the list must not be changed.
func (d *Directory) counted(at []int32) []int32 {
	if d.within == nil || !slices.ContainsFunc(at, func(i int32) bool { return !d.counts(i) }) {
		return at
	}
	return slices.DeleteFunc(slices.Clone(at), func(i int32) bool { return !d.counts(i) })
}

// tagged returns the nodes that have a tag.
func (d *Directory) tagged(t tag) []int32 { return d.counted(d.tags[t]) }

// noteTwice notes the IDs that nodes of several targets have.
func (d *Directory) noteTwice() {
	for n := 1; n < len(d.order); n++ {
		if id := d.nodes.id(d.order[n]); id == d.nodes.id(d.order[n-1]) {
			if d.twice == nil {
				d.twice = map[string]bool{}
			}
			d.twice[id] = true
		}
	}
}

// TargetOf returns the account and region of a node; zero: the installation's own, and of a node that is not listed.
func (c *Crowd) TargetOf(id string) target.Key {
	if c == nil || len(c.d.nodes.sections) == 0 {
		return target.Key{}
	}
	n, _ := c.d.Lookup(id)
	return n.Target
}
