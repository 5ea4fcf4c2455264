package node

import (
	"path"
	"slices"
)

// Resolve says which node a normalised subject is. The rules are those of the package's description.
func (d *Directory) Resolve(s Subject, r Rules) Decision { return d.decide(&s, &r, nil) }

// Explain is Resolve and tells each rule that was tried.
func (d *Directory) Explain(s Subject, r Rules) Decision {
	var steps []Step
	decision := d.decide(&s, &r, &steps)
	decision.Steps = steps
	return decision
}

// found is what the candidates of one kind lead to.
type found struct {
	candidates int
	nodes      []int32 // shared with the indexes: not to be changed
	conflict   bool    // two candidates name different nodes: nodes has both
}

// narrow takes in one more candidate's nodes.
func (f *found) narrow(at []int32) {
	f.candidates++
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

// find tries one rule.
func (d *Directory) find(rule string, s *Subject) found {
	var f found
	switch rule {
	case RuleNodeID:
		for _, id := range s.NodeID {
			f.narrow(d.one(id))
		}
	case RuleTag:
		for _, key := range sortedKeys(s.Tags) {
			for _, value := range s.Tags[key] {
				f.narrow(d.tags[tag{key, value}])
			}
		}
	case RuleSerial:
		f.all(s.Serial, d.serials)
	case RuleHostname:
		d.findNames(&f, s.Hostname)
	case RuleIP:
		f.all(s.IP, d.ips)
	case RuleMAC:
		f.all(s.MAC, d.macs)
	}
	return f
}

func (f *found) all(candidates []string, x index) {
	for _, c := range candidates {
		f.narrow(x[c])
	}
}

// findNames looks at the names given at activation only where no machine calls itself so.
func (d *Directory) findNames(f *found, candidates []string) {
	for _, name := range candidates {
		f.narrow(d.computer.find(name))
	}
	if len(f.nodes) > 0 {
		return
	}
	f.candidates = 0
	for _, name := range candidates {
		f.narrow(d.given.find(name))
	}
}

func (d *Directory) one(id string) []int32 {
	if i, ok := d.ids[id]; ok {
		return d.single(i)
	}
	return nil
}

func (d *Directory) decide(s *Subject, r *Rules, steps *[]Step) Decision {
	if s.Empty() {
		return Decision{Outcome: Parked, Reason: ReasonUnidentified, Detail: "no identifier has a usable value"}
	}
	for _, rule := range rules {
		f := d.find(rule, s)
		if f.candidates == 0 {
			continue
		}
		decision, done := d.judge(rule, f, s, r)
		d.note(steps, rule, f, s, decision, done)
		if done {
			return decision
		}
	}
	return Decision{Outcome: Parked, Reason: ReasonNoSuchNode, Detail: "no managed node has one of the identifiers"}
}

// judge says what a rule's find means; done is false where the next rule has to be asked.
func (d *Directory) judge(rule string, f found, s *Subject, r *Rules) (decision Decision, done bool) {
	switch {
	case f.conflict:
		return d.rejected(ReasonContradiction, rule, "two identifiers of this kind name different nodes", f.nodes), true
	case len(f.nodes) == 0 && rule == RuleNodeID:
		return unknownNode(s, r), true
	case len(f.nodes) == 0:
		return Decision{}, false
	case len(f.nodes) == 1:
		return d.winner(f.nodes[0], rule, "", s, r), true
	}
	if r.OnAmbiguousOnline {
		if i, ok := d.onlyOnline(f.nodes); ok {
			return d.winner(i, rule, "several nodes have the identifier; one of them is online", s, r), true
		}
		return d.rejected(ReasonAmbiguous, rule, "several nodes have the identifier, and not exactly one of them is online", f.nodes), true
	}
	return d.rejected(ReasonAmbiguous, rule, "several nodes have the identifier", f.nodes), true
}

// unknownNode judges a nodeId that is not in the directory.
func unknownNode(s *Subject, r *Rules) Decision {
	otherAccount := r.Account != "" && s.Account != "" && s.Account != r.Account
	otherRegion := r.Region != "" && s.Region != "" && s.Region != r.Region
	if otherAccount || otherRegion {
		return Decision{Outcome: Skipped, Reason: ReasonElsewhere, Rule: RuleNodeID, Detail: "the node is of another account or region"}
	}
	return Decision{Outcome: Parked, Reason: ReasonNoSuchNode, Rule: RuleNodeID, Detail: "the node is not managed in this account and region"}
}

// winner checks the one node that is left against what stronger rules know of it and against what the mapping may do.
func (d *Directory) winner(i int32, rule, detail string, s *Subject, r *Rules) Decision {
	if stronger := d.contradicted(i, rule, s); stronger != "" {
		return d.rejected(ReasonContradiction, rule, "the node that this identifier names has another "+stronger+" than the record", d.single(i))
	}
	if !d.allowed(i, r) {
		return d.rejected(ReasonNotAllowed, rule, "the mapping may not write for the node", d.single(i))
	}
	return Decision{Node: d.nodes[i].ID, Outcome: Matched, Rule: rule, Detail: detail}
}

// contradicted names the kind in which a node that a weaker rule found is known to be another machine.
func (d *Directory) contradicted(i int32, rule string, s *Subject) string {
	if rule == RuleNodeID || rule == RuleTag {
		return ""
	}
	n := &d.nodes[i]
	for key, values := range s.Tags {
		if has, ok := n.Tags[key]; ok && len(values) > 0 && !slices.Contains(values, has) {
			return RuleTag
		}
	}
	if rule != RuleSerial && len(s.Serial) > 0 && d.otherSerials(n, s.Serial) {
		return RuleSerial
	}
	return ""
}

// otherSerials reports whether a node is known by serials of the same form as one of the record's. A system UUID says nothing
// about a maker's number. That none is equal is known: else the stronger rule would have led here.
func (d *Directory) otherSerials(n *Node, candidates []string) bool {
	for _, own := range n.Serials {
		own = serial(own)
		for _, c := range candidates {
			if own != "" && isUUID(own) == isUUID(c) {
				return true
			}
		}
	}
	return false
}

func (d *Directory) allowed(i int32, r *Rules) bool {
	fits := func(pattern string) bool {
		ok, err := path.Match(pattern, d.nodes[i].ID)
		return ok && err == nil
	}
	if len(r.AllowNodes) > 0 && !slices.ContainsFunc(r.AllowNodes, fits) {
		return false
	}
	for key, value := range r.AllowTags {
		if !slices.Contains(d.tags[tag{key, value}], i) {
			return false
		}
	}
	return true
}

func (d *Directory) onlyOnline(at []int32) (int32, bool) {
	var only int32
	online := 0
	for _, i := range at {
		if d.nodes[i].PingStatus == "Online" {
			only, online = i, online+1
		}
	}
	return only, online == 1
}

func (d *Directory) rejected(reason, rule, detail string, at []int32) Decision {
	at = slices.Compact(slices.Sorted(slices.Values(at)))
	return Decision{Outcome: Rejected, Reason: reason, Rule: rule, Detail: detail, Nodes: d.listed(at)}
}

// note adds a step for Explain.
func (d *Directory) note(steps *[]Step, rule string, f found, s *Subject, decision Decision, done bool) {
	if steps == nil {
		return
	}
	note := decision.Detail
	switch {
	case !done:
		note = "no node has it; the next kind is tried"
	case decision.Outcome == Matched && note == "":
		note = "exactly one node"
	}
	at := slices.Compact(slices.Sorted(slices.Values(f.nodes)))
	*steps = append(*steps, Step{Rule: rule, Candidates: f.candidates, Values: s.values(rule), Nodes: d.listed(at), Note: note})
}

// values lists the candidates of a kind.
func (s *Subject) values(rule string) []string {
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
	for _, key := range sortedKeys(s.Tags) {
		for _, value := range s.Tags[key] {
			tags = append(tags, key+"="+value)
		}
	}
	return tags
}
