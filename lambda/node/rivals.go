package node

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

// Rival is one of the machines of a document that were found to be the same node.
type Rival struct {
	Subject Subject
	Key     string // the source's own number for it; "": none
}

// Stand is that of the directory, among the machines of the document.
func (c *Crowd) Stand(id string, rivals []Rival, r Rules) []bool {
	r.Among = c
	return c.d.Stand(id, rivals, r)
}

// Stand reports which of the machines that were found to be a node may be it. Of two that are known to be different the one stands
// of which more agrees with the node: in some kind more, and in none less. Where neither is better, none does.
func (d *Directory) Stand(id string, rivals []Rival, r Rules) []bool {
	stand := make([]bool, len(rivals))
	i, ok := d.place(id)
	if !ok {
		return stand
	}
	agreed := make([]agreements, len(rivals))
	for n := range rivals {
		stand[n] = true
		agreed[n] = d.agreements(&rivals[n].Subject, &r, i)
		for m := range min(n, maxRivals) {
			if different(rivals[m], rivals[n], agreed[m].none() && agreed[n].none(), r.Among) {
				stand[n] = stand[n] && agreed[n].better(agreed[m])
				stand[m] = stand[m] && agreed[m].better(agreed[n])
			}
		}
		stand[n] = stand[n] && n < maxRivals
	}
	return stand
}

// different is Different for rivals of which the numbers alone may have led to the node: these are two of one machine, which an earlier import said.
func different(a, b Rival, numbered bool, among *Crowd) bool {
	if numbered && len(a.Subject.Number) > 0 && len(b.Subject.Number) > 0 {
		a.Key, b.Key, a.Subject.IP, b.Subject.IP = "", "", nil, nil
	}
	return Different(a, b, among)
}

// maxRivals bounds how many machines of a node are compared: what comes beyond is not it.
const maxRivals = 256

// agreements are the verdicts of the kinds about a machine and a node, a full name above a bare one.
type agreements [len(rules) + 1]Verdict

func (d *Directory) agreements(s *Subject, r *Rules, i int32) agreements {
	var a agreements
	for n, rule := range rules {
		a[n] = d.compare(rule, s, r, i)
	}
	own := d.nameAt(&d.computer, i)
	if own.Full != "" && slices.ContainsFunc(s.Hostname, func(name string) bool { return d.shared.NameOf(name).Full == own.Full }) {
		a[len(rules)] = Agrees
	}
	return a
}

// none reports whether no kind agrees.
func (a agreements) none() bool { return slices.Max(a[:]) <= SaysNothing }

// better reports whether more agrees than with another machine.
func (a agreements) better(other agreements) bool {
	for n := range 2 { // an ID or a tag names its node
		if (a[n] == Agrees) != (other[n] == Agrees) {
			return a[n] == Agrees
		}
	}
	more := false
	for n := range a {
		if a[n] < other[n] {
			return false
		}
		more = more || a[n] > other[n]
	}
	return more
}

// Different reports whether two machines that were found to be one node are known to be two: they have other serials of the same form,
// other full names, or nothing in common (a serial, a MAC and a first label) and other names, other numbers in their source, or, where that has none,
// other addresses.
func Different(a, b Rival, among *Crowd) bool {
	x, y := fullNames(&a.Subject), fullNames(&b.Subject)
	named := len(x) > 0 && len(y) > 0
	switch {
	case shares(a.Subject.NodeID, b.Subject.NodeID):
		return false
	case otherSerials(a.Subject.Serial, b.Subject.Serial, among), named && !shares(x, y):
		return true
	case named, sharesSerial(a.Subject.Serial, b.Subject.Serial, among), sharesMAC(a.Subject, b.Subject, among):
		return false
	}
	if v, w := labels(&a.Subject), labels(&b.Subject); len(v) > 0 && len(w) > 0 && !shares(v, w) {
		return true
	}
	apart := a.Key != "" && b.Key != "" && a.Key != b.Key
	if a.Key == "" && b.Key == "" { // each record is a machine of its own
		apart = len(a.Subject.IP) > 0 && len(b.Subject.IP) > 0
	}
	return apart && !shares(a.Subject.IP, b.Subject.IP)
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}

func sharesSerial(a, b []string, among *Crowd) bool {
	return slices.ContainsFunc(a, func(v string) bool {
		return !among.several(RuleSerial, v) && slices.ContainsFunc(b, func(w string) bool { return oneForm(RuleSerial, v) == oneForm(RuleSerial, w) })
	})
}

// sharesMAC reports whether two machines have a MAC and a first label in common.
func sharesMAC(a, b Subject, among *Crowd) bool {
	return slices.ContainsFunc(a.MAC, func(v string) bool { return slices.Contains(b.MAC, v) && !among.several(RuleMAC, v) }) &&
		slices.ContainsFunc(a.Hostname, func(v string) bool {
			return slices.ContainsFunc(b.Hostname, func(w string) bool { return identifier.FirstLabel(v) == identifier.FirstLabel(w) })
		})
}

// labels are the first labels of the names that a machine has from its owner.
func labels(s *Subject) []string {
	var list []string
	for _, c := range s.Own().Hostname {
		if h := identifier.Builtin().OwnName(c); h.Label != "" && !h.Image {
			list = append(list, h.Label)
		}
	}
	return list
}

func fullNames(s *Subject) []string {
	var full []string
	for _, c := range s.Own().Hostname {
		if h := identifier.Builtin().OwnName(c); h.Full != "" && !h.Image {
			full = append(full, h.Full)
		}
	}
	return full
}

// otherSerials reports whether two machines have serials of one form, and none in common.
func otherSerials(a, b []string, among *Crowd) bool {
	differ := false
	for _, x := range a {
		for _, y := range b {
			switch {
			case among.several(RuleSerial, x) || among.several(RuleSerial, y):
			case identifier.MayBeOneSerial(x, y):
				return false
			case identifier.IsUUID(x) == identifier.IsUUID(y):
				differ = true
			}
		}
	}
	return differ
}
