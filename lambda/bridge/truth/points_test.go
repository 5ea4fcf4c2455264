package truth

import (
	"slices"
	"strings"
)

// evidence is what the nodes have of a record.
type evidence struct {
	strong   []*row // a serial number or a MAC
	named    []*row // a name
	at       []*row // an address
	excluded bool   // other nodes have it too, whose serial numbers are not the record's
}

func (v *view) evidence(r *record) evidence {
	named, at := v.named(r, r.names), v.addressed(r)
	e := evidence{strong: v.strong(r), named: v.without(r, named), at: v.without(r, at)}
	e.excluded = len(e.named) < len(named) && len(e.named) < 2 || len(e.at) < len(at)
	return e
}

// points are the nodes that a record points at, by what it and the directory show: one where it can be known, several between which
// there is no deciding, none where nothing names a node or two things name different ones. Where it is in doubt the strict view has
// none.
func (v *view) points(r *record) []*row {
	if r.node != "" {
		return v.byID[r.node]
	}
	e := v.evidence(r)
	if len(e.named) == 0 && len(r.reverse) > 0 {
		return v.reversed(r, e)
	}
	list := v.settle(r, e)
	if len(list) == 1 && v.split(r, e, list[0]) {
		return nil
	}
	if len(list) == 1 && !v.lenient && v.doubtful(r, e, list[0]) {
		return nil
	}
	return list
}

// settle weighs the evidence: serial numbers and MACs, then names, then, where no name is another, an address.
func (v *view) settle(r *record, e evidence) []*row {
	switch {
	case len(e.strong) > 1:
		return nil
	case len(e.strong) == 1:
		if x := e.strong[0]; len(e.named) > 0 && !slices.Contains(e.named, x) || len(e.named) == 0 && len(e.at) > 0 && !slices.Contains(e.at, x) {
			return nil // another node has the name, or the address
		}
		return e.strong
	case len(e.named) > 0:
		return v.narrow(e.named, e.at)
	case v.lenient && (v.online || v.hybrid) && len(e.at) == 0:
		return v.narrow(v.byAny(r), nil)
	case !v.sweep && len(e.at) == 1 && (v.trusting || !v.realNames(r) || e.at[0].nameless() && e.at[0].Name == ""):
		return e.at
	}
	return nil
}

// doubtful reports whether a careful reader may refuse what the evidence says, so that it is not demanded.
func (v *view) doubtful(r *record, e evidence, x *row) bool {
	other := func(list []*row, is func(*row) bool) bool {
		return slices.ContainsFunc(list, func(o *row) bool { return o != x && is(o) })
	}
	shown := v.byAddress(r)
	switch {
	case e.excluded: // what is left was named by nothing else
		return true
	case len(e.named) > 1 && !slices.Contains(e.at, x) && other(e.named, func(o *row) bool { return slices.Contains(shown, o) }):
		return true // another node of the name has an address of the record
	case len(e.strong) > 0:
		return false
	case len(e.named) > 1:
		return other(e.named, func(o *row) bool { return slices.Contains(shown, o) })
	case len(e.named) == 1 && other(e.at, (*row).nameless): // it may be that one, whose name is not shown
		return true
	}
	// The node shows a bare name, which others show too.
	return len(e.named) == 1 && len(v.byLabel[x.name()]) > 1 && r.statesFull(x.name()) && !slices.Contains(e.at, x)
}

// split reports whether reverse DNS, by a full name, and an address both say that a record is of one other node than its own name does. No
// serial number, MAC or address says what its name says.
func (v *view) split(r *record, e evidence, x *row) bool {
	if len(e.strong) > 0 || slices.Contains(e.at, x) {
		return false
	}
	asked := slices.DeleteFunc(v.without(r, v.named(r, r.reverse)), func(o *row) bool { return !strings.Contains(o.name(), ".") || !slices.Contains(r.reverse, o.name()) })
	return len(asked) == 1 && asked[0] != x && slices.Contains(e.at, asked[0])
}

// nameless reports whether the directory shows no name that the machine itself has.
func (r *row) nameless() bool { return r.name() == "" || isImage(r.name()) }

// reversed are the nodes that a record points at of whose own names no node has one, and which DNS calls something. That may help to
// choose among the nodes that have the address; who believes it else may be misled.
func (v *view) reversed(r *record, e evidence) []*row {
	own := *r
	own.reverse = nil
	named := v.without(r, v.named(r, r.reverse))
	if len(e.strong) > 0 || len(e.at) > 0 || v.realNames(r) {
		list := v.points(&own)
		if !v.lenient && len(list) == 1 && len(named) > 0 && !slices.Contains(named, list[0]) {
			return nil
		}
		return list
	}
	switch {
	case v.lenient:
		return named
	case v.sweep: // what it was asked of may be another machine's by now
		return nil
	}
	return slices.DeleteFunc(named, func(x *row) bool {
		return !slices.ContainsFunc(r.ips, func(ip string) bool { return v.ips[ip] == 1 && slices.Contains(v.byIP[ip], x) })
	})
}

// narrow settles several nodes of one name.
func (v *view) narrow(named, at []*row) []*row {
	if len(named) == 1 {
		return named
	}
	both := slices.DeleteFunc(slices.Clone(named), func(x *row) bool { return !slices.Contains(at, x) })
	if len(both) == 1 {
		return both
	}
	if v.hybrid {
		managed := slices.DeleteFunc(slices.Clone(named), func(x *row) bool { return !strings.HasPrefix(x.InstanceId, "mi-") })
		if len(managed) == 1 {
			return managed
		}
	}
	if v.online {
		running := slices.DeleteFunc(slices.Clone(named), func(x *row) bool { return x.PingStatus != "Online" })
		if len(running) == 1 {
			return running
		}
	}
	return named
}

// none reports whether nothing of the record names any node.
func (v *view) none(r *record) bool {
	return r.node == "" && len(v.strong(r)) == 0 && len(v.named(r, slices.Concat(r.names, r.reverse))) == 0 &&
		every(r.serials, func(serial string) bool { return len(v.bySerial[canonical(serial)]) == 0 }) &&
		every(r.ips, func(ip string) bool { return len(v.byIP[ip]) == 0 }) && every(r.macs, func(mac string) bool { return len(v.byMAC[mac]) == 0 })
}

// agreement is what of a record agrees with a node: a UUID or serial number, a MAC, a full name, a bare one, an address.
func (r *record) agreement(x *row) [6]bool {
	has := func(values, of []string) bool {
		return slices.ContainsFunc(values, func(s string) bool { return slices.Contains(of, s) })
	}
	names := slices.Concat(r.names, r.reverse)
	full := strings.Contains(x.name(), ".") && slices.Contains(names, x.name())
	bare := slices.ContainsFunc(names, func(n string) bool { return label(n) == label(x.name()) })
	return [6]bool{
		has(canonicals(r.serials), canonicals(x.SerialNumber)), has(r.macs, x.MacAddresses), full, bare, slices.Contains(names, x.name()),
		has(r.ips, strings.Split(x.IPAddress, ",")),
	}
}

// atLeast reports whether a record agrees with a node in all that another does.
func (r *record) atLeast(o *record, x *row) bool {
	mine, other := r.agreement(x), o.agreement(x)
	for i := range mine {
		if other[i] && !mine[i] {
			return false
		}
	}
	return true
}

func canonicals(serials []string) []string {
	var list []string
	for _, s := range serials {
		list = append(list, canonical(s))
	}
	return list
}
