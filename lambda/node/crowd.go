package node

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

// Crowd is the machines of one document, looked at together: a value that two of them have identifies neither, and two that are known
// to be different are not one node. All machines are added before the first decision is final. It keeps hashes of those values
// that lead to nodes, so it does not grow beyond the directory. It must not be used by several goroutines.
type Crowd struct {
	d      *Directory
	asker  *Asker
	seeds  map[string]maphash.Seed // by kind
	who    maphash.Seed
	seen   map[uint64]machine // which machine has a value; none: several have it
	stated map[uint64]machine // likewise, of machines whose account the document states: seen has these apart, by account
	claims map[int32]claim    // by node: who is it
	closed bool

	account string // of a subject that is looked at: what machines of other accounts have, too, may be its own alone
}

// Crowd begins to look at the machines of a document.
func (d *Directory) Crowd() *Crowd {
	return &Crowd{
		d: d, who: maphash.MakeSeed(), seen: map[uint64]machine{}, claims: map[int32]claim{},
		seeds: map[string]maphash.Seed{RuleSerial: maphash.MakeSeed(), RuleIP: maphash.MakeSeed(), RuleMAC: maphash.MakeSeed()},
	}
}

// Add adds a machine, as one record names it; key is the source's own number for it, "" where it has none.
func (c *Crowd) Add(s Subject, key string) {
	if c == nil {
		return
	}
	who := c.identity(&s, key)
	of := c.of(&s)
	for _, v := range s.Serial {
		of.add(RuleSerial, v, &c.d.serials, who)
	}
	for _, v := range s.IP {
		of.add(RuleIP, v, &c.d.ips, who)
	}
	for _, v := range s.MAC {
		of.add(RuleMAC, v, &c.d.macs, who)
	}
	if c.asker != nil && len(s.MAC) > 0 && len(s.NodeID) == 0 && !c.d.hasAny(&s) {
		c.asker.want(&s)
	}
}

// machine stands for a machine by what names it best. A bare name may be the first label of a full one.
type machine struct{ label, full uint32 }

func (m machine) other(n machine) bool {
	return m.label != n.label || m.full != n.full && m.full != 0 && n.full != 0
}

func (c *Crowd) add(kind, value string, x *index, who machine) {
	if who == (machine{}) || !x.has(value) && (kind != RuleMAC || c.asker == nil) {
		return
	}
	see(c.seen, c.sumIn(c.account, kind, value), who)
	if c.account != "" {
		see(c.stated, c.sumIn("", kind, value), who)
	}
}

func see(seen map[uint64]machine, sum uint64, who machine) {
	switch has, known := seen[sum]; {
	case !known, has != (machine{}) && !has.other(who) && has.full == 0:
		seen[sum] = who
	case has.other(who):
		seen[sum] = machine{}
	}
}

// sumIn is a hash of a value, in an account where one is given.
func (c *Crowd) sumIn(account, kind, value string) uint64 {
	value = oneForm(kind, value)
	if account != "" {
		value = account + "\x00" + value
	}
	return maphash.String(c.seeds[kind], value)
}

// of is the crowd as it is for a subject whose account the document states.
func (c *Crowd) of(s *Subject) *Crowd {
	if c == nil || !s.Stated || s.Account == "" {
		return c
	}
	if c.stated == nil {
		c.stated = map[uint64]machine{}
	}
	of := *c
	of.account = s.Account
	return &of
}

// oneForm returns a system UUID in one of its two byte orders, and all else as it is.
func oneForm(kind, value string) string {
	if kind == RuleSerial && identifier.IsUUID(value) {
		return min(value, identifier.SwappedUUID(value))
	}
	return value
}

// identity is the machine that a subject names; none where nothing does.
func (c *Crowd) identity(s *Subject, key string) machine {
	best := identifier.Name{}
	for _, name := range s.Own().Hostname {
		if h := c.d.shared.NameOf(name); h.Full != "" || best.Label == "" {
			best = h
		}
		if best.Full != "" {
			break
		}
	}
	switch {
	case best.Label != "":
		return machine{c.sum(best.Label), c.sum(best.Full)}
	case key != "":
		return machine{c.sum("#" + key), 0}
	case len(s.Serial) > 0:
		return machine{c.sum(s.Serial[0]), 0}
	}
	return machine{}
}

// sum is a hash of a text, 0 of an empty one.
func (c *Crowd) sum(text string) uint32 {
	if text == "" {
		return 0
	}
	return uint32(maphash.String(c.who, text)>>32) | 1
}

// Close ends the adding: all machines of the document are known.
func (c *Crowd) Close() {
	if c != nil {
		c.closed = true
	}
}

// several reports whether more than one machine of the document has a value.
func (c *Crowd) several(kind, value string) bool {
	if c == nil || len(c.seen) == 0 {
		return false
	}
	if _, counted := c.seeds[kind]; !counted { // what one machine is called, others may be called too
		return false
	}
	who, known := c.seen[c.sumIn(c.account, kind, value)]
	if known && who == (machine{}) {
		return true
	}
	if c.stated == nil {
		return false
	}
	// Of a machine whose account is not stated nobody knows which of the others it is.
	others, beside := c.stated, c.sumIn("", kind, value)
	if c.account != "" {
		others = c.seen
	}
	other, there := others[beside]
	return there && (other == (machine{}) || known && other.other(who))
}

// Tells reports whether an identifier is that of one machine of the document alone.
func (c *Crowd) Tells(kind, value string) bool { return !c.several(kind, value) }

// Agrees reports whether any identifier of a subject but its numbers agrees with a node.
func (c *Crowd) Agrees(s Subject, id string) bool {
	i, ok := c.d.place(id)
	if !ok {
		return false
	}
	a := c.d.agreements(&s, &Rules{Among: c}, i)
	return !a.none()
}

// hasAny reports whether any node has a name, address or serial of the subject.
func (d *Directory) hasAny(s *Subject) bool {
	has := func(x *index, values []string) bool {
		return slices.ContainsFunc(values, x.has)
	}
	named := func(name string) bool { return d.computer.label.has(d.shared.NameOf(name).Label) }
	return has(&d.serials, s.Serial) || has(&d.ips, s.IP) || slices.ContainsFunc(s.Hostname, named)
}

// claim is what is kept of the first machine that was found to be a node, to see whether a further one may be another.
type claim struct {
	serial, name, label, address, key uint32
	contested                         bool
}

// Claim notes that a machine was found to be a node. A node that two machines claim that may be different ones is contested.
func (c *Crowd) Claim(s Subject, key string, d Decision) {
	if c == nil {
		return
	}
	own := claim{key: c.sum(key)}
	if len(s.Serial) > 0 {
		own.serial = c.sum(s.Serial[0])
	}
	if len(s.IP) > 0 {
		own.address = c.sum(s.IP[0])
	}
	for _, name := range s.Own().Hostname {
		h := c.d.shared.NameOf(name)
		if own.label == 0 {
			own.label = c.sum(h.Label)
		}
		if own.name == 0 {
			own.name = c.sum(h.Full)
		}
	}
	i, known := c.d.place(d.Node)
	if !known {
		return
	}
	first, claimed := c.claims[i]
	if !claimed {
		c.claims[i] = own
		return
	}
	differ := func(a, b uint32) bool { return a != 0 && b != 0 && a != b }
	if differ(first.serial, own.serial) || differ(first.name, own.name) || differ(first.label, own.label) ||
		differ(first.key, own.key) || differ(first.address, own.address) {
		first.contested = true
	}
	first.serial, first.name = cmp.Or(first.serial, own.serial), cmp.Or(first.name, own.name) // the next one may differ in these
	first.label, first.key = cmp.Or(first.label, own.label), cmp.Or(first.key, own.key)
	first.address = cmp.Or(first.address, own.address)
	c.claims[i] = first
}

// Contested lists the nodes that several machines claim, sorted. It is asked once, when all have claimed.
func (c *Crowd) Contested() []string {
	if c == nil {
		return nil
	}
	var list []string
	for i, claim := range c.claims {
		if claim.contested {
			list = append(list, c.d.nodes.ID(i))
		}
	}
	slices.SortFunc(list, strings.Compare)
	c.claims = nil
	return list
}
