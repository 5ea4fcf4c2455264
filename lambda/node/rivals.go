package node

import (
	"cmp"
	"slices"
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

// Stand says which of the machines that were found to be a node may be it. Of two that are known to be different the one stands
// of which more agrees with the node; where neither is better, none does.
func (d *Directory) Stand(id string, rivals []Rival, r Rules) []bool {
	stand := make([]bool, len(rivals))
	i, ok := d.ids[id]
	if !ok {
		return stand
	}
	scores := make([]int, len(rivals))
	order := make([]int, len(rivals))
	for n := range rivals {
		scores[n], order[n] = d.score(&rivals[n].Subject, &r, i), n
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	var seen []int // those that stand, and those that fell with an equal
	for _, n := range order {
		stand[n] = true
		for _, m := range seen {
			if scores[m] < scores[n] || !Different(rivals[m], rivals[n], r.Among) {
				continue
			}
			stand[n] = false
			if scores[m] == scores[n] {
				stand[m] = false
			}
		}
		if len(seen) < maxCandidates || stand[n] {
			seen = append(seen, n)
		}
	}
	return stand
}

// score weighs what agrees: a stronger kind more than all weaker ones together.
func (d *Directory) score(s *Subject, r *Rules, i int32) int {
	sum := 0
	for n, rule := range rules {
		weight := 4 << (2 * (len(rules) - 1 - n))
		switch v := d.compare(rule, s, r, i); {
		case v == Agrees && rule == RuleHostname && d.compareFull(s, i):
			sum += 2 * weight
		case v == Agrees:
			sum += weight
		case v == AgreesWeakly:
			sum += weight / 2
		}
	}
	return sum
}

// compareFull reports whether a full name of the subject is the node's.
func (d *Directory) compareFull(s *Subject, i int32) bool {
	own := d.nameAt(&d.computer, i)
	return own.full != "" && slices.ContainsFunc(s.Hostname, func(name string) bool { return d.shared.nameOf(name).full == own.full })
}

// Different reports whether two machines that were found to be one node are known to be two: they have other serials of the same form,
// other full names, or other numbers and addresses in their source.
func Different(a, b Rival, among *Crowd) bool {
	switch {
	case shares(a.Subject.NodeID, b.Subject.NodeID):
		return false
	case otherSerials(a.Subject.Serial, b.Subject.Serial, among):
		return true
	}
	x, y := fullNames(a.Subject.Hostname), fullNames(b.Subject.Hostname)
	if len(x) > 0 && len(y) > 0 {
		return !shares(x, y) && !sharesSerial(a.Subject.Serial, b.Subject.Serial, among)
	}
	return a.Key != "" && b.Key != "" && a.Key != b.Key &&
		len(a.Subject.IP) > 0 && len(b.Subject.IP) > 0 && !shares(a.Subject.IP, b.Subject.IP) &&
		!sharesSerial(a.Subject.Serial, b.Subject.Serial, among)
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}

func sharesSerial(a, b []string, among *Crowd) bool {
	return slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) && !among.several(RuleSerial, v) })
}

func fullNames(candidates []string) []string {
	var full []string
	for _, c := range candidates {
		if h := builtinShared().ownName(c); h.full != "" && !h.image {
			full = append(full, h.full)
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
			case x == y || isUUID(x) && x == swappedUUID(y):
				return false
			case isUUID(x) == isUUID(y):
				differ = true
			}
		}
	}
	return differ
}
