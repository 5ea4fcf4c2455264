package node

import "slices"

// evidence is what the kinds of one subject lead to.
type evidence struct {
	d       *Directory
	s       *Subject
	r       *Rules
	serial  pointed
	names   named
	ip, mac pointed
}

// firm reports whether a full name decides, whatever the weaker kinds and the other machines of the document are.
func (d *Directory) firm(s *Subject, r *Rules, serial *pointed, names *named) bool {
	if len(serial.one) > 0 || len(names.nodes) != 1 || !names.exact || names.conflict || d.isAnother(s, r, names.nodes[0]) != "" {
		return false
	}
	for _, mac := range s.MAC {
		if at := d.find(&d.macs, mac); len(at) == 1 && at[0] != names.nodes[0] {
			return false
		}
	}
	return true
}

// depends reports whether a decision could be another one if values were known to be shared.
func (e *evidence) depends(d Decision) bool {
	byName := d.Rule == RuleHostname && d.Outcome == Matched && len(e.names.nodes) == 1 &&
		len(e.serial.one)+len(e.mac.one) == 0 && (e.names.alone || len(e.ip.one) == 0)
	nothing := d.Reason == ReasonNoSuchNode && len(e.serial.one)+len(e.serial.shared)+len(e.ip.one)+len(e.ip.shared)+len(e.mac.one)+len(e.mac.shared) == 0
	return !byName && !nothing
}

func (e *evidence) known(i int32) string { return e.d.isAnother(e.s, e.r, i) }

func (e *evidence) matched(i int32, rule, detail string) Decision {
	return e.d.winner(i, rule, detail, e.r)
}

func (e *evidence) contradiction(rule, detail string, at ...int32) Decision {
	return e.d.rejected(ReasonContradiction, rule, detail, at)
}

func (e *evidence) decide() Decision {
	switch {
	case len(e.serial.one) > 1:
		return e.contradiction(RuleSerial, "two identifiers of this kind name different nodes", e.serial.one...)
	case len(e.serial.one) == 1:
		return e.bySerial(e.serial.one[0])
	case e.names.conflict:
		return e.contradiction(RuleHostname, "two identifiers of this kind name different nodes", e.names.nodes...)
	case len(e.names.nodes) > 0:
		return e.byName()
	case len(e.mac.one) > 1:
		return e.contradiction(RuleMAC, "two identifiers of this kind name different nodes", e.mac.one...)
	case len(e.mac.one) == 1:
		return e.byMAC(e.mac.one[0])
	case len(e.ip.one) > 0:
		return e.byAddress()
	}
	return e.byShared()
}

// bySerial lets a serial decide that one node has, though the name is another, unless the names or an address lead to another node.
func (e *evidence) bySerial(i int32) Decision {
	if e.d.isAnother(&Subject{Tags: e.s.Tags}, e.r, i) != "" {
		return e.contradiction(RuleSerial, otherThan(RuleTag), i)
	}
	if slices.Contains(e.names.nodes, i) {
		return e.matched(i, RuleSerial, "")
	}
	weaker := [][]int32{e.names.nodes, e.ip.one, e.mac.one}
	if slices.Contains(e.ip.one, i) || slices.Contains(e.mac.one, i) { // a machine has several, and some are stale
		weaker = weaker[:1]
	}
	for _, at := range weaker {
		for _, other := range at {
			if other != i {
				return e.contradiction(RuleSerial, detailOther, i, other)
			}
		}
	}
	return e.matched(i, RuleSerial, "")
}

// byName lets the names decide among the nodes that are not known to be another machine. That all but one are known to be others decides
// only where they have the full name: else the record may be of a machine that is no node.
func (e *evidence) byName() Decision {
	left := e.names.nodes
	if slices.ContainsFunc(left, func(i int32) bool { return e.known(i) != "" }) {
		left = slices.DeleteFunc(slices.Clone(left), func(i int32) bool { return e.known(i) != "" })
	}
	switch {
	case len(left) == 0:
		return e.contradiction(RuleHostname, otherThan(e.known(e.names.nodes[0])), e.names.nodes...)
	case len(e.names.nodes) > 1 && !e.names.exact:
		return e.choose(e.names.nodes, RuleHostname)
	case len(left) > 1:
		return e.choose(left, RuleHostname)
	}
	i := left[0]
	agrees := slices.Contains(e.ip.one, i) || slices.Contains(e.mac.one, i)
	other, elsewhere := e.elsewhere(i)
	switch {
	case elsewhere && (e.names.exact || !agrees):
		return e.contradiction(RuleHostname, detailOther, i, other)
	case e.names.exact || agrees:
		return e.matched(i, RuleHostname, "")
	case !e.names.alone:
		at := e.d.find(&e.d.computer.label, e.d.nameAt(&e.d.computer, i).Label)
		return e.d.rejected(ReasonAmbiguous, RuleHostname, "several nodes have the first label of the name", at)
	}
	return e.matched(i, RuleHostname, "")
}

// elsewhere finds a node other than i to which a MAC leads, or where no full name agrees an address, whose node may be called as the
// record says.
func (e *evidence) elsewhere(i int32) (int32, bool) {
	for _, other := range e.mac.one {
		if other != i {
			return other, true
		}
	}
	for _, other := range e.ip.one {
		if other != i && !e.names.exact && e.credible(other) {
			return other, true
		}
	}
	return 0, false
}

// credible reports whether an address may lead to a node: the node is neither called otherwise nor known to be another machine.
func (e *evidence) credible(i int32) bool {
	return (e.r.TrustIP || e.d.compareNames(e.s, i) != Disagrees) && e.known(i) == ""
}

// byMAC lets a MAC decide that one node has, though the name is another, unless an address leads to another node.
func (e *evidence) byMAC(i int32) Decision {
	if kind := e.known(i); kind != "" {
		return e.contradiction(RuleMAC, otherThan(kind), i)
	}
	for _, other := range e.ip.one {
		if other != i && e.known(other) == "" && !slices.Contains(e.ip.one, i) {
			return e.contradiction(RuleMAC, "an address names another node", i, other)
		}
	}
	return e.matched(i, RuleMAC, "")
}

// byAddress lets an address decide where no name disagrees.
func (e *evidence) byAddress() Decision {
	called := func(i int32) bool { return !e.r.TrustIP && e.d.compareNames(e.s, i) == Disagrees }
	i := e.ip.one[0]
	switch {
	case !slices.ContainsFunc(e.ip.one, func(i int32) bool { return !called(i) }):
		return e.addressOnly("an address alone agrees, and the node is called otherwise: nothing is put, since addresses are given to the next machine; "+
			"a mapping of a source that knows no names may declare trust: [ip]", e.ip.one)
	case len(e.ip.one) > 1:
		return e.contradiction(RuleIP, "two identifiers of this kind name different nodes", e.ip.one...)
	case e.known(i) != "":
		return e.contradiction(RuleIP, otherThan(e.known(i)), i)
	case e.r.Later:
		return e.addressOnly("an address alone agrees, and it may have been given to another machine since: the source's next document decides", e.ip.one)
	}
	return e.matched(i, RuleIP, "")
}

func (e *evidence) addressOnly(detail string, at []int32) Decision {
	return Decision{Outcome: Parked, Reason: ReasonAddressOnly, Rule: RuleIP, Detail: detail, Nodes: e.d.listed(at)}
}

// byShared looks at the nodes that have a value together. One of them is meant where a weaker kind names it; that the others are known to be
// other machines does not say that it is.
func (e *evidence) byShared() Decision {
	detail := detailNone
	for _, kind := range []struct {
		rule string
		at   []int32
	}{{RuleSerial, e.serial.shared}, {RuleMAC, e.mac.shared}, {RuleIP, e.ip.shared}} {
		others := 0
		for _, i := range kind.at {
			if !e.credible(i) {
				others++
			}
		}
		switch {
		case len(kind.at) == 0 || kind.rule == RuleIP && e.r.Later:
		case others == 0:
			return e.choose(kind.at, kind.rule)
		default:
			detail = "several nodes have one of the identifiers, and some of them are known to be other machines"
		}
	}
	return Decision{Outcome: Parked, Reason: ReasonNoSuchNode, Detail: detail}
}

func otherThan(kind string) string {
	return "the node that this identifier names has another " + kind + " than the record"
}
