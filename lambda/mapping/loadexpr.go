package mapping

import (
	"errors"
	"strings"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// expression is an expression of a mapping, compiled when it is first used.
type expression struct {
	text      string
	condition bool
	once      sync.Once
	code      *exprCode
	texts     []dataPath // by slot; the zero path is a slot that nothing reads
	lists     []dataPath
	present   []dataPath
	err       error
}

// compile makes the expression ready and finds what it reads.
func (e *expression) compile() error {
	e.once.Do(func() {
		if e.code, e.err = compileExpr(e.text, e.condition); e.err != nil {
			return
		}
		e.texts, e.lists, e.present = e.parse(e.code.texts), e.parse(e.code.lists), e.parse(e.code.present)
	})
	return e.err
}

// parse parses the paths of an expression. r stands for where its paths begin.
func (e *expression) parse(texts []string) []dataPath {
	paths := make([]dataPath, len(texts))
	for i, text := range texts {
		if text == "" {
			continue
		}
		path, err := exprPath(text)
		if err != nil && e.err == nil {
			e.err = &exprError{offset: -1, message: "path " + text + ": " + err.Error()}
		}
		paths[i] = path
	}
	return paths
}

// reads gives all paths of a compiled expression.
func (e *expression) reads() []dataPath {
	var paths []dataPath
	for _, slots := range [...][]dataPath{e.texts, e.lists, e.present} {
		for i := range slots {
			if slots[i].String() != "" {
				paths = append(paths, slots[i])
			}
		}
	}
	return paths
}

// expression reads an expression. Those of built-in mappings are compiled at first use; tests compile them all.
func (p *mappingParser) expression(at yamlfile.Value, condition bool) *expression {
	text, ok := at.Scalar("an expression")
	if !ok {
		return nil
	}
	if i := strings.IndexByte(text, '#'); !at.Quoted() && i >= 0 {
		at.ProblemAt(i, "", "an expression with # stands in quotes: after a space YAML takes # for a comment")
		return nil
	}
	e := &expression{text: text, condition: condition}
	if at.Builtin() && p.root.Builtin() {
		return e
	}
	if err := e.compile(); err != nil {
		p.expressionProblem(at, !at.Quoted() && at.Commented(), err)
		return nil
	}
	for _, path := range e.reads() {
		p.parsePath(at, path.String(), 0)
	}
	return e
}

func (p *mappingParser) expressionProblem(at yamlfile.Value, comment bool, err error) {
	var wrong *exprError
	if !errors.As(err, &wrong) {
		at.Problem("%v", err)
		return
	}
	message := "expression: " + wrong.message
	if comment {
		message = "the expression ends at the #, which YAML takes for a comment: put it in quotes (" + wrong.message + ")"
	}
	at.ProblemAt(wrong.offset, wrong.suggestion, "%s", message)
}
