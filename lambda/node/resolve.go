package node

import (
	"path"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/subject"
)

// Resolve returns which node a normalised subject is. The rules are those of README.md.
func (d *Directory) Resolve(s Subject, r Rules) Decision {
	if s.Stated || d.more || len(d.targets) > 0 {
		return d.resolveIn(s, r)
	}
	return d.resolve(s, r)
}

// resolve returns which of the nodes of a directory, or of a view of it, a subject is.
func (d *Directory) resolve(s Subject, r Rules) Decision {
	decision := d.decide(s.Own(), &r)
	if len(s.Reverse) > 0 {
		decision = d.withReverse(s, r, decision)
	}
	if asksNumbers(&s, &r, &decision) {
		decision = d.withNumber(s, r, decision)
	}
	return decision
}

// found is what the candidates of one kind lead to.
type found struct {
	nodes    []int32 // shared with the indexes: not to be changed
	conflict bool    // two candidates name different nodes: nodes has both
}

// narrow takes in one more candidate's nodes.
func (f *found) narrow(at []int32) {
	switch {
	case f.conflict || len(at) == 0:
	case len(f.nodes) == 0:
		f.nodes = at
	case len(f.nodes) == 1 && len(at) == 1 && f.nodes[0] == at[0]:
	default:
		both := slices.DeleteFunc(slices.Clone(f.nodes), func(i int32) bool { return !slices.Contains(at, i) })
		if f.conflict = len(both) == 0; f.conflict {
			both = slices.Concat(f.nodes, at)
		}
		f.nodes = both
	}
}

// pointed is the nodes to which values lead that distinguish machines, and those that share a value.
type pointed struct {
	one    []int32 // each has a value that no other node has
	shared []int32 // several have the last such value
}

func (d *Directory) point(rule string, values []string, x *index, r *Rules) pointed {
	var p pointed
	for _, value := range values {
		at := d.find(x, value)
		switch {
		case len(at) == 0 || r.Among.several(rule, value):
		case len(at) > 1:
			p.shared = at
		case len(p.one) == 0:
			p.one = at
		case !slices.Contains(p.one, at[0]):
			p.one = append(slices.Clip(p.one), at[0])
		}
	}
	return p
}

// one returns the nodes that have an ID: more than one only where several targets have it.
func (d *Directory) one(id string) []int32 {
	if d.twice[id] {
		return slices.DeleteFunc(slices.Clone(d.find(&d.ids, id)), func(i int32) bool { return d.nodes.ID(i) != id })
	}
	if i, ok := d.place(id); ok {
		return d.single(i)
	}
	return nil
}

// decide asks the kinds in the order of their strength. What may turn out otherwise when the other machines of the document are known
// says so.
func (d *Directory) decide(s *Subject, r *Rules) Decision {
	if s.Empty() {
		return Decision{Outcome: Parked, Reason: ReasonUnidentified, Detail: "no identifier has a usable value"}
	}
	if len(s.NodeID) > 0 {
		return d.byID(s, r)
	}
	if len(s.Tags) > 0 {
		if decision, done := d.byTag(s, r); done {
			return decision
		}
	}
	serial, names := d.point(RuleSerial, s.Serial, &d.serials, r), d.byNames(&d.computer, s)
	if len(names.nodes) == 0 && len(d.given.label.at) > 0 {
		names = d.byNames(&d.given, s)
		names.exact = false
	}
	if d.firm(s, r, &serial, &names) {
		return d.winner(names.nodes[0], RuleHostname, "", r)
	}
	ip, mac := d.point(RuleIP, d.addresses(s), &d.ips, r), d.point(RuleMAC, s.MAC, &d.macs, r)
	switch {
	case len(serial.one)+len(serial.shared)+len(names.nodes)+len(ip.one)+len(ip.shared)+len(mac.one)+len(mac.shared) == 0:
		return Decision{Outcome: Parked, Reason: ReasonNoSuchNode, Detail: detailNone}
	case len(serial.one)+len(mac.one) == 0 && len(names.nodes) == 1 && names.alone && !names.conflict && sameNode(ip.one, names.nodes[0]) && d.isAnother(s, r, names.nodes[0]) == "":
		return d.winner(names.nodes[0], RuleHostname, "", r)
	case len(s.Hostname)+len(serial.one)+len(serial.shared)+len(mac.one) == 0 && len(ip.one) == 1 && !r.Later && d.isAnother(s, r, ip.one[0]) == "":
		decision := d.winner(ip.one[0], RuleIP, "", r)
		decision.Depends = r.Among != nil
		return decision
	}
	return d.weigh(*s, *r, evidence{serial: serial, names: names, ip: ip, mac: mac})
}

// weigh decides where a glance does not. It takes copies, so that a glance needs no memory.
func (d *Directory) weigh(s Subject, r Rules, e evidence) Decision {
	e.d, e.s, e.r = d, &s, &r
	decision := e.decide()
	decision.Depends = r.Among != nil && e.depends(decision)
	return decision
}

// sameNode reports whether no other node is among some.
func sameNode(at []int32, i int32) bool { return len(at) == 0 || len(at) == 1 && at[0] == i }

const detailNone = "no managed node has one of the identifiers"

// addresses are those of a subject, and those that its names spell where it has none.
func (d *Directory) addresses(s *Subject) []string {
	list := s.IP
	if len(list) > 0 {
		return list
	}
	for _, name := range s.Hostname {
		if h := d.shared.NameOf(name); h.Address != "" {
			list = identifier.Append(list, h.Address)
		}
	}
	return list
}

func (d *Directory) byID(s *Subject, r *Rules) Decision {
	var f found
	for _, id := range s.NodeID {
		f.narrow(d.one(id))
	}
	switch {
	case f.conflict:
		return d.rejected(ReasonContradiction, RuleNodeID, "two identifiers of this kind name different nodes", f.nodes)
	case len(f.nodes) == 0:
		return d.unknownNode(s, r)
	}
	return d.winner(f.nodes[0], RuleNodeID, "", r)
}

// byTag decides where a tag leads to a node, unless a full name leads to another one.
func (d *Directory) byTag(s *Subject, r *Rules) (decision Decision, done bool) {
	var f found
	for _, key := range subject.TagKeys(s.Tags) {
		for _, value := range s.Tags[key] {
			f.narrow(d.tagged(listing.Tag{Key: key, Value: value}))
		}
	}
	switch {
	case f.conflict:
		return d.rejected(ReasonContradiction, RuleTag, "two identifiers of this kind name different nodes", f.nodes), true
	case len(f.nodes) == 0:
		return Decision{}, false
	case len(f.nodes) > 1:
		subject, rules := *s, *r
		return (&evidence{d: d, s: &subject, r: &rules}).choose(f.nodes, RuleTag), true
	}
	if names := d.byNames(&d.computer, s); names.exact && !slices.Contains(names.nodes, f.nodes[0]) {
		return d.rejected(ReasonContradiction, RuleTag, detailOther, append(slices.Clip(names.nodes), f.nodes[0])), true
	}
	return d.winner(f.nodes[0], RuleTag, "", r), true
}

const detailOther = "this kind and a weaker one name different nodes: of a clone, a container, or a stale record"

// unknownNode judges a nodeId that is not in the directory.
func (d *Directory) unknownNode(s *Subject, r *Rules) Decision {
	if !d.serves(s.Target(), r) {
		return Decision{Outcome: Skipped, Reason: ReasonElsewhere, Rule: RuleNodeID, Detail: "the node is of another account or region"}
	}
	return Decision{Outcome: Parked, Reason: ReasonNoSuchNode, Rule: RuleNodeID, Detail: "the node is not managed in this account and region"}
}

// winner is the decision for a node, if the mapping may write for it.
func (d *Directory) winner(i int32, rule, detail string, r *Rules) Decision {
	if len(d.twice) > 0 && d.twice[d.nodes.ID(i)] {
		return d.rejected(ReasonAmbiguous, rule, "nodes of several accounts or regions have the ID of the node", d.single(i))
	}
	if !d.allowed(i, r) {
		return d.rejected(ReasonNotAllowed, rule, "the mapping may not write for the node", d.single(i))
	}
	return Decision{Node: d.nodes.ID(i), Outcome: Matched, Rule: rule, Detail: detail}
}

func (d *Directory) allowed(i int32, r *Rules) bool {
	fits := func(pattern string) bool {
		ok, err := path.Match(pattern, d.nodes.ID(i))
		return ok && err == nil
	}
	if len(r.AllowNodes) > 0 && !slices.ContainsFunc(r.AllowNodes, fits) {
		return false
	}
	for key, value := range r.AllowTags {
		if !slices.Contains(d.tags[listing.Tag{Key: key, Value: value}], i) {
			return false
		}
	}
	return true
}

func (d *Directory) rejected(reason, rule, detail string, at []int32) Decision {
	at = slices.Compact(slices.Sorted(slices.Values(at)))
	return Decision{Outcome: Rejected, Reason: reason, Rule: rule, Detail: detail, Nodes: d.listed(at)}
}
