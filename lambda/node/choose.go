package node

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

// choose narrows the nodes that have an identifier together by the weaker kinds, and by the rules of the mapping.
func (e *evidence) choose(at []int32, rule string) Decision {
	votes := at
	for _, kind := range rules[slices.Index(rules[:], rule)+1:] {
		if fit := e.fitting(kind, at); len(fit) > 0 {
			votes = both(votes, fit)
		}
	}
	if len(votes) == 1 {
		other, elsewhere := e.elsewhere(votes[0])
		switch {
		case e.known(votes[0]) != "":
			votes = nil
		case elsewhere:
			return e.contradiction(rule, detailOther, votes[0], other)
		}
	}
	switch {
	case len(votes) == 1:
		if slices.ContainsFunc(at, func(i int32) bool { return i != votes[0] }) {
			return e.matched(votes[0], rule, "several nodes have the identifier; a weaker kind names one of them")
		}
		return e.matched(votes[0], rule, "")
	case slices.ContainsFunc(votes, func(i int32) bool { return e.known(i) != "" }):
		return e.d.rejected(ReasonAmbiguous, rule, "several nodes have the identifier, and that some are known to be others does not say which it is", at)
	case len(votes) == 0:
		return e.d.rejected(ReasonAmbiguous, rule, "several nodes have the identifier, and the weaker kinds do not name the same one of them", at)
	}
	if !e.d.mayBeOne(votes, false) {
		return e.d.rejected(ReasonAmbiguous, rule, "several nodes have the identifier, and are called otherwise: a full name or an address in the record says which it is", at)
	}
	if left := e.preferred(votes); len(left) == 1 && !e.addressOfAnother(at, left[0]) {
		return e.matched(left[0], rule, "several nodes have the identifier; the mapping prefers this kind of node")
	} else if len(left) > 0 {
		votes = left
	}
	if !e.r.OnAmbiguousOnline {
		return e.d.rejected(ReasonAmbiguous, rule, "several nodes have the identifier"+e.hint(votes), at)
	}
	if i, ok := e.d.onlyOnline(votes); ok && !e.addressOfAnother(at, i) {
		return e.matched(i, rule, "several nodes have the identifier; one of them is online")
	}
	return e.d.rejected(ReasonAmbiguous, rule, "several nodes have the identifier, and not exactly one of them is online", at)
}

// fitting returns the nodes that a weaker kind agrees with.
func (e *evidence) fitting(kind string, at []int32) []int32 {
	var fit []int32
	for _, i := range at {
		if v := e.d.compare(kind, e.s, e.r, i); v == Agrees || v == AgreesWeakly {
			fit = append(fit, i)
		}
	}
	return fit
}

func both[T comparable](a, b []T) []T {
	return slices.DeleteFunc(slices.Clone(a), func(v T) bool { return !slices.Contains(b, v) })
}

// The values of Rules.Prefer.
const (
	PreferManaged = "managed" // mi-…
	PreferEC2     = "ec2"     // i-…
)

func (e *evidence) preferred(at []int32) []int32 {
	if e.r.Prefer == "" || !e.d.mayBeOne(at, true) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(at), func(i int32) bool {
		return strings.HasPrefix(e.d.nodes.ID(i), "mi-") != (e.r.Prefer == PreferManaged)
	})
}

// mayBeOne reports whether nodes may be one machine, set up anew or registered twice: their names do not differ, nor do, with serials, those.
func (d *Directory) mayBeOne(at []int32, serials bool) bool {
	for n, i := range at {
		for _, j := range at[:n] {
			a, b := d.nameAt(&d.computer, i), d.nameAt(&d.computer, j)
			named := a.Label != "" && b.Label != "" && !a.Image && !b.Image
			if named && (a.Label != b.Label || a.Full != "" && b.Full != "" && a.Full != b.Full) {
				return false
			}
			if serials && otherSerials(d.serialsOf(i), d.serialsOf(j), nil) {
				return false
			}
		}
	}
	return true
}

// serialsOf returns a node's serials that it has alone.
func (d *Directory) serialsOf(i int32) []string {
	var own []string
	for _, text := range d.nodes.At(i).Serials {
		if s := identifier.Serial(text); s != "" && !d.shared.Has(RuleSerial, s) {
			own = append(own, s)
		}
	}
	return own
}

// addressOfAnother reports whether one of the record's addresses is that of another of the nodes, though others of its document have it too.
func (e *evidence) addressOfAnother(at []int32, i int32) bool {
	return slices.ContainsFunc(e.s.IP, func(value string) bool {
		has := e.d.find(&e.d.ips, value)
		return len(has) == 1 && has[0] != i && slices.Contains(at, has[0])
	})
}

// hint names the words of a mapping that would decide.
func (e *evidence) hint(at []int32) string {
	hybrid := 0
	for _, i := range at {
		if strings.HasPrefix(e.d.nodes.ID(i), "mi-") {
			hybrid++
		}
	}
	if hybrid > 0 && hybrid < len(at) && e.r.Prefer == "" {
		return "; a machine that is registered twice is settled by prefer: managed or ec2"
	}
	if _, ok := e.d.onlyOnline(at); ok {
		return "; onAmbiguous: online would take the only one that is online"
	}
	return ""
}

// onlyOnline finds the only one that is online; where none is, the only one that is not stopped.
func (d *Directory) onlyOnline(at []int32) (int32, bool) {
	if i, n := d.only(at, func(n *Node) bool { return n.PingStatus == "Online" }); n > 0 {
		return i, n == 1
	}
	i, n := d.only(at, func(n *Node) bool { return n.Status != "Stopped" })
	return i, n == 1
}

func (d *Directory) only(at []int32, is func(*Node) bool) (only int32, n int) {
	for _, i := range at {
		if one := d.nodes.At(i); is(&one) {
			only = i
			n++
		}
	}
	return only, n
}
