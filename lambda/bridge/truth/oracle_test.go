package truth

import (
	"slices"
	"strings"
)

// candidates are the machines of its group, managed or not, that could have given a record: each of its identifiers is one that the
// source may state of the machine, by the rules of the world.
func (r *record) candidates() []*machine {
	var list []*machine
	for _, m := range r.group.machines {
		if r.couldBe(m) {
			list = append(list, m)
		}
	}
	return list
}

func (r *record) couldBe(m *machine) bool {
	items := r.source == cmdb || r.source == online
	return (items || m.runs()) &&
		(r.node == "" || slices.Contains(m.ids, r.node)) &&
		(r.serial == "" || r.serial == m.serial || slices.Contains(placeholders, r.serial)) &&
		every(r.names, func(name string) bool { return m.mayBeCalled(name, items) }) &&
		every(r.ips, func(ip string) bool { return m.mayHave(ip, items) }) &&
		every(r.macs, func(mac string) bool { return slices.Contains(m.macs, mac) || slices.Contains(virtualMACs, mac) })
}

func every(list []string, is func(string) bool) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return !is(s) })
}

func (m *machine) mayBeCalled(name string, items bool) bool {
	switch {
	case isSpelled(name):
		return slices.ContainsFunc(m.ips, func(ip string) bool { return label(name) == spelled(ip) })
	case m.image != "" && !items && strings.EqualFold(name, m.image):
		return true
	case items && m.former != "" && (name == m.former || name == label(m.former)):
		return true
	}
	return name == m.full() || name == m.label
}

func (m *machine) mayHave(ip string, items bool) bool {
	return slices.Contains(m.ips, ip) || items && slices.Contains(m.past, ip) || !items && (ip == m.nat || slices.Contains(bridges, ip))
}

func label(name string) string {
	first, _, _ := strings.Cut(name, ".")
	return first
}

// isSpelled tells names that are made of an address.
func isSpelled(name string) bool {
	return strings.HasPrefix(name, "ip-") && strings.Count(label(name), "-") == 4
}

// isImage tells names that an image gives.
func isImage(name string) bool {
	upper := strings.ToUpper(name)
	return strings.HasPrefix(upper, "EC2AMAZ-") || strings.HasPrefix(upper, "WIN-")
}

// judgement is what the oracle says of a record.
type judgement struct {
	knowable    bool // it must be matched
	undecidable bool // all that can be seen points at another machine's node
	points      []*row
	candidates  []*machine
}

// judge says of each record of a document what can be known.
func (w *world) judge(d *doc) map[*record]judgement {
	v := w.view(d)
	result := map[*record]judgement{}
	at := map[*row][]*record{} // records by the node that they point at
	for _, r := range d.records {
		j := judgement{candidates: r.candidates(), points: v.points(r)}
		if len(j.points) == 1 {
			at[j.points[0]] = append(at[j.points[0]], r)
		}
		result[r] = j
	}
	for r, j := range result {
		if len(j.points) != 1 {
			continue
		}
		node := j.points[0]
		own := slices.Contains(r.of.ids, node.InstanceId)
		rival, different := false, false
		for _, o := range at[node] {
			rival = rival || o.of != r.of
			different = different || o.of != r.of && r.differs(o)
		}
		j.knowable = own && !rival && len(j.candidates) == 1 && node.InstanceStatus != terminatedStatus
		j.undecidable = !own && !different
		result[r] = j
	}
	return result
}

// terminatedStatus is that of a node to which nothing can be put.
const terminatedStatus = "Terminated"

// differs reports whether two records are known to be of different machines: both state serial numbers, or full names, and they differ.
func (r *record) differs(o *record) bool {
	if r.serial != "" && o.serial != "" && r.serial != o.serial && !slices.Contains(placeholders, r.serial) && !slices.Contains(placeholders, o.serial) {
		return true
	}
	full := func(names []string) []string {
		return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !strings.Contains(n, ".") || isSpelled(n) })
	}
	mine, other := full(r.names), full(o.names)
	return len(mine) > 0 && len(other) > 0 && every(mine, func(n string) bool { return !slices.Contains(other, n) })
}
