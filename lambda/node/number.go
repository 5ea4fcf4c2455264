package node

import (
	"cmp"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

// Numbers finds out to which nodes earlier imports have tied a number.
type Numbers interface {
	Tied(n Number) []Tie
}

// Tie is that an import has tied a number to a node.
type Tie struct {
	Node string
	By   string    // the mapping
	At   time.Time // when the number was last seen to be that of the node
	Firm time.Time // when the node's own ID was last seen beside it; zero: never
}

// asksNumbers reports whether a subject's numbers are asked for, since nothing else decides, or only what a number may speak against: names
// only where other documents have the numbers, too. A short number counts where nothing else is known of the machine: another installation
// of the product may have given it to another one.
func asksNumbers(s *Subject, r *Rules, d *Decision) bool {
	if len(s.Number) == 0 || r.Numbers == nil || d.Rule == RuleNodeID {
		return false
	}
	if !slices.ContainsFunc(s.Number, func(n Number) bool { return identifier.IsUnique(n.Key) }) && s.HasOther() {
		return false
	}
	switch d.Outcome {
	case Parked:
		return true
	case Rejected:
		return d.Reason == ReasonAmbiguous
	case Matched:
		return d.Rule != RuleHostname || r.Family != ""
	}
	return false
}

// numbered is what the numbers of a subject lead to.
type numbered struct {
	at      int32
	tie     Tie
	found   bool
	several bool // it is tied to nodes of which none is known to be the one that has it now
}

// byNumber finds the node to which a subject's numbers lead. Of several it is the one that was seen with its own ID after all others were.
// Nodes that are no longer managed count as little as they do for other identifiers.
func (d *Directory) byNumber(s *Subject, r *Rules) (n numbered) {
	var ties []Tie
	for _, number := range s.Number {
		if d.shared.Has(RuleSerial, number.Key) || r.Numbers == nil {
			continue
		}
		for _, tie := range r.Numbers.Tied(number) {
			if _, listed := d.place(tie.Node); listed {
				ties = append(ties, tie)
			}
		}
	}
	if len(ties) == 0 {
		return n
	}
	last := slices.MaxFunc(ties, func(a, b Tie) int { return cmp.Or(a.Firm.Compare(b.Firm), a.At.Compare(b.At)) })
	n.several = slices.ContainsFunc(ties, func(t Tie) bool { return t.Node != last.Node && !last.Firm.After(t.At) })
	n.at, _ = d.place(last.Node)
	n.tie, n.found = last, !n.several
	return n
}

// withNumber takes the source's own number of a machine into account. It decides where nothing else does; against what else decides it
// makes the evidence split.
func (d *Directory) withNumber(subject Subject, rules Rules, decision Decision) Decision {
	s, r := &subject, &rules
	n := d.byNumber(s, r)
	switch {
	case n.several && (decision.Reason == ReasonNoSuchNode || decision.Reason == ReasonUnidentified):
		decision.Reason = ReasonSeveralTied
		decision.Detail = "the source's own number of the machine is tied to several nodes, so it names none of them"
	case !n.found:
	case decision.Outcome == Matched && decision.Rule == RuleHostname && n.tie.By == r.Family: // it names the machine anew
	case decision.Outcome == Matched:
		return d.againstNumber(n, decision)
	case decision.Reason == ReasonAmbiguous:
		return d.amongAmbiguous(s, r, n, decision)
	case decision.Reason == ReasonAddressOnly:
		if slices.Contains(d.leads(decision.Rule, s), n.at) {
			return d.numberWins(s, r, n)
		}
	default:
		return d.numberWins(s, r, n)
	}
	return decision
}

// numberWins is the decision for the node of a number, unless it is known to be another machine, or a stronger kind leads elsewhere.
func (d *Directory) numberWins(s *Subject, r *Rules, n numbered) Decision {
	if kind := d.isAnother(s, r, n.at); kind != "" {
		return d.rejected(ReasonContradiction, RuleNumber, n.detail()+": it has another "+kind+" than the record", d.single(n.at))
	}
	serial, mac := d.point(RuleSerial, s.Serial, &d.serials, r), d.point(RuleMAC, s.MAC, &d.macs, r)
	for _, kind := range []struct {
		rule string
		at   []int32
	}{{RuleSerial, serial.one}, {RuleMAC, mac.one}} {
		if len(kind.at) > 0 && !slices.Contains(kind.at, n.at) {
			return d.apart(kind.rule, n, kind.at[0])
		}
	}
	return d.winner(n.at, RuleNumber, n.detail(), r)
}

// againstNumber is a decision for a node by a kind of which a number may speak against. Of two nodes that may be one machine, set up anew,
// the other kind names the one that it is now.
func (d *Directory) againstNumber(n numbered, decision Decision) Decision {
	i, _ := d.place(decision.Node)
	own, other := d.nameAt(&d.computer, i), d.nameAt(&d.computer, n.at)
	again := own.Label != "" && own.Label == other.Label && d.mayBeOne([]int32{i, n.at}, true)
	if i == n.at || again {
		return decision
	}
	return d.apart(decision.Rule, n, i)
}

// apart rejects a machine of which a number and another kind name different nodes.
func (d *Directory) apart(rule string, n numbered, other int32) Decision {
	return d.rejected(ReasonContradiction, rule, n.detail()+", and the "+rule+" names another node: one of both is out of date", []int32{n.at, other})
}

// amongAmbiguous lets a number decide among the nodes that have an identifier together. One that is not online is not chosen while another
// one is: that may be the machine, set up anew.
func (d *Directory) amongAmbiguous(s *Subject, r *Rules, n numbered, decision Decision) Decision {
	at := d.leads(decision.Rule, s)
	online := func(i int32) bool { return d.nodes.At(i).PingStatus == "Online" }
	if !slices.Contains(at, n.at) || !online(n.at) && slices.ContainsFunc(at, online) {
		return decision
	}
	return d.numberWins(s, r, n)
}

func (n *numbered) detail() string {
	return "the source's own number of the machine was tied to a node by " + n.tie.By + " on " + n.tie.At.UTC().Format(time.DateOnly)
}

// numberStep is whether a subject's numbers agree with a node. It is shown where they were asked for.
func (d *Directory) numberStep(s *Subject, r *Rules, about string) Step {
	step := Step{Rule: RuleNumber, About: about, Verdict: SaysNothing}
	for _, number := range s.Number {
		step.Values = append(step.Values, number.Key)
	}
	n := d.byNumber(s, r)
	i, known := d.place(about)
	switch {
	case n.several:
		step.Note = "it is tied to several nodes"
	case !n.found:
		step.Note = "no import has tied it to a managed node"
	default:
		step.Nodes = d.listed(d.single(n.at))
		step.Verdict = agreesIf(known && n.at == i, known)
	}
	return step
}

// showsNumbers reports whether the numbers of a subject belong to the explanation of a decision.
func showsNumbers(s *Subject, r *Rules, d *Decision) bool {
	return asksNumbers(s, r, d) || len(s.Number) > 0 && r.Numbers != nil && (d.Rule == RuleNumber || d.Reason == ReasonContradiction)
}
