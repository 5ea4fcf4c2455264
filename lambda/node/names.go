package node

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/spelled"
)

// names finds nodes by host name.
type names struct {
	full  index // by all labels; names without a domain of an owner by their only one
	label index // by the first label
}

func (n *names) add(h identifier.Name, i int32) {
	if h.Label == "" {
		return
	}
	if h.Full == "" {
		n.full.add(h.Label, i)
	} else {
		n.full.add(h.Full, i)
	}
	n.label.add(h.Label, i)
}

// named is what the host names of a subject lead to.
type named struct {
	found
	exact bool // a full name is a node's full name
	alone bool // no other node has the first label
}

// byNames finds the nodes whose names agree with a subject's. A full name agrees with a full name; where no node has it, weakly with a
// node that is known by its first label alone. A bare label agrees with a node's full name only where the subject gives no full name of
// another domain.
func (d *Directory) byNames(n *names, s *Subject) named {
	f := named{alone: true}
	fulls, first := d.byFull(n, &f, s)
	for _, c := range s.Hostname {
		h := d.shared.NameOf(c)
		if h.Label == "" || h.Full != "" || fulls > 0 && (h.IsShortOf(&first) || fulls > 1 && d.isShort(h, s)) {
			continue
		}
		at := d.find(&n.label, h.Label)
		if fulls > 0 && len(at) > 0 {
			fit := d.inDomain(n, at, s)
			f.alone = f.alone && len(fit) == len(at) // that others are excluded does not say that it is the one that is left
			at = fit
		}
		f.narrow(at)
	}
	if len(f.nodes) > 0 || f.conflict || fulls == 0 {
		return f
	}
	d.byLabel(n, &f, &first)
	for _, c := range s.Hostname {
		if h := d.shared.NameOf(c); fulls > 1 && h.Full != "" && h.Full != first.Full {
			d.byLabel(n, &f, &h)
		}
	}
	return f
}

// byFull takes in the nodes of full names, and counts these.
func (d *Directory) byFull(n *names, f *named, s *Subject) (fulls int, first identifier.Name) {
	for _, c := range s.Hostname {
		h := d.shared.NameOf(c)
		if h.Full == "" {
			continue
		}
		fulls++
		if fulls == 1 {
			first = h
		}
		if at := d.find(&n.full, h.Full); len(at) > 0 {
			f.narrow(at)
			f.exact = true
		}
	}
	return fulls, first
}

// byLabel takes in the nodes that are known by the first label of a full name alone.
func (d *Directory) byLabel(n *names, f *named, h *identifier.Name) {
	if at := d.find(&n.full, h.Label); len(at) > 0 {
		f.narrow(at)
		f.alone = f.alone && len(d.find(&n.label, h.Label)) == 1
	}
}

// spellsOneOf reports whether a name has an address in it that its machine has: vm-10-0-0-1. Without that address it is a name like
// others: rack-1-2-3-4.
func spellsOneOf(name string, addresses ...string) bool {
	in := spelled.Addresses(name)
	return len(in) > 0 && shares(in, identifier.Addresses(addresses))
}

// isNetBIOS reports whether a node's name may be that of NetBIOS, which has capital letters. Linux leaves nothing out of a name.
func isNetBIOS(n *Node) bool {
	return n.PlatformType == "Windows" || n.PlatformType == "" && n.ComputerName == strings.ToUpper(n.ComputerName)
}

// isShort reports whether a bare name is short for one of the subject's full names.
func (d *Directory) isShort(h identifier.Name, s *Subject) bool {
	for _, c := range s.Hostname {
		if full := d.shared.NameOf(c); full.Full != "" && h.IsShortOf(&full) {
			return true
		}
	}
	return false
}

// inDomain returns those of the nodes whose domain no full name of the subject contradicts.
func (d *Directory) inDomain(n *names, at []int32, s *Subject) []int32 {
	var fit []int32
	for _, i := range at {
		own := d.nameAt(n, i)
		contradicts := false
		for _, c := range s.Hostname {
			h := d.shared.NameOf(c)
			contradicts = contradicts || !own.MayBeIn(&h)
		}
		if !contradicts {
			fit = append(fit, i)
		}
	}
	return fit
}

func (d *Directory) nameAt(n *names, i int32) identifier.Name {
	name, given := d.nodes.Names(i)
	if n == &d.given {
		name = given
	}
	return d.shared.OwnName(identifier.Hostname(name))
}

// compareNames compares a subject's names with a node's. The name that was given at an activation is the same for all machines of it,
// so it may agree, but never disagrees.
func (d *Directory) compareNames(s *Subject, i int32) Verdict {
	own := d.nameAt(&d.computer, i)
	known := d.nodes.At(i)
	own.Cut = isNetBIOS(&known)
	own.Image = own.Image || spellsOneOf(identifier.Hostname(known.ComputerName), known.IPAddress)
	best, called := SaysNothing, false
	for _, c := range s.Hostname {
		h := d.shared.OwnName(c)
		if h.Label == "" {
			continue
		}
		called = called || !h.Image && !slices.Contains(s.Reverse, c) && !spellsOneOf(c, s.IP...)
		best = max(best, agreement(h, own, s, d.shared))
		if strings.HasPrefix(known.ID, "mi-") {
			best = max(best, agreement(h, d.nameAt(&d.given, i), s, d.shared))
		}
	}
	if best == SaysNothing && called && own.Label != "" && !own.Image {
		return Disagrees
	}
	return best
}

func agreement(h, own identifier.Name, s *Subject, t *identifier.Table) Verdict {
	switch {
	case own.Label != "" && h.Label != own.Label && (h.Full == "" && h.IsShortOf(&own) || own.Cut && own.IsShortOf(&h) && own.MayBeIn(&h)): // what NetBIOS leaves of it
		return AgreesWeakly
	case own.Label == "" || h.Label != own.Label:
		return SaysNothing
	case h.Full == own.Full:
		return Agrees
	case own.Full == "":
		return AgreesWeakly
	case h.Full != "":
		return SaysNothing
	}
	for _, c := range s.Hostname { // a bare name beside full ones
		if slices.Contains(s.Reverse, c) {
			continue
		}
		if other := t.NameOf(c); !own.MayBeIn(&other) {
			return SaysNothing
		}
	}
	return Agrees
}
