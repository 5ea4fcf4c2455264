package node

import (
	"slices"
)

const (
	detailReverse = "by a name of reverse DNS"
	detailSplit   = "its name leads to one node, and a name of reverse DNS and an address to another one: one side is out of date"
)

// kindReverse is that of the names of reverse DNS in an explanation, where they stand apart from the others.
const kindReverse = "reverse"

// withReverse takes names of reverse DNS into account. They never disagree. They decide where nothing else leads to a node, unless
// the node is known by another address; a full one keeps an address from deciding for another node: one of both is out of date.
func (d *Directory) withReverse(subject Subject, rules Rules, decision Decision) Decision {
	s, r := &subject, &rules
	if decision.Outcome == Matched && decision.Rule == RuleHostname {
		return d.split(s, r, decision)
	}
	if decision.Rule != RuleIP && decision.Reason != ReasonNoSuchNode && decision.Reason != ReasonUnidentified || decision.Rule == RuleNodeID {
		return decision
	}
	f := d.byNames(&d.computer, s.Asked())
	if len(f.nodes) != 1 || f.conflict || d.isAnother(s, r, f.nodes[0]) != "" {
		return decision
	}
	i := f.nodes[0]
	if d.compareNames(s.Own(), i) == Disagrees { // an own name goes before
		return decision
	}
	known := d.nodes.At(i).IPAddress != "" && len(s.IP) > 0 && d.compare(RuleIP, s, r, i) < AgreesWeakly
	switch {
	case decision.Reason == ReasonAmbiguous: // several nodes have the address, and this is one of them
		if r.Later || d.compare(RuleIP, s, r, i) < AgreesWeakly {
			return decision
		}
		decision = d.winner(i, RuleIP, "several nodes have the address; a name of reverse DNS is that of one of them", r)
	case decision.Rule == RuleIP && f.exact && decision.Node != d.nodes.ID(i):
		decision = Decision{
			Outcome: Parked, Reason: ReasonAddressOnly, Rule: RuleIP, Nodes: append([]string{d.nodes.ID(i)}, decision.Nodes...),
			Detail: "a name of reverse DNS and an address lead to different nodes: one of both is out of date",
		}
	case decision.Rule == RuleIP || !f.exact && !f.alone:
	case known:
		decision = Decision{
			Outcome: Parked, Reason: ReasonAddressOnly, Rule: RuleHostname, Nodes: d.listed(f.nodes),
			Detail: "nothing but a name of reverse DNS agrees, and the node is known by another address",
		}
	default:
		decision = d.winner(i, RuleHostname, detailReverse, r)
	}
	decision.Depends = r.Among != nil
	return decision
}

// split rejects what names have decided where a full name of reverse DNS and an address both lead to one other node. The names stand against one
// of the two alone, and where an address or a MAC leads to their node as well.
func (d *Directory) split(s *Subject, r *Rules, decision Decision) Decision {
	f := d.byNames(&d.computer, s.Asked())
	if len(f.nodes) != 1 || !f.exact || d.nodes.ID(f.nodes[0]) == decision.Node || d.isAnother(s, r, f.nodes[0]) != "" {
		return decision
	}
	own, _ := d.place(decision.Node)
	other := f.nodes[0]
	ip, mac := d.point(RuleIP, s.IP, &d.ips, r), d.point(RuleMAC, s.MAC, &d.macs, r)
	if slices.Contains(ip.one, other) && !slices.Contains(ip.one, own) && !slices.Contains(mac.one, own) {
		decision = d.rejected(ReasonContradiction, RuleHostname, detailSplit, []int32{own, other})
	}
	decision.Depends = r.Among != nil
	return decision
}
