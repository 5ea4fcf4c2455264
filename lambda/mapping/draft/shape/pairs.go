package shape

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
	key, value *Shape // value is the list itself where an XML element's own text is meant
	fields     map[string]*Shape
	order      []*Shape
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

// IsPairs reports whether the shape is that of a list of pairs.
func (s *Shape) IsPairs() bool { return s.pairs != nil }

// NamedPairs counts the names that a list of pairs has; of any other shape they are none.
func (s *Shape) NamedPairs() int {
	if s.pairs == nil {
		return 0
	}
	return len(s.pairs.order)
}

// findPairs finds the lists of pairs in a tree.
func (s *Shape) findPairs(format syntax.Format) {
	for _, c := range s.Children {
		if c.Many && c.IsObject() && len(c.Children) <= 4 {
			c.pairs = c.asPairs(format)
		}
		c.findPairs(format)
	}
}

func (s *Shape) asPairs(format syntax.Format) *pairs {
	p := &pairs{fields: map[string]*Shape{}}
	for _, c := range s.Children {
		if c.IsObject() {
			return nil
		}
		switch name := naming.Joined(naming.Tokens(c.Name)); {
		case p.key == nil && slices.Contains(pairKeys, name):
			p.key = c
		case p.value == nil && slices.Contains(pairValues, name):
			p.value = c
		}
	}
	if p.value == nil && len(s.Children) == 2 && s.index["address"] != nil && s.index["type"] != nil {
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
func (p *pairs) field(list *Shape, name string, grow bool) *Shape {
	f := p.fields[name]
	if f == nil && grow && len(p.order) < maxPairs && isPairName(name) && strings.TrimSpace(name) == name {
		f = New(name, list)
		p.fields[name] = f
		p.order = append(p.order, f)
	}
	return f
}

// step is the condition by which a path finds the field.
func (p *pairs) step(name string) string {
	key, _ := p.key.Step()
	step := "(" + key + "=" + name + ")"
	if value, ok := p.value.Step(); ok && p.value.Parent == p.key.Parent {
		step += "." + value
	}
	return step
}

// openPair is what was read of the pair that is not closed yet.
type openPair struct{ key, value string }

// take notes a string of a pair.
func (o *openPair) take(p *pairs, at *Shape, text string) {
	switch at {
	case p.key:
		o.key = strings.TrimSpace(text)
	case p.value:
		o.value = text
	}
}
