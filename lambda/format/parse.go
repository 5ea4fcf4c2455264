package format

import (
	"fmt"
	"strconv"
	"strings"
)

// PathError says where a path is wrong.
type PathError struct {
	Offset int // in bytes, from 0
	Msg    string
}

func (e *PathError) Error() string {
	return fmt.Sprintf("format: path, column %d: %s", e.Offset+1, e.Msg)
}

// maxPathBytes and maxPathDepth bound what is tried to be read as a path.
const (
	maxPathBytes = 4 << 10
	maxPathDepth = 32
)

// ParsePath reads a path. Its error is a *PathError.
func ParsePath(s string) (Path, error) {
	if len(s) > maxPathBytes {
		return Path{}, &PathError{maxPathBytes, "the path is too long"}
	}
	p := parser{text: s}
	path, err := p.path()
	if err != nil {
		return Path{}, err
	}
	if p.at < len(s) {
		return Path{}, p.wrong("an opening parenthesis is missing")
	}
	path.plain = path.isPlain()
	return path, nil
}

type parser struct {
	text  string
	at    int
	depth int
}

func (p *parser) wrong(format string, args ...any) *PathError {
	return &PathError{Offset: p.at, Msg: fmt.Sprintf(format, args...)}
}

func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) take(c byte) bool {
	if p.peek() == c && p.at < len(p.text) {
		p.at++
		return true
	}
	return false
}

// path reads up to the end of the text, or to a parenthesis that closes what the path stands in.
func (p *parser) path() (Path, error) {
	start := p.at
	if p.depth++; p.depth > maxPathDepth {
		return Path{}, p.wrong("too many parentheses inside each other")
	}
	defer func() { p.depth-- }()
	var path Path
	if p.peek() == '$' {
		done, err := p.root(&path)
		if err != nil || done {
			path.text = p.text[start:p.at]
			return path, err
		}
	}
	if len(path.steps) == 0 && path.root == RootHere || p.take('.') {
		steps, err := p.steps()
		if err != nil {
			return Path{}, err
		}
		if last := len(steps) - 1; steps[last].kind >= stepName {
			path.fact, steps = steps[last].kind, steps[:last]
		}
		path.steps = append(path.steps, steps...)
	}
	path.text = p.text[start:p.at]
	return path, nil
}

// root reads what begins with $. Its result says that the path has no steps.
func (p *parser) root(path *Path) (done bool, err error) {
	start := p.at
	word := p.word()
	switch word {
	case "$name", "$index", "$text":
		p.at = start
		return false, nil // a step
	case RootDoc, RootHost, RootUp, RootRows:
		path.root = word
		return p.rootRest(path)
	case RootFile:
		path.root = RootFile
		return true, p.fileRest(path)
	}
	if len(word) == 1 {
		return false, p.wrong("a name is missing behind $")
	}
	return p.tableRest(path, start, word[1:])
}

func (p *parser) rootRest(path *Path) (done bool, err error) {
	if p.peek() == '(' {
		self := step{kind: stepSelf}
		if err := p.tests(&self.tests); err != nil {
			return false, err
		}
		for _, t := range self.tests {
			if t.index >= 0 {
				return false, p.wrong("%s takes a condition, not a number", path.root)
			}
		}
		path.steps = append(path.steps, self)
	}
	if path.root == RootUp && p.peek() != '.' {
		return false, p.wrong("$up needs a field: $up.name")
	}
	return p.ended(), nil
}

// ended tells that the path is at its end.
func (p *parser) ended() bool { return p.peek() != '.' }

func (p *parser) fileRest(path *Path) error {
	if !p.take('.') {
		return p.wrong("$file needs a fact: $file.name or $file.key.…")
	}
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune("()", rune(p.text[p.at])) {
		p.at++
	}
	path.file = p.text[start:p.at]
	if name, ok := strings.CutPrefix(path.file, "key."); (!ok || name == "") && path.file != "name" && path.file != "key" {
		p.at = start
		return p.wrong("$file has name and key.…")
	}
	return nil
}

func (p *parser) tableRest(path *Path, start int, name string) (done bool, err error) {
	if !p.take('(') {
		p.at = start
		return false, p.wrong("$%s is neither a word of the language nor a table with its key: $%s(path)", name, name)
	}
	key, err := p.path()
	if err != nil {
		return false, err
	}
	if !p.take(')') {
		return false, p.wrong("a closing parenthesis is missing")
	}
	path.root, path.table, path.key = RootTable, name, &key
	return p.ended(), nil
}

// word reads $ and the letters behind it.
func (p *parser) word() string {
	start := p.at
	for p.at++; p.at < len(p.text) && !strings.ContainsRune(".()*+?", rune(p.text[p.at])); p.at++ {
	}
	return p.text[start:p.at]
}

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
	s := step{kind: stepField, name: newFieldPattern(name)}
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
	field, values, equals := cutCondition(inside)
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

// cutCondition cuts at the first = outside of parentheses.
func cutCondition(s string) (field, values string, found bool) {
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
