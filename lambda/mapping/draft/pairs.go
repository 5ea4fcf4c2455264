package draft

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// pairs are the objects of a list in which one field names what the other holds: {"name": "hostname", "value": "web-1"}. Each name is
// then a field of its own, found by a condition: properties(name=hostname).value.
type pairs struct {
	key, value *shape // value is the list itself where an XML element's own text is meant
	fields     map[string]*shape
	order      []*shape
}

var (
	pairKeys   = []string{"name", "key", "type", "addrtype", "property", "attribute", "field", "label"}
	pairValues = []string{"value", "val", "addr", "text", "content", "data"}
	pairNames  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\pL\pN_][\pL\pN_ .:/-]*$`) })
)

// maxPairs is how many names a list of pairs may have: more are data.
const maxPairs = 200

// maxPairName is how many characters such a name may have.
const maxPairName = 61

func isPairName(text string) bool {
	return utf8.RuneCountInString(text) <= maxPairName && pairNames().MatchString(text)
}

// findPairs finds the lists of pairs in a tree.
func (s *shape) findPairs(format syntax.Format) {
	for _, c := range s.children {
		if c.many && c.isObject() && len(c.children) <= 4 {
			c.pairs = c.asPairs(format)
		}
		c.findPairs(format)
	}
}

func (s *shape) asPairs(format syntax.Format) *pairs {
	p := &pairs{fields: map[string]*shape{}}
	for _, c := range s.children {
		if c.isObject() {
			return nil
		}
		switch name := naming.Joined(naming.Tokens(c.name)); {
		case p.key == nil && slices.Contains(pairKeys, name):
			p.key = c
		case p.value == nil && slices.Contains(pairValues, name):
			p.value = c
		}
	}
	if p.value == nil && len(s.children) == 2 && s.index["address"] != nil && s.index["type"] != nil {
		p.value = s.index["address"] // addresses by their kind
	}
	if p.value == nil && format == syntax.XML {
		p.value = s
	}
	if p.key == nil || p.value == nil {
		return nil
	}
	return p
}

// field returns the shape of what stands under a name; nil where no condition can express it.
func (p *pairs) field(list *shape, name string, grow bool) *shape {
	f := p.fields[name]
	if f == nil && grow && len(p.order) < maxPairs && isPairName(name) && strings.TrimSpace(name) == name {
		f = newShape(name, list)
		p.fields[name] = f
		p.order = append(p.order, f)
	}
	return f
}

// step is the condition by which a path finds the field.
func (p *pairs) step(name string) string {
	key, _ := p.key.step()
	step := "(" + key + "=" + name + ")"
	if value, ok := p.value.step(); ok && p.value.parent == p.key.parent {
		step += "." + value
	}
	return step
}

// openPair is what was read of the pair that is not closed yet.
type openPair struct{ key, value string }

// take notes a string of a pair.
func (o *openPair) take(p *pairs, at *shape, text string) {
	switch at {
	case p.key:
		o.key = strings.TrimSpace(text)
	case p.value:
		o.value = text
	}
}
