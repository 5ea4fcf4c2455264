package path

import (
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

func (p *parser) steps() ([]Step, error) {
	var steps []Step
	for {
		s, err := p.step()
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
		if !p.take('.') {
			return steps, nil
		}
		if s.Kind >= FieldName {
			return nil, p.wrong("nothing can follow $name, $index or $text")
		}
	}
}

func (p *parser) step() (Step, error) {
	switch p.peek() {
	case '$':
		return p.fact()
	case '(':
		return p.group()
	default:
		return p.field()
	}
}

func (p *parser) fact() (Step, error) {
	start := p.at
	kind, known := map[string]StepKind{"$name": FieldName, "$index": Index, "$text": Text}[p.word()]
	if !known {
		p.at = start
		return Step{}, p.wrong("only $name, $index and $text can stand here")
	}
	return Step{Kind: kind}, nil
}

func (p *parser) group() (Step, error) {
	p.depth++
	if p.depth > maxPathDepth {
		return Step{}, p.wrong("too many parentheses inside each other")
	}
	defer func() { p.depth-- }()
	start := p.at
	p.at++
	steps, err := p.steps()
	if err != nil {
		return Step{}, err
	}
	if !p.take(')') {
		return Step{}, p.wrong("a closing parenthesis is missing")
	}
	s := Step{Kind: Group, Group: steps}
	switch {
	case p.take('*'):
		s.Repeat = AnyTimes
	case p.take('+'):
		s.Repeat = OnceOrMore
	case p.take('?'):
		s.Repeat = AtMostOnce
	}
	if steps[len(steps)-1].Kind >= FieldName {
		p.at = start
		return Step{}, p.wrong("$name, $index and $text cannot stand in a group")
	}
	if s.Repeats() && MayBeEmpty(steps) {
		p.at = start
		return Step{}, p.wrong("a group that can be nothing at all cannot be repeated")
	}
	return s, nil
}

func (p *parser) field() (Step, error) {
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune(".()+", rune(p.text[p.at])) && !p.endsKey() {
		if strings.ContainsRune("[]{}\"'`#@,|=", rune(p.text[p.at])) {
			return Step{}, p.wrong("%q cannot stand in a name: names are compared by letters and digits: leave it out", p.text[p.at])
		}
		p.at++
	}
	name := strings.TrimSpace(p.text[start:p.at])
	if name == "" {
		return Step{}, p.wrong("a name is missing")
	}
	s := Step{Kind: Field, Name: tree.NewPattern(name)}
	if err := p.tests(&s.Tests); err != nil {
		return Step{}, err
	}
	if p.take('+') {
		s.Repeat = OnceOrMore
	}
	if c := p.peek(); p.at < len(p.text) && c != '.' && c != ')' && !p.endsKey() {
		return Step{}, p.wrong("a dot is missing")
	}
	return s, nil
}

// tests reads all parentheses behind a name.
func (p *parser) tests(into *[]Test) error {
	for p.peek() == '(' {
		t, err := p.test()
		if err != nil {
			return err
		}
		*into = append(*into, t)
	}
	return nil
}

func (p *parser) test() (Test, error) {
	open := p.at
	end := p.closing()
	if end < 0 {
		return Test{}, p.wrong("a closing parenthesis is missing")
	}
	inside := p.text[open+1 : end]
	if inside == "" {
		return Test{}, p.wrong("a number or a condition is missing")
	}
	if n, err := strconv.Atoi(inside); err == nil && n >= 0 && inside[0] != '+' {
		p.at = end + 1
		return Test{Index: n}, nil
	}
	t := Test{Index: -1}
	field, values, equals := CutCondition(inside)
	if equals {
		field, t.Negate = strings.CutSuffix(field, "!")
		if strings.TrimSpace(values) == "" {
			p.at = end
			return Test{}, p.wrong("a value is missing")
		}
		for v := range strings.SplitSeq(values, "|") {
			t.Values = append(t.Values, strings.TrimSpace(v))
		}
		t.exact = !strings.Contains(values, "*")
	}
	if err := p.condition(open+1, field, &t); err != nil {
		return Test{}, err
	}
	p.at = end + 1
	return t, nil
}

// condition reads the path of a condition, which begins at the offset.
func (p *parser) condition(offset int, field string, t *Test) error {
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
	if path.Root != RootHere {
		return p.wrong("a condition is about the value itself: it cannot use %s", path.Root)
	}
	t.Path = path
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

// closing finds the parenthesis that closes the one here, or returns -1.
func (p *parser) closing() int {
	depth := 0
	for i := p.at; i < len(p.text); i++ {
		switch p.text[i] {
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}
