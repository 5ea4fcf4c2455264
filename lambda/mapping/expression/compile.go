// Package expression knows the language of expressions: it compiles them, finds the paths that they read, and runs them over the values
// that these paths lead to. It knows neither what a path means nor where expressions are written.
package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// environment is all that an expression sees: the values of its paths, by slot. The machine reads a map, but not a struct, without reflection.
type environment struct {
	Texts   []string   // $texts of r.x and the like: the string, "" if none
	Lists   [][]string // $lists of texts("x")
	Present []bool     // $present of has("x")
	names   map[string]any
	budget  *budget
}

// newEnvironment returns one for an expression of so many slots.
func newEnvironment(texts, lists, present int) environment {
	e := environment{budget: &budget{}, Texts: make([]string, texts), Lists: make([][]string, lists), Present: make([]bool, present)}
	e.names = map[string]any{"$texts": e.Texts, "$lists": e.Lists, "$present": e.Present, "$records": 0, budgetName: e.budget}
	return e
}

// Code is a compiled expression. Its paths are as they are written, by slot.
type Code struct {
	Texts   []string // of r.x and the like; "" is a slot that nothing reads
	Lists   []string // of texts("x")
	Present []string // of has("x")
	Records bool     // it reads the number of records

	program *vm.Program
}

// Error is an expression that does not parse or compile.
type Error struct {
	Offset  int // in bytes of the expression; -1: unknown
	Message string
	Unknown string   // a name that is not known, or ""
	Known   []string // names that may be meant by it
}

func (e *Error) Error() string { return e.Message }

// roots are the names that paths in expressions begin with. r stands for the entry (or record), and is not written in
// paths.
var roots = []string{"r", "$up", "$host", "$doc", "$file", "$name", "$index", "$text"}

// Compile compiles an expression; a condition must be true or false. Its error is an *Error.
func Compile(text string, condition bool) (*Code, error) {
	if strings.TrimSpace(text) == "" {
		return nil, &Error{Offset: -1, Message: "the expression is empty"}
	}
	code := &Code{}
	patch := rewriter{code: code, slots: make(map[ast.Node]int), variables: make(map[string]bool)}
	bound := bounder{counted: make(map[ast.Node]bool), variables: patch.variables}
	options := []expr.Option{
		expr.Env(newEnvironment(0, 0, 0).names), expr.Patch(&patch), expr.Patch(&bound), expr.DisableBuiltin("now"),
		expr.Function("int", toInt, new(func(any) int)),
		expr.Function("float", toFloat, new(func(any) float64)),
	}
	options = append(options, functions()...)
	if condition {
		options = append(options, expr.AsBool())
	}
	program, err := expr.Compile(text, options...)
	if patch.err != nil {
		return nil, patch.err
	}
	if err != nil {
		return nil, asExprError(text, err)
	}
	code.program = program
	return code, nil
}

var unknownName = regular.Expression(`unknown name (\S+)`)

// asExprError takes place and message out of an error of the compiler, which prints the source below them.
func asExprError(text string, err error) *Error {
	failure := &Error{Offset: -1, Message: strings.SplitN(err.Error(), "\n", 2)[0]}
	var at *file.Error
	if errors.As(err, &at) {
		failure.Message = at.Message
		failure.Offset = len(string([]rune(text)[:min(max(at.From, 0), len([]rune(text)))]))
	}
	if name := unknownName().FindStringSubmatch(failure.Message); name != nil {
		failure.Message = fmt.Sprintf("unknown name %s: fields of the entry are r.%s", name[1], name[1])
		failure.Unknown, failure.Known = name[1], append([]string{"texts", "has"}, roots[1:]...)
	}
	return failure
}

// rewriter replaces the member chains of r, $up and the like, and calls of texts and has, by slots of environment. It is
// called for children before their parents, so that a chain grows from its root.
type rewriter struct {
	code  *Code
	slots map[ast.Node]int // chains so far, with their slot of texts
	err   *Error

	variables map[string]bool // names of the expression's own
}

// Visit implements ast.Visitor.
func (w *rewriter) Visit(node *ast.Node) {
	if w.err != nil {
		return
	}
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		w.identifier(node, n)
	case *ast.MemberNode:
		w.member(node, n)
	case *ast.ChainNode: // r?.x is r.x: a path that is not there is "" anyway
		if _, ok := w.slots[n.Node]; ok {
			*node = n.Node
		}
	case *ast.CallNode:
		w.call(node, n)
	case *ast.VariableDeclaratorNode:
		w.variables[n.Name] = true
	}
}

func (w *rewriter) fail(n ast.Node, format string, args ...any) {
	w.err = &Error{Offset: n.Location().From, Message: fmt.Sprintf(format, args...)}
}

// identifier begins a chain at one of the roots.
func (w *rewriter) identifier(node *ast.Node, n *ast.IdentifierNode) {
	switch {
	case n.Value == "$records":
		w.code.Records = true
	case slices.Contains(roots, n.Value):
		w.put(node, n, n.Value)
	case strings.HasPrefix(n.Value, "$"):
		w.fail(n, "unknown name %s: paths in expressions begin with %s", n.Value, strings.Join(roots, ", "))
	}
}

// put replaces a node by a new slot for a path.
func (w *rewriter) put(node *ast.Node, n ast.Node, path string) {
	slot := len(w.code.Texts)
	w.code.Texts = append(w.code.Texts, path)
	w.replace(node, n, "$texts", slot)
	w.slots[*node] = slot
}

// replace puts an element of one of environment's lists in a node's place.
func (w *rewriter) replace(node *ast.Node, n ast.Node, list string, slot int) {
	source := &ast.IdentifierNode{Value: list}
	index := &ast.IntegerNode{Value: slot}
	slotted := &ast.MemberNode{Node: source, Property: index}
	for _, made := range [...]ast.Node{source, index, slotted} {
		made.SetLocation(n.Location())
	}
	*node = slotted
}

// member adds a step to a chain.
func (w *rewriter) member(node *ast.Node, n *ast.MemberNode) {
	slot, ok := w.slots[n.Node]
	if !ok {
		return
	}
	var step string
	switch property := n.Property.(type) {
	case *ast.StringNode:
		step = pathStep(property.Value)
		if step == "" {
			w.fail(n, "a field's name has letters or digits")
			return
		}
		step = "." + step
	case *ast.IntegerNode:
		if w.code.Texts[slot] == "r" || property.Value < 0 {
			w.fail(n, "r is one entry: r.name[0] is the first of several values")
			return
		}
		step = fmt.Sprintf("(%d)", property.Value)
	default:
		w.fail(n, "the fields that an expression reads stand in it: r.name, r[\"a name\"]")
		return
	}
	path := w.code.Texts[slot] + step
	w.code.Texts[slot] = ""
	w.put(node, n, path)
}

var punctuation = strings.NewReplacer(".", "", "(", "", ")", "", "*", "", "+", "", "|", "", "=", "", "!", "", "$", "", "#", "", "@", "",
	"[", "", "]", "", "{", "", "}", "", "\"", "", "'", "", "`", "", ",", "", "?", "")

// pathStep makes a path's step of a field's name. What is punctuation in paths is left out: names are compared by letters
// and digits.
func pathStep(name string) string { return strings.TrimSpace(punctuation.Replace(name)) }

// call takes the path out of texts("x") and has("x").
func (w *rewriter) call(node *ast.Node, n *ast.CallNode) {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok || callee.Value != "texts" && callee.Value != "has" {
		return
	}
	var path *ast.StringNode
	if len(n.Arguments) == 1 {
		path, _ = n.Arguments[0].(*ast.StringNode)
	}
	if path == nil {
		w.fail(n, "%s takes one path in quotes", callee.Value)
		return
	}
	if callee.Value == "texts" {
		w.replace(node, n, "$lists", len(w.code.Lists))
		w.code.Lists = append(w.code.Lists, path.Value)
		return
	}
	w.replace(node, n, "$present", len(w.code.Present))
	w.code.Present = append(w.code.Present, path.Value)
}
