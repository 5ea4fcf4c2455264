package yamlfile

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

const (
	quotedStyle = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle
	blockStyle  = yaml.LiteralStyle | yaml.FoldedStyle
)

// Place returns where the value stands.
func (v Value) Place() problem.Place {
	p := problem.Place{File: v.file.name, Pointer: v.pointer}
	if v.node == nil {
		return p
	}
	if from, ok := v.file.origin[v.node]; ok {
		p.File = from
	}
	p.Line, p.Column = v.node.Line, v.node.Column
	return p
}

// Problem notes that something is wrong with the value.
func (v Value) Problem(format string, args ...any) { v.Suggest("", format, args...) }

// Suggest notes that something is wrong with the value, and what is probably meant.
func (v Value) Suggest(suggestion, format string, args ...any) {
	v.ProblemAt(-1, suggestion, format, args...)
}

// Unknown notes that a field is none of those that are known, of which the nearest is probably meant.
func (f Field) Unknown(known []string, format string, args ...any) {
	f.Key.Suggest(problem.Nearest(f.Name, known), format, args...)
}

// ProblemAt notes that something is wrong at a byte of a string; -1: at its beginning.
func (v Value) ProblemAt(offset int, suggestion, format string, args ...any) {
	at := v.Place()
	if n := v.node; n != nil && offset >= 0 && n.Kind == yaml.ScalarNode && n.Style&blockStyle == 0 {
		at.Column += len([]rune(n.Value[:min(offset, len(n.Value))]))
		if n.Style&quotedStyle != 0 {
			at.Column++
		}
	}
	*v.file.problems = append(*v.file.problems, problem.Problem{Place: at, Message: fmt.Sprintf(format, args...), Suggestion: suggestion})
}

// HasProblem reports whether something at or below this value is wrong already.
func (v Value) HasProblem() bool {
	return slices.ContainsFunc(*v.file.problems, func(p problem.Problem) bool {
		return p.File == v.file.name && strings.HasPrefix(p.Pointer, v.pointer)
	})
}

// Quoted reports whether a string stands in quotes, or in a block of its own, so that YAML takes no # in it for a comment.
func (v Value) Quoted() bool {
	n := v.resolved()
	return n != nil && n.Style&(quotedStyle|blockStyle) != 0
}

// Commented reports whether a comment follows the value in its line.
func (v Value) Commented() bool {
	n := v.resolved()
	return n != nil && n.LineComment != ""
}
