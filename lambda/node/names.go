package node

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/spelled"
)

// hostName is a host name taken apart. Without a label it names no machine.
type hostName struct {
	full    string // with its domain; "" where it has none, or one that is not its owner's
	label   string // the first label
	image   bool   // it is from an image or installer, or it is no host name but a title: it never disagrees
	cut     bool   // it may be what NetBIOS leaves of a longer one
	address string // the address that it spells, "" where it spells none
}

// nameOf takes a normalised host name apart.
func (t *shared) nameOf(name string) hostName {
	label, domain, _ := strings.Cut(name, ".")
	h := hostName{full: name, label: label}
	if domain == "" || t.isForeign(domain) {
		h.full = ""
	}
	if address, only := spelled.Only(name); only {
		return hostName{address: address}
	}
	if t.hostnames[label] {
		return hostName{}
	}
	return h
}

// ownName is nameOf with what only a comparison needs. What an image gave and an owner's domain was added to is the machine's own name.
func (t *shared) ownName(name string) hostName {
	h := t.nameOf(name)
	h.image = h.label != "" && (h.full == "" && t.isImage(h.label) || !isHostName(name))
	return h
}

// names finds nodes by host name.
type names struct {
	full  index // by all labels; names without a domain of an owner by their only one
	label index // by the first label
}

func (n *names) add(h hostName, i int32) {
	if h.label == "" {
		return
	}
	if h.full == "" {
		n.full.add(h.label, i)
	} else {
		n.full.add(h.full, i)
	}
	n.label.add(h.label, i)
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
		h := d.shared.nameOf(c)
		if h.label == "" || h.full != "" || fulls > 0 && (h.isShortOf(&first) || fulls > 1 && d.isShort(h, s)) {
			continue
		}
		at := d.find(&n.label, h.label)
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
		if h := d.shared.nameOf(c); fulls > 1 && h.full != "" && h.full != first.full {
			d.byLabel(n, &f, &h)
		}
	}
	return f
}

// byFull takes in the nodes of full names, and counts these.
func (d *Directory) byFull(n *names, f *named, s *Subject) (fulls int, first hostName) {
	for _, c := range s.Hostname {
		h := d.shared.nameOf(c)
		if h.full == "" {
			continue
		}
		fulls++
		if fulls == 1 {
			first = h
		}
		if at := d.find(&n.full, h.full); len(at) > 0 {
			f.narrow(at)
			f.exact = true
		}
	}
	return fulls, first
}

// byLabel takes in the nodes that are known by the first label of a full name alone.
func (d *Directory) byLabel(n *names, f *named, h *hostName) {
	if at := d.find(&n.full, h.label); len(at) > 0 {
		f.narrow(at)
		f.alone = f.alone && len(d.find(&n.label, h.label)) == 1
	}
}

// isShortOf reports whether a bare name is the first label of a full one, or what NetBIOS leaves of it.
func (h *hostName) isShortOf(full *hostName) bool {
	const netBIOS = 15
	return h.label == full.label || len(h.label) == netBIOS && strings.HasPrefix(full.label, h.label)
}

// spellsOneOf reports whether a name has an address in it that its machine has: vm-10-0-0-1. Without that address it is a name like
// others: rack-1-2-3-4.
func spellsOneOf(name string, addresses ...string) bool {
	in := spelled.Addresses(name)
	return len(in) > 0 && shares(in, cells(addresses, address, isAddressCell))
}

// isNetBIOS reports whether a node's name may be that of NetBIOS, which has capital letters. Linux leaves nothing out of a name.
func (n *Node) isNetBIOS() bool {
	return n.PlatformType == "Windows" || n.PlatformType == "" && n.ComputerName == strings.ToUpper(n.ComputerName)
}

// mayBeIn reports whether two names are not known to be of different domains.
func (h *hostName) mayBeIn(other *hostName) bool {
	return h.full == "" || other.full == "" || h.full[len(h.label):] == other.full[len(other.label):]
}

// isShort reports whether a bare name is short for one of the subject's full names.
func (d *Directory) isShort(h hostName, s *Subject) bool {
	for _, c := range s.Hostname {
		if full := d.shared.nameOf(c); full.full != "" && h.isShortOf(&full) {
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
			h := d.shared.nameOf(c)
			contradicts = contradicts || !own.mayBeIn(&h)
		}
		if !contradicts {
			fit = append(fit, i)
		}
	}
	return fit
}

func (d *Directory) nameAt(n *names, i int32) hostName {
	if n == &d.given {
		return d.shared.ownName(hostname(d.nodes[i].Name))
	}
	return d.shared.ownName(hostname(d.nodes[i].ComputerName))
}

// compareNames compares a subject's names with a node's. The name that was given at an activation is the same for all machines of it,
// so it may agree, but never disagrees.
func (d *Directory) compareNames(s *Subject, i int32) Verdict {
	own := d.nameAt(&d.computer, i)
	own.cut = d.nodes[i].isNetBIOS()
	own.image = own.image || spellsOneOf(hostname(d.nodes[i].ComputerName), d.nodes[i].IPAddress)
	best, called := SaysNothing, false
	for _, c := range s.Hostname {
		h := d.shared.ownName(c)
		if h.label == "" {
			continue
		}
		called = called || !h.image && !slices.Contains(s.Reverse, c) && !spellsOneOf(c, s.IP...)
		best = max(best, agreement(h, own, s, d.shared))
		if strings.HasPrefix(d.nodes[i].ID, "mi-") {
			best = max(best, agreement(h, d.nameAt(&d.given, i), s, d.shared))
		}
	}
	if best == SaysNothing && called && own.label != "" && !own.image {
		return Disagrees
	}
	return best
}

func agreement(h, own hostName, s *Subject, t *shared) Verdict {
	switch {
	case own.label != "" && h.label != own.label && (h.full == "" && h.isShortOf(&own) || own.cut && own.isShortOf(&h) && own.mayBeIn(&h)): // what NetBIOS leaves of it
		return AgreesWeakly
	case own.label == "" || h.label != own.label:
		return SaysNothing
	case h.full == own.full:
		return Agrees
	case own.full == "":
		return AgreesWeakly
	case h.full != "":
		return SaysNothing
	}
	for _, c := range s.Hostname { // a bare name beside full ones
		if slices.Contains(s.Reverse, c) {
			continue
		}
		if other := t.nameOf(c); !own.mayBeIn(&other) {
			return SaysNothing
		}
	}
	return Agrees
}
