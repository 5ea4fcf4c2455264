package mapping

import (
	"slices"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/expression"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// Expression is an expression of a mapping, compiled when it is first used.
type Expression struct {
	Text      string
	Condition bool
	At        problem.Place
	Records   bool // it may ask for the number of records ($records), which is known at the document's end alone

	Texts, Lists, Present []path.Path // by slot of the code; the zero path is a slot that nothing reads

	once sync.Once
	code *expression.Code
	err  error
}

// Compile compiles the expression and parses its paths, once.
func (e *Expression) Compile() (*expression.Code, error) {
	e.once.Do(func() {
		e.code, e.err = expression.Compile(e.Text, e.Condition)
		if e.err != nil {
			return
		}
		if e.code.Records && !e.Records {
			e.err = &expression.Error{Offset: -1, Message: "$records is known at the end of the document alone: it stands in whole"}
			return
		}
		e.Texts, e.Lists, e.Present = e.parse(e.code.Texts), e.parse(e.code.Lists), e.parse(e.code.Present)
	})
	return e.code, e.err
}

// parse parses the paths of an expression. r stands for where its paths begin.
func (e *Expression) parse(texts []string) []path.Path {
	paths := make([]path.Path, len(texts))
	for i, text := range texts {
		if text == "" {
			continue
		}
		path, err := path.Parse(withoutRoot(text))
		if err != nil && e.err == nil {
			e.err = &expression.Error{Offset: -1, Message: "path " + text + ": " + err.Error()}
		}
		paths[i] = path
	}
	return paths
}

// withoutRoot cuts the leading r off a path; r alone is the entry's own text.
func withoutRoot(text string) string {
	switch {
	case text == "r":
		return "$text"
	case len(text) > 2 && text[:2] == "r.":
		return text[2:]
	default:
		return text
	}
}

// Paths returns all paths of a compiled expression.
func (e *Expression) Paths() []path.Path {
	if e == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Concat(e.Texts, e.Lists, e.Present), func(p path.Path) bool { return p.String() == "" })
}
