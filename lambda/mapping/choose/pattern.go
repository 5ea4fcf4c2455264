package choose

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// keyPattern is a parsed pattern of keys.
type keyPattern struct {
	begin    string   // without wildcards
	open     bool     // any characters may follow begin, and no more is asked for
	captures []string // names of the groups of expression

	literals, across, inside int // bytes, wildcards across segments, wildcards inside one

	expression func() (*regexp.Regexp, error) // compiled for the first key that has begin; nil: the pattern fits no key
}

var captureNames = regular.Expression(`^[A-Za-z][A-Za-z0-9]*$`)

// newKeyPattern parses a pattern.
func newKeyPattern(key string) (keyPattern, error) {
	if !utf8.ValidString(key) {
		return keyPattern{}, errors.New("the key pattern is not UTF-8 text")
	}
	p := keyPattern{begin: key[:literalBytes(key)]}
	p.open = key[len(p.begin):] == "**"
	var b strings.Builder
	b.WriteString(`^(?s:`)
	for rest := key; rest != ""; {
		n, err := p.part(&b, rest)
		if err != nil {
			return keyPattern{}, err
		}
		rest = rest[n:]
	}
	b.WriteString(`)$`)
	expression := b.String()
	p.expression = sync.OnceValues(func() (*regexp.Regexp, error) { return regexp.Compile(expression) })
	return p, nil
}

// literalBytes is how many bytes come before the first wildcard.
func literalBytes(key string) int {
	if n := strings.IndexAny(key, "*{"); n >= 0 {
		return n
	}
	return len(key)
}

// part adds the first part of what is left of a pattern to its expression, and returns how many bytes it has.
func (p *keyPattern) part(b *strings.Builder, rest string) (int, error) {
	switch {
	case strings.HasPrefix(rest, "**/"):
		b.WriteString(`(?:.*/)?`)
		p.across++
		return len("**/"), nil
	case strings.HasPrefix(rest, "**"):
		b.WriteString(`.*`)
		p.across++
		return len("**"), nil
	case rest[0] == '*':
		b.WriteString(`[^/]*`)
		p.inside++
		return 1, nil
	case rest[0] == '{':
		b.WriteString(`([^/]+)`)
		p.inside++
		return p.capture(rest)
	}
	n := literalBytes(rest)
	b.WriteString(regexp.QuoteMeta(rest[:n]))
	p.literals += n
	return n, nil
}

// capture takes the name in braces that what is left of a pattern begins with, and returns how many bytes it has.
func (p *keyPattern) capture(rest string) (int, error) {
	name, _, closed := strings.Cut(rest[1:], "}")
	if !closed || !captureNames().MatchString(name) {
		return 0, errors.New("a capture in a key pattern is a name in braces: {nodeId}")
	}
	if slices.Contains(p.captures, name) {
		return 0, fmt.Errorf("the key pattern captures {%s} twice", name)
	}
	p.captures = append(p.captures, name)
	return len(name) + len("{}"), nil
}

// fits reports whether a key is of this pattern, and what is captured of it.
func (p *keyPattern) fits(key string) (map[string]string, bool) {
	if !strings.HasPrefix(key, p.begin) || p.expression == nil {
		return nil, false
	}
	captures := make(map[string]string, len(p.captures))
	if p.open {
		return captures, true
	}
	expression, err := p.expression()
	if err != nil {
		return nil, false
	}
	groups := expression.FindStringSubmatch(key)
	if groups == nil {
		return nil, false
	}
	for i, name := range p.captures {
		captures[name] = groups[i+1]
	}
	return captures, true
}
