package node

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// scope is some of a directory's targets: those of an account, of a region, or of both.
type scope struct {
	target.Key
	own bool // the installation's own is one of them
}

// view returns the directory with the nodes of the targets that a subject's account and region leave.
func (d *Directory) view(s *Subject, r *Rules) *Directory {
	if !s.Stated {
		return d
	}
	k := s.Target()
	return &Directory{indexes: d.indexes, failed: d.failed, within: &scope{k, fits(k, ownOf(r))}}
}

// ownOf is the installation's own account and region, as far as they are known.
func ownOf(r *Rules) target.Key { return target.Key{Account: r.Account, Region: r.Region} }

// fits reports whether a target may be meant by an account and region. Parts that are empty fit all.
func fits(k, of target.Key) bool {
	return (k.Account == "" || of.Account == "" || k.Account == of.Account) && (k.Region == "" || of.Region == "" || k.Region == of.Region)
}

// serves reports whether an account and region may be those of a target.
func (d *Directory) serves(k target.Key, r *Rules) bool {
	return d.more || fits(k, ownOf(r)) || slices.ContainsFunc(d.targets, func(t reached) bool { return fits(k, t.Key) })
}

// HasAccount reports whether an account is that of a target beside the installation's own.
func (d *Directory) HasAccount(account string) bool {
	return slices.ContainsFunc(d.targets, func(t reached) bool { return t.Account == account })
}

// misses reports whether a target cannot be asked that may be meant by an account and region.
func (d *Directory) misses(k target.Key) bool {
	return d.more || slices.ContainsFunc(d.targets, func(t reached) bool { return d.isUnreachable(t) && fits(k, t.Key) })
}

func (d *Directory) isUnreachable(t reached) bool { return t.unreachable || d.failed[t.Key] }

// Unreachable returns the targets that could not be listed, or did not answer what was asked while a document was looked at.
func (d *Directory) Unreachable() []target.Key {
	var list []target.Key
	for _, t := range d.targets {
		if d.isUnreachable(t) {
			list = append(list, t.Key)
		}
	}
	slices.SortFunc(list, target.Key.Compare)
	return list
}

// counts reports whether a node is of one of the view's targets.
func (d *Directory) counts(i int32) bool {
	if d.within == nil {
		return true
	}
	of := d.nodes.Target(i)
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
func (d *Directory) tagged(t listing.Tag) []int32 { return d.counted(d.tags[t]) }

// ofTarget returns the nodes of a target that have some IDs.
func (d *Directory) ofTarget(ids []string, of target.Key) []int32 {
	var at []int32
	for _, id := range ids {
		for _, i := range d.one(id) {
			if d.nodes.Target(i) == of {
				at = append(at, i)
			}
		}
	}
	return at
}

// noteTwice notes the IDs that nodes of several targets have.
func (d *Directory) noteTwice() {
	for n := 1; n < len(d.order); n++ {
		if id := d.nodes.ID(d.order[n]); id == d.nodes.ID(d.order[n-1]) {
			if d.twice == nil {
				d.twice = map[string]bool{}
			}
			d.twice[id] = true
		}
	}
}

// resolveIn is resolve where a subject has an account or region of its own, or there are several targets. What the subject states of them
// chooses the targets first, and stands against a node that is found in another one.
func (d *Directory) resolveIn(s Subject, r Rules) Decision {
	at := s.Target()
	r.Among = r.Among.of(&s)
	if s.Stated && !d.serves(at, &r) {
		known := d.leads(RuleNodeID, &s)
		if len(known) > 0 && len(d.targets) == 0 {
			return d.resolve(s, r) // an installation of one account and region has the node, whatever its own place is taken for
		}
		if len(known) > 0 {
			return d.rejected(ReasonContradiction, RuleNodeID, detailOtherTarget, known)
		}
		return Decision{Outcome: Skipped, Reason: ReasonElsewhere, Detail: "the document places the machine in an account or region that is none of the installation's"}
	}
	decision := d.view(&s, &r).resolve(s, r)
	switch {
	case decision.Outcome == Matched && !s.Stated && !d.isOf(decision.Node, at, &r):
		return d.rejected(ReasonContradiction, decision.Rule, detailOtherTarget, d.one(decision.Node))
	case decision.Outcome != Parked || decision.Reason == ReasonUnidentified:
		return decision
	case d.misses(at):
		decision.Reason, decision.Nodes = ReasonTargetUnreachable, nil
		decision.Detail = "no node is known that it is, and an account or region that may have it could not be asked"
		return decision
	case !s.Stated:
		return decision
	}
	// Private addresses are those of any number of accounts: they stand against nothing.
	if other := d.resolve(s, r); other.Outcome == Matched && other.Rule != RuleIP {
		contradiction := d.rejected(ReasonContradiction, other.Rule, detailOtherTarget, d.one(other.Node))
		contradiction.Depends = decision.Depends || other.Depends
		return contradiction
	}
	return decision
}

const detailOtherTarget = "the node is of another account or region than the document says"

// isOf reports whether a node may be of an account and region.
func (d *Directory) isOf(id string, k target.Key, r *Rules) bool {
	i, _ := d.place(id)
	of := d.nodes.Target(i)
	if of.IsOwn() {
		of = ownOf(r)
	}
	return fits(k, of)
}

// TargetOf returns the account and region of a node; zero: the installation's own, and of a node that is not listed.
func (c *Crowd) TargetOf(id string) target.Key {
	if c == nil || c.d.nodes.IsOfOne() {
		return target.Key{}
	}
	n, _ := c.d.Lookup(id)
	return n.Target
}

// Unreachable returns the targets of which no node is known to be absent: they could not be asked.
func (c *Crowd) Unreachable() []target.Key {
	if c == nil {
		return nil
	}
	return c.d.Unreachable()
}
