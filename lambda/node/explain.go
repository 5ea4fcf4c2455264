package node

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/subject"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Explain is Resolve, with the verdict of each kind of identifiers.
func (d *Directory) Explain(s Subject, r Rules) Decision {
	decision := d.Resolve(s, r)
	decision.Steps = d.Steps(s, r, decision)
	return decision
}

// Steps returns for a decision the verdict of each kind of the subject's identifiers about the node in question: the one that was matched, or the
// first of those between which there was no deciding.
func (d *Directory) Steps(s Subject, r Rules, decision Decision) []Step {
	about := decision.Node
	if about == "" && len(decision.Nodes) > 0 {
		about = decision.Nodes[0]
	}
	r.Among = r.Among.of(&s)
	if view := d.view(&s, &r); about == "" || len(view.one(about)) > 0 {
		d = view
	}
	var steps []Step
	for _, rule := range rules {
		if len(valuesOf(s.Own(), rule)) > 0 {
			steps = append(steps, d.step(rule, s.Own(), &r, about))
		}
		if rule == RuleSerial && showsNumbers(&s, &r, &decision) {
			steps = append(steps, d.numberStep(&s, &r, about))
		}
		if rule == RuleHostname && len(s.Reverse) > 0 {
			steps = append(steps, d.reverseStep(&s, &r, about))
		}
	}
	return steps
}

func (d *Directory) step(rule string, s *Subject, r *Rules, about string) Step {
	step := Step{Rule: rule, Values: valuesOf(s, rule), About: about, Verdict: SaysNothing}
	at := d.leads(rule, s)
	step.Nodes = d.listed(at)
	if i, ok := d.place(about); ok {
		step.Verdict = d.compare(rule, s, r, i)
	}
	if step.Verdict == SaysNothing {
		step.Note = d.why(rule, step.Values, at, r)
	}
	return step
}

// reverseStep is that of the names of reverse DNS, which never disagree.
func (d *Directory) reverseStep(s *Subject, r *Rules, about string) Step {
	step := d.step(RuleHostname, s.Asked(), r, about)
	step.Rule = kindReverse
	if step.Verdict == Disagrees {
		step.Verdict = SaysNothing
		step.Note = d.why(RuleHostname, step.Values, d.leads(RuleHostname, s.Asked()), r)
	}
	return step
}

// leads lists the nodes that a kind's identifiers lead to, whether or not they distinguish machines.
func (d *Directory) leads(rule string, s *Subject) []int32 {
	var at []int32
	switch rule {
	case RuleNodeID:
		for _, id := range s.NodeID {
			at = append(at, d.one(id)...)
		}
	case RuleTag:
		for key, values := range s.Tags {
			for _, value := range values {
				at = append(at, d.tagged(listing.Tag{Key: key, Value: value})...)
			}
		}
	case RuleHostname:
		at = slices.Concat(d.byNames(&d.computer, s).nodes, d.byNames(&d.given, s).nodes)
	default:
		for _, value := range valuesOf(s, rule) {
			at = append(at, d.find(d.indexOf(rule), value)...)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(at)))
}

func (d *Directory) indexOf(rule string) *index {
	switch rule {
	case RuleSerial:
		return &d.serials
	case RuleIP:
		return &d.ips
	}
	return &d.macs
}

// why returns why a kind says nothing.
func (d *Directory) why(rule string, values []string, at []int32, r *Rules) string {
	many := slices.ContainsFunc(values, func(v string) bool { return d.tellsNothing(rule, v, r) })
	switch {
	case slices.ContainsFunc(values, func(v string) bool { return r.Among.several(rule, v) }):
		return "several machines of the document have it"
	case many && len(at) == 0:
		return "many machines have it: a placeholder, a default bridge, or a virtual adapter"
	case len(at) > 1:
		return "several nodes have it"
	case rule == RuleSerial && len(d.serials.at) == 0:
		return "no node's serial is known: the service has none; a file of nodes (--nodes) or a tag can have them"
	case rule == RuleMAC && d.asks && slices.ContainsFunc(values, func(v string) bool { return !d.askedOf(target.Key{}).macs[v] }):
		return "not looked up"
	case len(at) == 0 && rule == RuleHostname && slices.ContainsFunc(values, d.isOfOtherDomain):
		return "another domain's: nodes have the first label, and none the full name"
	case len(at) == 0:
		return "no node has it"
	}
	return "it leads to another node"
}

// isOfOtherDomain reports whether nodes have the first label of a full name, which leads to none of them.
func (d *Directory) isOfOtherDomain(name string) bool {
	h := d.shared.NameOf(name)
	return h.Full != "" && len(d.find(&d.computer.label, h.Label)) > 0
}

// valuesOf lists the candidates of a kind.
func valuesOf(s *Subject, rule string) []string {
	switch rule {
	case RuleNodeID:
		return s.NodeID
	case RuleSerial:
		return s.Serial
	case RuleHostname:
		return s.Hostname
	case RuleIP:
		return s.IP
	case RuleMAC:
		return s.MAC
	}
	var tags []string
	for _, key := range subject.TagKeys(s.Tags) {
		for _, value := range s.Tags[key] {
			tags = append(tags, key+"="+value)
		}
	}
	return tags
}
