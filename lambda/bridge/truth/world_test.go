package truth

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// machine is one installation, as it truly is.
type machine struct {
	label, domain string   // domain "": it is in none
	former        string   // full name that it had before it was renamed
	image         string   // name that its image gave it
	ips, past     []string // its own addresses, the first of them its main one; those that it had before
	macs          []string
	serials       []string // the maker's serial number and the system's UUID, where they are not placeholders
	bridges       []string
	virtual       []string // MACs that many machines have
	gateway       string   // MAC that scanners see in its place: another machine's
	alias         string   // what people or a DNS call it
	nat           string   // address under which the world sees it, which is another machine's
	state         string
	then          *machine // as it was when the documents were written; nil: as it is
	unborn        bool     // it was not there when the documents were written
	short         string   // the name that NetBIOS leaves of it; "": its bare name
	next          *machine // the installation that took its place
	shows         string   // the name that the directory shows; "": any
	ids           []string // its nodes: none where it is not managed, two where it is registered twice
}

// States of a machine.
const (
	live       = "live"
	lost       = "lost" // its agent is silent; it may run
	stopped    = "stopped"
	terminated = "terminated"
)

func (m *machine) full() string { return join(m.label, m.domain) }

func join(label, domain string) string {
	if domain == "" {
		return label
	}
	return label + "." + domain
}

func (m *machine) runs() bool    { return m.state == live || m.state == lost }
func (m *machine) managed() bool { return len(m.ids) > 0 }

// row is a node as a file of nodes shows it.
type row struct {
	InstanceId     string   `json:"InstanceId"` //nolint:revive // the service's name
	ComputerName   string   `json:"ComputerName,omitempty"`
	Name           string   `json:"Name,omitempty"`
	IPAddress      string   `json:"IPAddress,omitempty"`
	PingStatus     string   `json:"PingStatus,omitempty"`
	InstanceStatus string   `json:"InstanceStatus,omitempty"`
	SerialNumber   []string `json:"SerialNumber,omitempty"`
	MacAddresses   []string `json:"MacAddresses,omitempty"`
}

// group is machines that share what machines share.
type group struct {
	kind     string
	machines []*machine
}

// world is groups, the directory that shows some of their machines, and the documents about them.
type world struct {
	seed    uint64
	nodes   int
	service bool // the directory is the service's: it has no serial numbers, and MACs are looked up, not all of them
	groups  []*group
	rows    []*row
	early   []*row // the directory when the documents are imported; nil: it is rows. A sweep follows with rows
	docs    []*doc
}

// maker draws a world.
type maker struct {
	*rand.Rand
	w       *world
	serials string // which serial numbers the directory shows
	macs    bool
	next    int // number of the next node
	group   int
}

func (k *maker) chance(percent int) bool { return k.IntN(100) < percent }

func one[T any](k *maker, of ...T) T { return of[k.IntN(len(of))] }

// newWorld draws a world of about so many nodes.
func newWorld(seed uint64, nodes int) *world {
	k := &maker{Rand: rand.New(rand.NewPCG(seed, 0x7472757468)), w: &world{seed: seed, nodes: nodes}}
	k.w.service = k.chance(30)
	k.serials = one(k, "", "all", "maker's", "UUID", "all")
	k.macs = k.chance(70)
	if k.w.service {
		k.serials = ""
	}
	for k.next < nodes {
		k.w.groups = append(k.w.groups, k.newGroup())
		k.group++
	}
	for _, g := range k.w.groups {
		for _, m := range g.machines {
			k.show(m)
		}
	}
	k.Shuffle(len(k.w.rows), func(i, j int) { k.w.rows[i], k.w.rows[j] = k.w.rows[j], k.w.rows[i] })
	if k.chance(30) {
		k.growsOlder()
	}
	k.documents(min(max(4*nodes, 40), mostRecords))
	return k.w
}

var roles = []string{"web", "db", "app", "batch", "mail", "cache", "build", "auth", "files", "queue"}

var domains = []string{"corp.example", "prod.example", "test.example", "dev.example", "dmz.example.net", "emea.corp.example"}

// machine draws an ordinary one.
func (k *maker) machine(n int) *machine {
	m := &machine{
		label: fmt.Sprintf("%s%02d-%x", one(k, roles...), n+1, 0x1000+k.group), domain: one(k, domains...), state: live,
		ips: []string{k.address(n)}, macs: []string{k.mac(n)}, serials: k.numbers(n),
	}
	if k.chance(20) {
		m.ips = append(m.ips, k.address(50+n))
		m.macs = append(m.macs, k.mac(50+n))
	}
	if k.chance(20) {
		m.past = []string{k.address(100 + n)}
	}
	if k.chance(8) {
		m.ips = append(m.ips, fmt.Sprintf("fd00:%x:0:1::%x", 0x100+k.group, 0x10+n))
	}
	switch n := k.IntN(100); {
	case n < 15:
		m.serials = m.serials[1:]
	case n < 25:
		m.serials = m.serials[:1]
	case n < 30:
		m.serials = nil
	}
	if k.chance(10) {
		m.alias = one(k, fmt.Sprintf("shop-%x-%d.apps.example.org", k.group, n), fmt.Sprintf("Shop Frontend %d/%d", k.group, n))
	}
	if k.chance(15) {
		m.bridges = k.some(bridges)
	}
	if k.chance(10) {
		m.virtual = k.some(virtualMACs)
	}
	return m
}

func (k *maker) some(of []string) []string {
	list := slices.Clone(of)
	k.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:1+k.IntN(2)]
}

func (k *maker) address(n int) string {
	return fmt.Sprintf("10.%d.%d.%d", 20+k.group>>8, k.group&255, 10+n)
}

func (k *maker) mac(n int) string {
	return fmt.Sprintf("%s:%02x:%02x:%02x", one(k, "3c:52:82", "52:54:00", "0a:1b:2c", "00:50:56"), 0x80|k.group>>8, k.group&255, n)
}

// numbers draws a maker's serial number and a UUID; VMware makes one of the other.
func (k *maker) numbers(n int) []string {
	switch k.IntN(3) {
	case 0:
		b := fmt.Sprintf("%02x%02x%02x", k.group>>8, k.group&255, n)
		return []string{
			fmt.Sprintf("VMware-56 4d %s %s %s 44 55 66-77 88 99 aa bb cc dd ee", b[:2], b[2:4], b[4:]),
			fmt.Sprintf("564d%s-%s44-5566-7788-99aabbccddee", b[:4], b[4:]),
		}
	case 1:
		return []string{fmt.Sprintf("PF%04XK%02d", 0x1000+k.group, n), k.uuid(n)}
	}
	return []string{fmt.Sprintf("CZ%04d%02dLX", k.group, n), k.uuid(n)}
}

func (k *maker) uuid(n int) string {
	return fmt.Sprintf("4c4c4544-0042-3510-8%03x-b4c0%04x3732", n, k.group)
}

// form is what a serial number can be compared with: one of another form says nothing of it.
func form(serial string) string {
	if strings.Count(canonical(serial), "-") == 4 {
		return "UUID"
	}
	return "maker's"
}

// canonical is a serial number; of VMware's the UUID that it spells.
func canonical(serial string) string {
	rest, ok := strings.CutPrefix(serial, "VMware-")
	if !ok {
		return serial
	}
	b := strings.NewReplacer(" ", "", "-", "").Replace(rest)
	return strings.Join([]string{b[:8], b[8:12], b[12:16], b[16:20], b[20:]}, "-")
}

// manage registers a machine.
func (k *maker) manage(m *machine, percent int) {
	if !k.chance(percent) {
		return
	}
	m.ids = append(m.ids, k.id(one(k, "i", "mi")))
}

func (k *maker) id(prefix string) string {
	k.next++
	return fmt.Sprintf("%s-%017x", prefix, 0xa00000+k.next)
}

// show makes the rows of a machine's nodes.
func (k *maker) show(m *machine) {
	name, address := k.shownName(m), k.shownAddress(m)
	for _, id := range m.ids {
		r := &row{InstanceId: id, ComputerName: name, IPAddress: address, PingStatus: "Online", InstanceStatus: "Active"}
		switch m.state {
		case lost:
			r.PingStatus, r.InstanceStatus = "ConnectionLost", "ConnectionLost"
		case stopped:
			r.PingStatus, r.InstanceStatus = "ConnectionLost", "Stopped"
		case terminated:
			r.PingStatus, r.InstanceStatus = "ConnectionLost", terminatedStatus
		}
		if m.image != "" && strings.HasPrefix(id, "mi-") && k.chance(50) {
			r.Name = m.full()
		}
		for _, serial := range m.serials {
			if k.serials == "all" || k.serials != "" && (k.serials == "UUID") == (strings.Count(serial, "-") == 4) {
				r.SerialNumber = append(r.SerialNumber, serial)
			}
		}
		if k.serials != "" && len(r.SerialNumber) == 0 && k.chance(50) {
			r.SerialNumber = []string{one(k, placeholders...)}
		}
		if k.macs {
			r.MacAddresses = slices.Concat(m.macs, m.virtual)
		}
		k.w.rows = append(k.w.rows, r)
	}
}

// shownAddress is the one that the agent reports, of all that the machine has; or several.
func (k *maker) shownAddress(m *machine) string {
	switch n := k.IntN(100); {
	case n < 10:
		return strings.Join(m.ips, ",")
	case n < 13:
		return one(k, m.ips...)
	case n < 33 && len(m.bridges) > 0:
		return m.bridges[0]
	}
	return m.ips[0]
}

func (k *maker) shownName(m *machine) string {
	switch n := k.IntN(100); {
	case m.image != "":
		return m.image
	case m.shows != "":
		return m.shows
	case n < 65:
		return m.full()
	case n < 80:
		return m.label
	case n < 90:
		return strings.ToUpper(m.full())
	case n < 96:
		return spelled(m.ips[0]) + "." + one(k, "ec2.internal", "eu-west-1.compute.internal")
	}
	return ""
}

// spelled is the name that a provider makes of an address.
func spelled(ip string) string { return "ip-" + strings.ReplaceAll(ip, ".", "-") }

// What all the world shares.
var (
	bridges = []string{
		"172.17.0.1", "172.18.0.1", "172.19.0.1", "192.168.122.1", "192.168.56.1", "10.88.0.1", "10.0.2.15", "10.0.3.1",
		"169.254.12.34", "127.0.0.1", "fe80::1",
	}
	virtualMACs = []string{
		"02:50:41:00:00:01", "00:50:56:c0:00:01", "00:50:56:c0:00:08", "00:05:9a:3c:7a:00", "0a:00:27:00:00:00", "02:00:4c:4f:4f:50",
		"00:00:5e:00:01:01", "02:42:ac:11:00:02",
	}
	placeholders = []string{
		"To be filled by O.E.M.", "System Serial Number", "Default string", "None", "0123456789", "Not Specified",
		"00000000-0000-0000-0000-000000000000", "03000200-0400-0500-0006-000700080009",
		"ffffffff-ffff-ffff-ffff-ffffffffffff", "00020003-0004-0005-0006-000700080009", "Not Applicable", "N/A", "INVALID", "xxxxxxxxxx",
	}
)
