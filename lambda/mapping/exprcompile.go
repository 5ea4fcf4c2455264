package mapping

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// exprEnv is all that an expression sees: what its paths gave, by slot.
type exprEnv struct {
	Texts   []string   `expr:"$texts"`   // of r.x and the like: the text, "" if none
	Lists   [][]string `expr:"$lists"`   // of texts("x")
	Present []bool     `expr:"$present"` // of has("x")
}

// exprCode is a compiled expression.
type exprCode struct {
	program *vm.Program
	texts   []string // paths by slot of exprEnv; "" is a slot that nothing reads
	lists   []string
	present []string
}

// exprError is an expression that does not parse or compile.
type exprError struct {
	offset     int // in bytes of the expression; -1: unknown
	message    string
	suggestion string
}

func (e *exprError) Error() string { return e.message }

// exprRoots are the names that paths in expressions begin with. r stands for the entry (or record), and is not written in
// paths.
var exprRoots = []string{"r", "$up", "$host", "$doc", "$file", "$name", "$index", "$text"}

// compileExpr compiles an expression; a condition must give true or false.
func compileExpr(text string, condition bool) (*exprCode, error) {
	if strings.TrimSpace(text) == "" {
		return nil, &exprError{offset: -1, message: "the expression is empty"}
	}
	code := &exprCode{}
	rewriter := exprRewriter{code: code, slots: make(map[ast.Node]int)}
	options := []expr.Option{
		expr.Env(exprEnv{}), expr.Patch(&rewriter), expr.DisableBuiltin("now"),
		expr.Function("int", exprInt, new(func(any) int)),
		expr.Function("float", exprFloat, new(func(any) float64)),
	}
	if condition {
		options = append(options, expr.AsBool())
	}
	program, err := expr.Compile(text, options...)
	if rewriter.err != nil {
		return nil, rewriter.err
	}
	if err != nil {
		return nil, asExprError(text, err)
	}
	code.program = program
	return code, nil
}

var unknownName = regexp.MustCompile(`unknown name (\S+)`)

// asExprError takes place and message out of an error of the compiler, which prints the source below them.
func asExprError(text string, err error) *exprError {
	failure := &exprError{offset: -1, message: strings.SplitN(err.Error(), "\n", 2)[0]}
	var at *file.Error
	if errors.As(err, &at) {
		failure.message = at.Message
		failure.offset = len(string([]rune(text)[:min(max(at.From, 0), len([]rune(text)))]))
	}
	if name := unknownName.FindStringSubmatch(failure.message); name != nil {
		failure.message = fmt.Sprintf("unknown name %s: fields of the entry are r.%s", name[1], name[1])
		failure.suggestion = problem.Nearest(name[1], append([]string{"texts", "has"}, exprRoots[1:]...))
	}
	return failure
}

// exprRewriter replaces the member chains of r, $up and the like, and calls of texts and has, by slots of exprEnv. It is
// called for children before their parents, so that a chain grows from its root.
type exprRewriter struct {
	code  *exprCode
	slots map[ast.Node]int // chains so far, with their slot of texts
	err   *exprError
}

// Visit implements ast.Visitor.
func (w *exprRewriter) Visit(node *ast.Node) {
	if w.err != nil {
		return
	}
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		w.identifier(node, n)
	case *ast.MemberNode:
		w.member(node, n)
	case *ast.ChainNode: // r?.x is r.x: a path that is not there is "" anyway
		if slot, ok := w.slots[n.Node]; ok {
			*node = n.Node
			w.slots[n.Node] = slot
		}
	case *ast.CallNode:
		w.call(node, n)
	}
}

func (w *exprRewriter) fail(n ast.Node, format string, args ...any) {
	w.err = &exprError{offset: n.Location().From, message: fmt.Sprintf(format, args...)}
}

// identifier begins a chain at one of the roots.
func (w *exprRewriter) identifier(node *ast.Node, n *ast.IdentifierNode) {
	for _, root := range exprRoots {
		if n.Value == root {
			w.put(node, n, root)
			return
		}
	}
	if strings.HasPrefix(n.Value, "$") {
		w.fail(n, "unknown name %s: paths in expressions begin with %s", n.Value, strings.Join(exprRoots, ", "))
	}
}

// put replaces a node by a new slot for a path.
func (w *exprRewriter) put(node *ast.Node, n ast.Node, path string) {
	slot := len(w.code.texts)
	w.code.texts = append(w.code.texts, path)
	w.replace(node, n, "$texts", slot)
	w.slots[*node] = slot
}

// replace puts an element of one of exprEnv's lists in a node's place.
func (w *exprRewriter) replace(node *ast.Node, n ast.Node, list string, slot int) {
	source := &ast.IdentifierNode{Value: list}
	index := &ast.IntegerNode{Value: slot}
	slotted := &ast.MemberNode{Node: source, Property: index}
	for _, made := range [...]ast.Node{source, index, slotted} {
		made.SetLocation(n.Location())
	}
	*node = slotted
}

// member adds a step to a chain.
func (w *exprRewriter) member(node *ast.Node, n *ast.MemberNode) {
	slot, ok := w.slots[n.Node]
	if !ok {
		return
	}
	var step string
	switch property := n.Property.(type) {
	case *ast.StringNode:
		if step = exprStep(property.Value); step == "" {
			w.fail(n, "a field's name has letters or digits")
			return
		}
		step = "." + step
	case *ast.IntegerNode:
		if w.code.texts[slot] == "r" || property.Value < 0 {
			w.fail(n, "r is one entry: r.name[0] is the first of several values")
			return
		}
		step = fmt.Sprintf("(%d)", property.Value)
	default:
		w.fail(n, "the fields that an expression reads stand in it: r.name, r[\"a name\"]")
		return
	}
	path := w.code.texts[slot] + step
	w.code.texts[slot] = ""
	w.put(node, n, path)
}

var exprPunctuation = strings.NewReplacer(".", "", "(", "", ")", "", "*", "", "+", "", "|", "", "=", "", "!", "", "$", "", "#", "", "@", "",
	"[", "", "]", "", "{", "", "}", "", "\"", "", "'", "", "`", "", ",", "", "?", "")

// exprStep makes a path's step of a field's name. What is punctuation in paths is left out: names are compared by letters
// and digits.
func exprStep(name string) string { return strings.TrimSpace(exprPunctuation.Replace(name)) }

// call takes the path out of texts("x") and has("x").
func (w *exprRewriter) call(node *ast.Node, n *ast.CallNode) {
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
		w.replace(node, n, "$lists", len(w.code.lists))
		w.code.lists = append(w.code.lists, path.Value)
		return
	}
	w.replace(node, n, "$present", len(w.code.present))
	w.code.present = append(w.code.present, path.Value)
}
