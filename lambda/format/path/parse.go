package path

import (
	"fmt"
	"strings"
)

// Error is where and how a path is wrong.
type Error struct {
	Offset int // in bytes, from 0
	Msg    string
}

func (e *Error) Error() string {
	return fmt.Sprintf("path: column %d: %s", e.Offset+1, e.Msg)
}

// maxPathBytes and maxPathDepth bound what is tried to be read as a path.
const (
	maxPathBytes = 4 << 10
	maxPathDepth = 32
)

// Parse reads a path. Its error is an *Error.
func Parse(s string) (Path, error) {
	if len(s) > maxPathBytes {
		return Path{}, &Error{maxPathBytes, "the path is too long"}
	}
	p := parser{text: s}
	path, err := p.path()
	if err != nil {
		return Path{}, err
	}
	if p.at < len(s) {
		return Path{}, p.wrong("an opening parenthesis is missing")
	}
	return path, nil
}

type parser struct {
	text  string
	at    int
	depth int
	inKey bool // a | ends what is read
}

func (p *parser) wrong(format string, args ...any) *Error {
	return &Error{Offset: p.at, Msg: fmt.Sprintf(format, args...)}
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
	p.depth++
	if p.depth > maxPathDepth {
		return Path{}, p.wrong("too many parentheses inside each other")
	}
	defer func() { p.depth-- }()
	var path Path
	if p.peek() == '$' {
		done, err := p.root(&path)
		for err == nil && p.looksInto(&path) {
			done, err = p.inside(&path)
		}
		if err != nil || done {
			path.text = p.text[start:p.at]
			return path, err
		}
	}
	if len(path.Steps) == 0 && path.Root == RootHere || p.take('.') {
		steps, err := p.steps()
		if err != nil {
			return Path{}, err
		}
		if last := len(steps) - 1; steps[last].Kind >= FieldName {
			path.End, steps = steps[last].Kind, steps[:last]
		}
		path.Steps = append(path.Steps, steps...)
	}
	path.text = p.text[start:p.at]
	path.plain = path.isPlain()
	path.only = path.plain && len(path.Steps) == 1
	return path, nil
}

// root reads what begins with $. Its result reports whether the path has no steps.
func (p *parser) root(path *Path) (done bool, err error) {
	start := p.at
	word := p.word()
	switch word {
	case "$name", "$index", "$text":
		p.at = start
		return false, nil // a step
	case RootDoc, RootHost, RootUp, RootRows:
		path.Root = word
		return p.rootRest(path)
	case RootFile:
		path.Root = RootFile
		return true, p.fileRest(path)
	}
	if len(word) == 1 {
		return false, p.wrong("a name is missing behind $")
	}
	return p.tableRest(path, start, word[1:])
}

func (p *parser) rootRest(path *Path) (done bool, err error) {
	if p.peek() == '(' {
		self := Step{Kind: Self}
		if err := p.tests(&self.Tests); err != nil {
			return false, err
		}
		for _, t := range self.Tests {
			if t.Index >= 0 {
				return false, p.wrong("%s takes a condition, not a number", path.Root)
			}
		}
		path.Steps = append(path.Steps, self)
	}
	if path.Root == RootUp && p.peek() != '.' {
		return false, p.wrong("$up needs a field: $up.name")
	}
	return p.peek() != '.', nil
}

func (p *parser) fileRest(path *Path) error {
	if !p.take('.') {
		return p.wrong("$file needs a fact: $file.name or $file.key.…")
	}
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune("()", rune(p.text[p.at])) && !p.endsKey() {
		p.at++
	}
	path.File = p.text[start:p.at]
	if name, ok := strings.CutPrefix(path.File, "key."); (!ok || name == "") && path.File != "name" && path.File != "key" {
		p.at = start
		return p.wrong("$file has name and key.…")
	}
	return nil
}

func (p *parser) tableRest(path *Path, start int, name string) (done bool, err error) {
	if !p.take('(') {
		p.at = start
		return false, p.wrong("$%s is no root of a path, and no table with its key either: write $%s(path)", name, name)
	}
	outer := p.inKey
	p.inKey = true
	defer func() { p.inKey = outer }()
	for more := true; more; more = p.take('|') {
		key, err := p.path()
		if err != nil {
			return false, err
		}
		path.Keys = append(path.Keys, key)
	}
	if !p.take(')') {
		return false, p.wrong("a closing parenthesis is missing")
	}
	path.Root, path.Table = RootTable, name
	path.text = p.text[start:p.at]
	return p.peek() != '.', nil
}

// endsKey reports whether another path to a table's key comes next.
func (p *parser) endsKey() bool { return p.inKey && p.peek() == '|' }

// looksInto reports whether another table comes behind a table's row: $components(index).$rules(id), or )?.$rules(id).
func (p *parser) looksInto(path *Path) bool {
	if path.Root != RootTable || p.peek() == '?' {
		return path.Root == RootTable
	}
	rest := parser{text: p.text[p.at:], at: 1}
	if !strings.HasPrefix(rest.text, ".$") {
		return false
	}
	word := rest.word()
	return word != "$name" && word != "$index" && word != "$text"
}

// inside reads the table whose rows stand in the row of the path.
func (p *parser) inside(path *Path) (done bool, err error) {
	outer := *path
	*path = Path{In: &outer, InAny: p.take('?')}
	if !p.take('.') || p.peek() != '$' {
		return false, p.wrong("behind the ? of a table another table is expected: $components(index)?.$rules(id)")
	}
	start := p.at
	if done, err = p.root(path); err == nil && path.Root != RootTable {
		p.at = start
		return false, p.wrong("in the row of a table only another table can be looked into: $components(index).$rules(id)")
	}
	return done, err
}

// word reads $ and the letters behind it.
func (p *parser) word() string {
	start := p.at
	p.at++
	if n := strings.IndexAny(p.text[p.at:], ".()*+?|"); n >= 0 {
		p.at += n
	} else {
		p.at = len(p.text)
	}
	return p.text[start:p.at]
}
