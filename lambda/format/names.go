package format

// names knows the names of a document's fields, each once as long as there are not too many.
type names struct {
	byText   map[string]*fieldName
	list     []*fieldName // by number-1
	classes  map[string]int32
	patterns []*fieldPattern
	bits     []byte
}

// Bounds for what a document can make us remember.
const (
	maxNames     = 1 << 13
	maxNameBytes = 256
	maxClasses   = 1 << 11
)

func newNames(patterns []*fieldPattern) *names {
	return &names{byText: map[string]*fieldName{}, classes: map[string]int32{}, patterns: patterns, bits: make([]byte, (len(patterns)+7)/8)}
}

func (n *names) find(name []byte) *fieldName {
	if f, ok := n.byText[string(name)]; ok {
		return f
	}
	f := newFieldName(string(name))
	f.class = n.class(f)
	if len(n.list) < maxNames && len(name) <= maxNameBytes {
		n.byText[f.text] = f
		n.list = append(n.list, f)
		f.number = int32(len(n.list)) //nolint:gosec // bounded
	}
	return f
}

// class gives names that the same patterns fit the same number; -1 where there are too many of them.
func (n *names) class(f *fieldName) int32 {
	clear(n.bits)
	for i, p := range n.patterns {
		if p.fits(f) {
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
