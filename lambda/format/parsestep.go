package format

import (
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

func (p *parser) steps() ([]step, error) {
	var steps []step
	for {
		s, err := p.step()
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
		if !p.take('.') {
			return steps, nil
		}
		if s.kind >= stepName {
			return nil, p.wrong("nothing can follow $name, $index or $text")
		}
	}
}

func (p *parser) step() (step, error) {
	switch p.peek() {
	case '$':
		return p.fact()
	case '(':
		return p.group()
	default:
		return p.field()
	}
}

func (p *parser) fact() (step, error) {
	start := p.at
	switch p.word() {
	case "$name":
		return step{kind: stepName}, nil
	case "$index":
		return step{kind: stepIndex}, nil
	case "$text":
		return step{kind: stepText}, nil
	}
	p.at = start
	return step{}, p.wrong("only $name, $index and $text can stand here")
}

func (p *parser) group() (step, error) {
	if p.depth++; p.depth > maxPathDepth {
		return step{}, p.wrong("too many parentheses inside each other")
	}
	defer func() { p.depth-- }()
	start := p.at
	p.at++
	steps, err := p.steps()
	if err != nil {
		return step{}, err
	}
	if !p.take(')') {
		return step{}, p.wrong("a closing parenthesis is missing")
	}
	s := step{kind: stepGroup, group: steps}
	switch {
	case p.take('*'):
		s.repeat = anyTimes
	case p.take('+'):
		s.repeat = onceMore
	case p.take('?'):
		s.repeat = atMostOne
	}
	if steps[len(steps)-1].kind >= stepName {
		p.at = start
		return step{}, p.wrong("$name, $index and $text cannot stand in a group")
	}
	if s.repeats() && mayBeEmpty(steps) {
		p.at = start
		return step{}, p.wrong("a group that can be nothing at all cannot be repeated")
	}
	return s, nil
}

func mayBeEmpty(steps []step) bool {
	for i := range steps {
		s := &steps[i]
		if s.kind != stepGroup || s.repeat != anyTimes && s.repeat != atMostOne && !mayBeEmpty(s.group) {
			return false
		}
	}
	return true
}

func (p *parser) field() (step, error) {
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune(".()+", rune(p.text[p.at])) {
		if strings.ContainsRune("[]{}\"'`#@,|=", rune(p.text[p.at])) {
			return step{}, p.wrong("%q cannot stand in a name: names are compared by letters and digits, leave it out", p.text[p.at])
		}
		p.at++
	}
	name := strings.TrimSpace(p.text[start:p.at])
	if name == "" {
		return step{}, p.wrong("a name is missing")
	}
	s := step{kind: stepField, name: tree.NewPattern(name)}
	if err := p.tests(&s.tests); err != nil {
		return step{}, err
	}
	if p.take('+') {
		s.repeat = onceMore
	}
	if c := p.peek(); p.at < len(p.text) && c != '.' && c != ')' {
		return step{}, p.wrong("a dot is missing")
	}
	return s, nil
}

// tests reads all parentheses behind a name.
func (p *parser) tests(into *[]test) error {
	for p.peek() == '(' {
		t, err := p.test()
		if err != nil {
			return err
		}
		*into = append(*into, t)
	}
	return nil
}

func (p *parser) test() (test, error) {
	open := p.at
	end := p.closing()
	if end < 0 {
		return test{}, p.wrong("a closing parenthesis is missing")
	}
	inside := p.text[open+1 : end]
	if inside == "" {
		return test{}, p.wrong("a number or a condition is missing")
	}
	if n, err := strconv.Atoi(inside); err == nil && n >= 0 && inside[0] != '+' {
		p.at = end + 1
		return test{index: n}, nil
	}
	t := test{index: -1}
	field, values, equals := CutCondition(inside)
	if equals {
		if field, t.negate = strings.CutSuffix(field, "!"); strings.TrimSpace(values) == "" {
			p.at = end
			return test{}, p.wrong("a value is missing")
		}
		for v := range strings.SplitSeq(values, "|") {
			t.values = append(t.values, strings.TrimSpace(v))
		}
	}
	if err := p.condition(open+1, field, &t); err != nil {
		return test{}, err
	}
	p.at = end + 1
	return t, nil
}

// condition reads the path of a condition, which begins at the offset.
func (p *parser) condition(offset int, field string, t *test) error {
	sub := parser{text: p.text[:offset+len(field)], at: offset, depth: p.depth}
	path, err := sub.path()
	if err != nil {
		return err
	}
	p.at = offset
	if sub.at < len(sub.text) {
		p.at = sub.at
		return p.wrong("the condition's path ends too early")
	}
	if path.root != RootHere {
		return p.wrong("a condition is about the node itself: it cannot use %s", path.root)
	}
	t.path = path
	return nil
}

// CutCondition cuts a condition (path, or path=values) at the first = outside of parentheses.
func CutCondition(s string) (field, values string, found bool) {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '=':
			if depth == 0 {
				return s[:i], s[i+1:], true
			}
		}
	}
	return s, "", false
}

// closing finds the parenthesis that closes the one here, or gives -1.
func (p *parser) closing() int {
	depth := 0
	for i := p.at; i < len(p.text); i++ {
		switch p.text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
