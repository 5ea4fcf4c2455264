package truth

import (
	"slices"
	"strings"
)

// view is what the directory and a document show: the rows by what they have, and what several of them have.
type view struct {
	bySerial, byMAC, byLabel, byGiven, byIP, byID map[string][]*row
	serials, macs, ips                            map[string]int // how many records of the document state it
	online                                        bool
	lenient                                       bool
	hybrid, trusting                              bool // prefer: managed; trust: [ip]
	sweep                                         bool // an address alone decides nothing
}

// how says how a reader looks at what is shown.
type how struct {
	lenient bool // he believes what a careful one doubts
	macs    bool // he has looked up the MACs, where the directory is the service's
}

// view is what the directory and a document show. A value that two records of the document state tells nobody apart; for the
// lenient, where the two are known to be of different machines. Nodes that were terminated are not there.
func (w *world) view(rows []*row, d *doc, h how) *view {
	v := &view{
		online: d.source == online, lenient: h.lenient, hybrid: d.source == prefer, trusting: d.source == trust,
		bySerial: map[string][]*row{}, byMAC: map[string][]*row{}, byGiven: map[string][]*row{}, byLabel: map[string][]*row{},
		byIP: map[string][]*row{}, byID: map[string][]*row{}, serials: map[string]int{}, macs: map[string]int{}, ips: map[string]int{},
	}
	add := func(x map[string][]*row, key string, r *row) {
		if key != "" {
			x[key] = append(x[key], r)
		}
	}
	for _, r := range rows {
		if r.InstanceStatus == terminatedStatus {
			continue
		}
		add(v.byID, r.InstanceId, r)
		for _, serial := range r.SerialNumber {
			if serial := canonical(serial); !slices.Contains(v.bySerial[serial], r) {
				add(v.bySerial, serial, r)
			}
		}
		add(v.byLabel, label(r.name()), r)
		given := strings.ToLower(r.Name)
		add(v.byGiven, given, r)
		if bare := label(given); bare != given {
			add(v.byGiven, bare, r)
		}
		for ip := range strings.SplitSeq(r.IPAddress, ",") {
			add(v.byIP, ip, r)
		}
		if w.service && !h.macs {
			continue
		}
		for _, mac := range r.MacAddresses {
			add(v.byMAC, mac, r)
		}
	}
	first := map[string]*record{}
	state := func(counts map[string]int, value string, r *record) {
		if f := first[value]; f == nil {
			first[value] = r
			counts[value] = 1
		} else if f != r && (!h.lenient || r.differs(f)) {
			counts[value]++
		}
	}
	for _, r := range d.records {
		for _, serial := range r.serials {
			state(v.serials, canonical(serial), r)
		}
		for _, mac := range r.macs {
			state(v.macs, mac, r)
		}
		for _, ip := range r.ips {
			state(v.ips, ip, r)
		}
	}
	return v
}

// name is the node's own name; "" where what it shows is made of an address.
func (r *row) name() string {
	if name := strings.ToLower(r.ComputerName); !isSpelled(name) {
		return name
	}
	return ""
}

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

// strong are the nodes with a serial number or a MAC of the record, of those that one machine on each side has.
func (v *view) strong(r *record) []*row {
	var list []*row
	take := func(rows []*row, records int, shared bool) {
		if len(rows) == 1 && records == 1 && !shared && !slices.Contains(list, rows[0]) {
			list = append(list, rows[0])
		}
	}
	for _, serial := range r.serials {
		take(v.bySerial[canonical(serial)], v.serials[canonical(serial)], slices.Contains(placeholders, serial))
	}
	for _, mac := range r.macs {
		take(v.byMAC[mac], v.macs[mac], slices.Contains(virtualMACs, mac))
	}
	return list
}

// named are the nodes with a name of the record: the full one, else the bare one, unless the record states a full one of another domain.
func (v *view) named(r *record, names []string) []*row {
	var full, bare []*row
	for _, name := range names {
		if isSpelled(name) {
			continue
		}
		name = strings.ToLower(name)
		for _, x := range v.byLabel[label(name)] {
			switch {
			case x.name() == name:
				full = appendNew(full, x)
			case !strings.Contains(x.name(), ".") || !r.statesFull(label(name)) && (v.lenient || !r.statesFull("")):
				bare = appendNew(bare, x)
			}
		}
	}
	if whole := slices.DeleteFunc(slices.Clone(full), func(x *row) bool { return !strings.Contains(x.name(), ".") }); len(whole) > 0 {
		return whole
	}
	for _, x := range bare {
		full = appendNew(full, x)
	}
	if len(full) > 0 {
		return full
	}
	for _, name := range names { // given when the node was registered
		given := v.byGiven[strings.ToLower(name)]
		if !strings.Contains(name, ".") && r.statesFull("") {
			given = nil
		}
		if v.lenient {
			given = v.byGiven[label(strings.ToLower(name))]
		}
		for _, x := range given {
			full = appendNew(full, x)
		}
	}
	return full
}

func appendNew(list []*row, x *row) []*row {
	if slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

// statesFull reports whether the record states a full name with the bare one; "": any full name.
func (r *record) statesFull(bare string) bool {
	return slices.ContainsFunc(r.names, func(n string) bool {
		return strings.Contains(n, ".") && !isSpelled(n) && (bare == "" || label(n) == bare)
	})
}

// realNames reports whether the record states a name that is its machine's own.
func (v *view) realNames(r *record) bool {
	return slices.ContainsFunc(r.names, func(n string) bool { return !isSpelled(n) && !isImage(n) && (!v.lenient || !isTitle(n)) })
}

// addressed are the nodes with an address of the record, of those that one machine on each side has.
func (v *view) addressed(r *record) []*row {
	var list []*row
	for _, ip := range r.ips {
		if rows := v.byIP[ip]; len(rows) == 1 && v.ips[ip] == 1 && !slices.Contains(bridges, ip) {
			list = appendNew(list, rows[0])
		}
	}
	return list
}

// byAddress are the nodes with an address of the record, whoever else has it.
func (v *view) byAddress(r *record) []*row {
	var list []*row
	for _, ip := range r.ips {
		if slices.Contains(bridges, ip) {
			continue
		}
		for _, x := range v.byIP[ip] {
			list = appendNew(list, x)
		}
	}
	return list
}

// byAny are the nodes with any value of the record, its names left out.
func (v *view) byAny(r *record) []*row {
	list := v.byAddress(r)
	add := func(kind map[string][]*row, values []string) {
		for _, value := range values {
			for _, x := range kind[value] {
				list = appendNew(list, x)
			}
		}
	}
	add(v.bySerial, canonicals(r.serials))
	add(v.byMAC, r.macs)
	return list
}

// without leaves out the nodes whose serial numbers are other ones than the record's. A number that several have says nothing.
func (v *view) without(r *record, rows []*row) []*row {
	own := func(serials []string) []string {
		return slices.DeleteFunc(slices.Clone(serials), func(s string) bool { return len(v.bySerial[canonical(s)]) > 1 || v.serials[canonical(s)] > 1 })
	}
	return slices.DeleteFunc(slices.Clone(rows), func(x *row) bool { return otherSerials(own(r.serials), own(x.SerialNumber)) })
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
