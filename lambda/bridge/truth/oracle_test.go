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
		if r.couldBe(m.was()) && !m.unborn && (m.state != terminated || m.next == nil) {
			list = append(list, m)
		}
	}
	return list
}

func (r *record) couldBe(m *machine) bool {
	items := isItems(r.source)
	return (items || m.runs()) &&
		(r.node == "" || slices.Contains(m.ids, r.node) || !m.managed() && strings.HasPrefix(r.node, "i-0000000dead")) &&
		every(r.serials, func(serial string) bool {
			return slices.Contains(m.serials, serial) || slices.Contains(placeholders, serial)
		}) &&
		(r.source == trust || r.source == scan && slices.Contains(r.reverse, m.full()) || // it was given the name, of whichever machine
			every(r.names, func(name string) bool { return m.mayBeCalled(name, items) })) && // reverse DNS may say anything
		every(r.ips, func(ip string) bool { return m.mayHave(ip, items) }) &&
		every(r.macs, func(mac string) bool {
			return slices.Contains(m.macs, mac) || slices.Contains(virtualMACs, mac) ||
				r.source == scan && mac == m.gateway
		})
}

func every(list []string, is func(string) bool) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return !is(s) })
}

func (m *machine) mayBeCalled(name string, items bool) bool {
	switch {
	case label(name) == "localhost":
		return m.image == name
	case isSpelled(name):
		return slices.ContainsFunc(m.ips, func(ip string) bool {
			return strings.TrimPrefix(label(name), "ip-") == strings.TrimPrefix(spelled(ip), "ip-")
		})
	case m.image != "" && !items && strings.EqualFold(name, m.image):
		return true
	case items && m.alias != "" && name == m.alias:
		return true
	case items && m.former != "" && (name == m.former || name == label(m.former)):
		return true
	}
	return name == m.full() || name == m.label || name == m.short
}

func (m *machine) mayHave(ip string, items bool) bool {
	return slices.Contains(m.ips, ip) || items && slices.Contains(m.past, ip) || !items && (ip == m.nat || slices.Contains(bridges, ip))
}

func label(name string) string {
	first, _, _ := strings.Cut(name, ".")
	return first
}

// isSpelled reports whether a name is made of an address, or is one that all machines have.
func isSpelled(name string) bool {
	if label(name) == "localhost" {
		return true
	}
	rest := strings.TrimPrefix(label(name), "ip-")
	return strings.Count(rest, "-") == 3 && strings.Trim(rest, "0123456789-") == ""
}

// isImage reports whether a name is one that an image gives.
func isImage(name string) bool {
	upper := strings.ToUpper(name)
	return strings.HasPrefix(upper, "EC2AMAZ-") || strings.HasPrefix(upper, "WIN-")
}

// judgement is what the oracle says of a record.
type judgement struct {
	knowable   bool   // it must be matched
	lures      []*row // all that can be seen points at it, though it is another machine's
	points     []*row
	candidates []*machine
}

// lured reports whether a node is one that the record seems to be of.
func (j judgement) lured(id string) bool {
	return slices.ContainsFunc(j.lures, func(x *row) bool { return x.InstanceId == id })
}

// judge says of each record of a document what can be known.
func (w *world) judge(d *doc) map[*record]judgement {
	rows := w.rows
	if w.early != nil {
		rows = w.early
	}
	strict := w.view(rows, d, how{})
	lenient := []*view{w.view(rows, d, how{lenient: true, macs: true}), w.view(rows, d, how{lenient: true})}
	result := map[*record]judgement{}
	at := map[*row][]*record{} // records by the node that they point at
	among := map[*row]int{}    // how many records point at it, perhaps at others too
	for _, r := range d.records {
		result[r] = judgement{candidates: r.candidates(), points: strict.points(r)}
		seen := map[*row]bool{}
		for _, v := range append(lenient, strict) {
			list := v.points(r)
			if len(list) == 1 && !slices.Contains(at[list[0]], r) {
				at[list[0]] = append(at[list[0]], r)
			}
			for _, x := range list {
				seen[x] = true
			}
		}
		for x := range seen {
			among[x]++
		}
	}
	for node, records := range at {
		for _, r := range records {
			j := result[r]
			better := func(o *record) bool {
				return r.differs(o) && o.atLeast(r, node) && slices.Equal(result[o].points, []*row{node})
			}
			if !r.rightAt(node.InstanceId) && !slices.ContainsFunc(records, better) {
				j.lures = append(j.lures, node)
			}
			if slices.Equal(j.points, []*row{node}) && len(j.candidates) == 1 && slices.Contains(r.of.ids, node.InstanceId) {
				j.knowable = among[node] == 1
			}
			result[r] = j
		}
	}
	if w.early != nil {
		w.judgeLater(d, result)
	}
	return result
}

// rightAt reports whether a node is the record's machine's, or that of the installation that took the place of a terminated one.
func (r *record) rightAt(id string) bool {
	return slices.Contains(r.of.ids, id) || r.of.state == terminated && r.of.next != nil && slices.Contains(r.of.next.ids, id)
}

// terminatedStatus is that of a node to which nothing can be put.
const terminatedStatus = "Terminated"

// differs reports whether two records are known to be of different machines: their serial numbers or their full names differ, or they have
// nothing in common and the source numbers its machines, or gives each another name.
func (r *record) differs(o *record) bool {
	if r == o {
		return false
	}
	mine, other := own(r.names), own(o.names)
	full, otherFull := whole(mine), whole(other)
	switch {
	case shares(full, otherFull):
		return false
	case otherSerials(r.serials, o.serials), len(full) > 0 && len(otherFull) > 0:
		return true
	case r.source == scan || r.source == trust:
		return false
	case len(mine) > 0 && len(other) > 0:
		return !shares(labels(mine), labels(other))
	}
	return !shares(canonicals(r.serials), canonicals(o.serials)) && !shares(r.macs, o.macs) && !shares(r.ips, o.ips)
}

// own are the names that are host names, and not made of an address.
func own(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return isSpelled(n) || isTitle(n) })
}

// isTitle reports whether a name is for people.
func isTitle(name string) bool { return strings.Contains(name, " ") }

// whole are the full ones of some names.
func whole(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !strings.Contains(n, ".") })
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) && !slices.Contains(placeholders, s) })
}

func labels(names []string) []string {
	var list []string
	for _, n := range names {
		list = append(list, label(n))
	}
	return list
}

// otherSerials reports whether of two machines' serial numbers some are of one form, and none is the same.
func otherSerials(a, b []string) bool {
	differ := false
	for _, x := range a {
		for _, y := range b {
			if canonical(x) == canonical(y) && !slices.Contains(placeholders, x) {
				return false
			}
			differ = differ || form(x) == form(y) && !slices.Contains(placeholders, x) && !slices.Contains(placeholders, y)
		}
	}
	return differ
}
