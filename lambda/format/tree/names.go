package tree

// Names holds the names of a document's fields, each once as long as there are not too many.
type Names struct {
	byText   map[string]*Name
	list     []*Name // by number-1
	classes  map[string]int32
	patterns []*Pattern
	bits     []byte
	last     *Name      // the name that was found last
	met      [16]uint64 // a bit for each name, by its letters and digits
	bitsMet  int        // how many of these are set
}

// Bounds of what is remembered of a document.
const (
	maxNames     = 1 << 13
	maxNameBytes = 256
	maxClasses   = 1 << 11
)

// NewNames returns an empty list of names, which are classed by the patterns that fit them.
func NewNames(patterns []*Pattern) *Names {
	return &Names{last: &Name{}, byText: map[string]*Name{}, classes: map[string]int32{}, patterns: patterns, bits: make([]byte, (len(patterns)+7)/8)}
}

// Find returns the name with the spelling. As a rule objects have their fields in the same order.
func (n *Names) Find(name []byte) *Name {
	if then := n.last.then; then != nil && then.text == string(name) {
		n.last = then
		return then
	}
	found := n.find(name)
	n.last.then, n.last = found, found
	return found
}

func (n *Names) find(name []byte) *Name {
	if f, ok := n.byText[string(name)]; ok {
		return f
	}
	f := NewName(string(name))
	f.class = n.class(f)
	if n.Lack(&Pattern{Name: *f}) {
		n.met[f.looseHash>>6%16] |= 1 << (f.looseHash % 64)
		n.bitsMet++
	}
	if len(n.list) < maxNames && len(name) <= maxNameBytes {
		n.byText[f.text] = f
		n.list = append(n.list, f)
		f.number = int32(len(n.list)) //nolint:gosec // bounded
	}
	return f
}

// Lack reports whether no name that was found so far fits a pattern. As a rule it is true where none does; it is never true where one does.
func (n *Names) Lack(p *Pattern) bool {
	return !p.wild && n.met[p.looseHash>>6%16]&(1<<(p.looseHash%64)) == 0
}

// Met is a number that grows where Lack may report something else than before.
func (n *Names) Met() int { return n.bitsMet }

// class is the same number for names that the same patterns fit; -1 where there are too many of them.
func (n *Names) class(f *Name) int32 {
	clear(n.bits)
	for i, p := range n.patterns {
		if p.Fits(f) {
			n.bits[i/8] |= 1 << (i % 8)
		}
	}
	if c, ok := n.classes[string(n.bits)]; ok {
		return c
	}
	if len(n.classes) >= maxClasses {
		return -1
	}
	c := int32(len(n.classes)) //nolint:gosec // bounded
	n.classes[string(n.bits)] = c
	return c
}
