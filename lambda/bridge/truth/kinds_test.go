package truth

import (
	"fmt"
	"strings"
)

// kinds are what is special about a group's machines.
var kinds = []struct {
	name   string
	weight int
	draw   func(*maker) []*machine
}{
	{"plain", 6, (*maker).plain},
	{"domains", 3, (*maker).domains},
	{"clones", 3, (*maker).clones},
	{"recycled", 4, (*maker).recycled},
	{"bridges", 3, (*maker).behind},
	{"reimaged", 3, (*maker).reimaged},
	{"renamed", 3, (*maker).renamed},
	{"twice", 1, (*maker).twice},
	{"dead", 2, (*maker).dead},
	{"images", 2, (*maker).images},
	{"adapters", 2, (*maker).adapters},
	{"overlap", 2, (*maker).overlap},
	{"long", 1, (*maker).long},
	{"mixed", 3, (*maker).mixed},
}

func (k *maker) newGroup() *group {
	sum := 0
	for _, kind := range kinds {
		sum += kind.weight
	}
	at := k.IntN(sum)
	for _, kind := range kinds {
		if at -= kind.weight; at < 0 {
			return &group{kind.name, kind.draw(k)}
		}
	}
	panic("unreachable")
}

// several draws ordinary machines, of which so many percent are managed.
func (k *maker) several(least, most, managed int) []*machine {
	var list []*machine
	for n := range least + k.IntN(most-least+1) {
		list = append(list, k.machine(n))
	}
	for _, m := range list {
		k.manage(m, managed)
	}
	return list
}

func (k *maker) plain() []*machine { return k.several(1, 12, 75) }

// domains have one bare name.
func (k *maker) domains() []*machine {
	list := k.several(2, 5, 60)
	first := k.IntN(len(domains))
	none := k.chance(20) // they are in no domain, and all show the bare name
	for i, m := range list {
		m.label, m.domain = list[0].label, domains[(first+i)%len(domains)]
		if none {
			m.domain = ""
		}
	}
	return list
}

// clones have one serial number: copies of a machine, or containers and their host.
func (k *maker) clones() []*machine {
	list := k.several(2, 5, 60)
	numbers := k.numbers(99)
	if k.chance(50) {
		numbers = numbers[1:] // of a template, which leaves the maker's number to the host
	}
	for _, m := range list {
		m.serials = numbers
	}
	return list
}

// recycled are machines whose address the next one has now.
func (k *maker) recycled() []*machine {
	list := k.several(2, 6, 70)
	for i, m := range list[:len(list)-1] {
		m.past = []string{list[i+1].ips[0]}
		if k.chance(40) { // it is gone, and is listed with the address that it had
			m.ips, m.past = m.past, nil
			m.state = one(k, stopped, terminated)
		}
	}
	return list
}

// behind are machines with bridges, behind a NAT whose address the first one has.
func (k *maker) behind() []*machine {
	list := k.several(2, 8, 70)
	nat := fmt.Sprintf("52.%d.%d.%d", 20+k.group>>8, k.group&255, 7)
	for i, m := range list {
		m.bridges = k.some(bridges)
		switch {
		case i == 0 && k.chance(50):
			m.ips = []string{nat}
		case i == 0:
			m.ips = append(m.ips, nat)
		case k.chance(60):
			m.nat = nat
		}
	}
	return list
}

// reimaged are installations of which each second one took the place of the one before it.
func (k *maker) reimaged() []*machine {
	list := k.several(2, 6, 90)
	for i := 1; i < len(list); i += 2 {
		before, now := list[i-1], list[i]
		now.label, now.domain = before.label, before.domain
		before.past, now.past = nil, nil
		before.next, before.shows = now, one(k, before.full(), before.full(), before.label)
		now.shows = before.shows
		before.state = one(k, lost, stopped, terminated)
		if k.chance(50) {
			now.serials, now.macs = before.serials, before.macs
		}
		if k.chance(40) {
			now.ips = before.ips
		}
	}
	return list
}

// renamed are machines that had another name before.
func (k *maker) renamed() []*machine {
	list := k.several(1, 6, 80)
	for i, m := range list {
		if k.chance(70) {
			m.former = join(fmt.Sprintf("srv-%x%02d", 0x1000+k.group, i), m.domain)
			if k.chance(25) {
				m.shows = m.former // its agent has not noticed yet
			}
		}
	}
	return list
}

// twice are machines that are registered as instances and as hybrid nodes.
func (k *maker) twice() []*machine {
	list := k.several(1, 4, 0)
	for _, m := range list {
		m.ids = []string{k.id("i"), k.id("mi")}
	}
	return list
}

// dead are machines of which some are gone.
func (k *maker) dead() []*machine {
	list := k.several(2, 8, 85)
	for _, m := range list {
		if k.chance(50) {
			m.state = one(k, lost, stopped, terminated)
		}
	}
	return list
}

// images are machines that kept the name of their image, or call themselves by an address.
func (k *maker) images() []*machine {
	list := k.several(1, 8, 85)
	for i, m := range list {
		switch k.IntN(5) {
		case 3:
			m.image = one(k, "localhost", "localhost.localdomain")
		case 0, 1:
			m.image = fmt.Sprintf(one(k, "EC2AMAZ-%05X%02d", "WIN-Q7K%06X%02d", "EC2AMAZ-%05X%02d"), 0x10000+k.group, i)
		case 2:
			m.image = spelled(m.ips[0]) + "." + one(k, "ec2.internal", "us-west-2.compute.internal")
		}
	}
	return list
}

// adapters are machines with MACs that many have.
func (k *maker) adapters() []*machine {
	list := k.several(2, 6, 70)
	for _, m := range list {
		m.virtual = k.some(virtualMACs)
		if m != list[0] && k.chance(50) {
			m.gateway = list[0].macs[0]
		}
	}
	return list
}

// overlap are machines of networks that use the same addresses.
func (k *maker) overlap() []*machine {
	list := k.several(2, 5, 60)
	for _, m := range list[1:] {
		if k.chance(60) {
			m.ips = []string{list[0].ips[0]}
		}
	}
	return list
}

// long are machines whose names are longer than NetBIOS can say, so that several have one short name.
func (k *maker) long() []*machine {
	list := k.several(2, 5, 70)
	for i, m := range list {
		m.short = fmt.Sprintf("wh%04x-scanners", 0x1000+k.group)
		m.label = fmt.Sprintf("%s%02d", m.short, i)
		if k.chance(40) {
			m.shows = strings.ToUpper(m.short)
		}
	}
	return list
}

// mixed are machines of which several things are true.
func (k *maker) mixed() []*machine {
	list := k.several(4, 12, 70)
	for i, m := range list {
		other := list[k.IntN(len(list))]
		switch k.IntN(8) {
		case 0:
			if other != m && other.domain != m.domain && !k.named(list, other.label, m.domain) {
				m.label = other.label
			}
		case 1:
			m.serials = other.serials
		case 2:
			if other != m && other.label != m.label {
				m.past = []string{other.ips[0]}
			}
		case 3:
			m.former = join(fmt.Sprintf("old-%x%02d", 0x1000+k.group, i), m.domain)
		case 4:
			m.state = one(k, lost, stopped, terminated)
		case 5:
			m.bridges, m.virtual = k.some(bridges), k.some(virtualMACs)
		}
	}
	return list
}

func (k *maker) named(list []*machine, label, domain string) bool {
	for _, m := range list {
		if m.label == label && m.domain == domain {
			return true
		}
	}
	return false
}
