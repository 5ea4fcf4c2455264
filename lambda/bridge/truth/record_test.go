package truth

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Sources, which are mappings in testdata.
const (
	cmdb   = "cmdb"
	online = "online" // configuration items, and `onAmbiguous: online`
	scan   = "scan"
	agent  = "agent"
	prefer = "prefer" // configuration items, and `prefer: managed`
	trust  = "trust"  // a scanner's, and `trust: [ip]`
)

// doc is a document.
type doc struct {
	number  int
	source  string
	records []*record
}

// record is one machine's, as a source has it. Its values are canonical; how they are spelled is drawn from its style.
type record struct {
	marker string
	of     *machine
	group  *group
	source string
	style  uint64

	node      string
	serials   []string
	names     []string
	reverse   []string // names that DNS has of the address
	ips, macs []string
	outcome   string   // what the import said
	landed    []string // nodes on which it was put
}

// documents draws about so many records.
func (k *maker) documents(records int) {
	machines := 0
	for _, g := range k.w.groups {
		machines += len(g.machines)
	}
	for records > 0 {
		d := &doc{number: len(k.w.docs), source: one(k, cmdb, cmdb, cmdb, online, prefer, scan, scan, trust, agent, agent)}
		part := one(k, 25, 60, 95) // percent of a group's machines
		for _, g := range k.w.groups {
			if k.IntN(machines) >= mostInDocument {
				continue
			}
			for _, m := range g.machines {
				if !k.chance(part) || m.unborn || !d.items() && !m.runs() {
					continue
				}
				d.records = append(d.records, k.record(d, g, m))
				if d.items() && k.chance(3) { // two items of one machine
					d.records = append(d.records, k.record(d, g, m))
				}
			}
		}
		records -= max(1, len(d.records))
		if len(d.records) > 0 {
			k.w.docs = append(k.w.docs, d)
		}
	}
}

// mostInDocument is how many machines a document is about at most, more or less.
const mostInDocument = 500

// items reports whether the document is of configuration items.
func (d *doc) items() bool { return isItems(d.source) }

func isItems(source string) bool { return source == cmdb || source == online || source == prefer }

func (k *maker) record(d *doc, g *group, m *machine) *record {
	r := &record{marker: fmt.Sprintf("d%d-%d", d.number, len(d.records)+1), of: m, group: g, source: d.source, style: k.Uint64()}
	switch r.source {
	case cmdb, online, prefer:
		k.item(r, r.of.was())
	case scan:
		k.seen(r, r.of.was())
		k.resolved(r)
	case trust:
		r.ips = []string{one(k, r.of.was().ips...)}
		r.names = []string{fmt.Sprintf("pool-%d-%x.isp.example.org", k.IntN(10), 0x1000+k.IntN(100))}
	case agent:
		k.reported(r, r.of.was())
	}
	return r
}

// item is what a configuration item states.
func (k *maker) item(r *record, m *machine) {
	name := m.full()
	if m.former != "" && k.chance(50) {
		name = m.former
	}
	label, _, _ := strings.Cut(name, ".")
	switch n := k.IntN(100); {
	case n < 45:
		r.names = []string{name}
	case n < 70:
		r.names = []string{label}
	case n < 95:
		r.names = []string{name, label}
	}
	if m.alias != "" && k.chance(70) {
		r.names = append(r.names[:min(1, len(r.names))], m.alias)
	}
	if k.chance(70) {
		r.ips = []string{m.ips[0]}
		switch {
		case len(m.past) > 0 && k.chance(40):
			r.ips = []string{one(k, m.past...)}
		case k.chance(20):
			r.ips = slices.Clone(m.ips)
		}
	}
	if k.chance(40) {
		r.serials = m.serials[:min(1, len(m.serials))]
		if len(r.serials) == 0 && k.chance(50) {
			r.serials = []string{one(k, placeholders...)}
		}
	}
	if k.chance(20) {
		r.macs = slices.Clone(m.macs)
	}
	k.numbered(r)
}

// numbered has a record state a node's ID: its own, or one that it had before it was deregistered.
func (k *maker) numbered(r *record) {
	switch n := k.IntN(100); {
	case n < 3 && r.of.managed():
		r.node = r.of.ids[0]
	case n < 3:
		r.node = fmt.Sprintf("i-%017x", 0xdead000000+k.IntN(1000))
	}
}

// seen is what a scanner states.
func (k *maker) seen(r *record, m *machine) {
	switch n := k.IntN(100); {
	case n < 80:
		r.ips = []string{one(k, m.ips...)}
	case n < 95:
		r.ips = slices.Clone(m.ips)
	}
	switch n := k.IntN(100); {
	case n < 45:
		r.names = []string{m.full()}
	case n < 60:
		r.names = []string{cmp.Or(m.short, m.label)}
	}
	if k.chance(15) {
		r.macs = []string{m.macs[0]}
	}
	if m.gateway != "" && k.chance(50) {
		r.macs = []string{m.gateway}
	}
}

// resolved is what reverse DNS says of a scanned address: the machine's name, one made of the address, or, where nobody tidies up, that
// of a machine that had the address before or is beside it.
func (k *maker) resolved(r *record) {
	if len(r.ips) != 1 || k.chance(50) {
		return
	}
	switch n := k.IntN(100); {
	case n < 10: // whoever gave the scanner the name has not noticed that the address is another machine's now
		r.names, r.reverse = []string{one(k, r.group.machines...).full()}, []string{r.of.full()}
	case n < 50:
		r.reverse = []string{r.of.full()}
	case n < 80 && strings.Contains(r.ips[0], "."):
		r.reverse = []string{strings.TrimPrefix(spelled(r.ips[0]), one(k, "", "ip-")) + ".static.example.net"}
	default:
		r.reverse = []string{one(k, r.group.machines...).full()}
	}
}

// reported is what an agent states.
func (k *maker) reported(r *record, m *machine) {
	r.names = []string{m.full()}
	switch {
	case m.image != "":
		r.names = []string{strings.ToLower(m.image)}
	case k.chance(25):
		r.names = []string{cmp.Or(m.short, m.label)}
	}
	r.ips = slices.Concat(m.bridges, m.ips)
	if m.nat != "" {
		r.ips = append(r.ips, m.nat)
	}
	r.macs = slices.Concat(m.virtual, m.macs)
	r.serials = slices.Clone(m.serials)
	if len(r.serials) < 2 {
		r.serials = append(r.serials, one(k, placeholders...))
	}
	switch k.IntN(10) {
	case 0:
		r.macs = nil
	case 1:
		r.serials = nil
	case 2:
		r.names = nil
	case 3:
		r.ips = slices.Clone(m.bridges)
	}
	k.numbered(r)
}

// spell has a value as the source writes it: some of its bits say how.
func (r *record) spell(kind, value string) string {
	switch kind {
	case "name":
		switch r.style & 7 {
		case 0, 1:
			return strings.ToUpper(value)
		case 2:
			if strings.Contains(value, ".") {
				return value + "."
			}
			if r.source != scan && !strings.Contains(value, " ") {
				return `CORP\` + strings.ToUpper(value) + "$"
			}
		}
	case "ip":
		switch v6 := strings.Contains(value, ":"); {
		case v6 && r.style>>8&1 == 0:
			return strings.ToUpper(strings.Replace(value, "::", ":0000:0000:0000:", 1))
		case !v6 && r.style>>8&7 == 0:
			return value + "/24"
		}
	case "mac":
		switch r.style >> 16 & 3 {
		case 0:
			return strings.ToUpper(value)
		case 1:
			return strings.ToUpper(strings.ReplaceAll(value, ":", "-"))
		}
	case "serial":
		switch style := r.style >> 24 & 15; {
		case style == 0:
			return strings.ToLower(value)
		case style == 1 && form(value) == "UUID" && value == canonical(value):
			return swapped(value)
		}
	}
	return value
}

// swapped is a UUID as some programs read it: the bytes of its first three parts turned round.
func swapped(uuid string) string {
	b := []byte(uuid)
	turn := func(from, to int) {
		for i, j := from, to-2; i < j; i, j = i+2, j-2 {
			b[i], b[i+1], b[j], b[j+1] = b[j], b[j+1], b[i], b[i+1]
		}
	}
	turn(0, 8)
	turn(9, 13)
	turn(14, 18)
	return string(b)
}

func (r *record) spelled(kind string, values []string) []string {
	var list []string
	for _, v := range values {
		list = append(list, r.spell(kind, v))
	}
	return list
}

// text is the document as it is handed in.
func (d *doc) text() string {
	var b strings.Builder
	if d.items() {
		fmt.Fprintf(&b, "truth %s,marker,node,serial,fqdn,name,ip,mac\n", d.source)
		for _, r := range d.records {
			b.WriteString(r.cells())
		}
		return b.String()
	}
	for _, r := range d.records {
		for _, part := range r.parts() {
			line := map[string]any{
				"truth" + strings.ToUpper(d.source[:1]) + d.source[1:]: "1", "marker": r.marker, "node": part.node,
				"serial": r.spelled("serial", part.serials), "name": r.spelled("name", part.names), "ip": r.spelled("ip", part.ips), "reverse": part.reverse,
				"mac": r.spelled("mac", part.macs),
			}
			text, _ := json.Marshal(line) // strings and lists of strings
			b.Write(append(text, '\n'))
		}
	}
	return b.String()
}

// parts are the record itself, or two that state one half of it each: where a source numbers its machines they are one.
func (r *record) parts() []record {
	if r.source == scan || r.source == trust || r.style>>40&3 != 0 {
		return []record{*r}
	}
	first, second := *r, *r
	first.ips, first.macs, second.names, second.serials, second.node = nil, nil, nil, nil, ""
	return []record{first, second}
}

// cells is a line of CSV, or two. Several values stand in one cell.
func (r *record) cells() string {
	var b strings.Builder
	between := []string{", ", "; ", " | ", ";"}[r.style>>32&3]
	for _, part := range r.parts() {
		names := r.spelled("name", part.names)
		fqdn := ""
		if len(names) > 1 {
			fqdn, names = names[0], names[1:]
		}
		fmt.Fprintf(&b, "1,%s,%s,%q,%s,%s,%q,%q\n", r.marker, part.node, strings.Join(r.spelled("serial", part.serials), between), fqdn, strings.Join(names, between),
			strings.Join(r.spelled("ip", part.ips), between), strings.Join(r.spelled("mac", part.macs), between))
	}
	return b.String()
}
