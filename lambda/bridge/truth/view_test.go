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
