package expression

import (
	"reflect"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// Names that stand in compiled expressions alone.
const (
	budgetName    = "$budget"
	textStep      = "$textStep" // counts a string
	listStep      = "$listStep" // a list of strings
	conditionStep = "$conditionStep"
	anyStep       = "$anyStep" // whatever else
)

// bounder makes an expression count what it does, where that can be more than its values are: each round of a loop with what the round makes, what
// a round reads besides its item, the values of variables, and functions that make much of little.
type bounder struct {
	counted   map[ast.Node]bool
	variables map[string]bool // names of the expression's own
}

// functions are those that count.
func functions() []expr.Option {
	return []expr.Option{
		expr.Function(textStep, step, new(func(string, *budget) string)),
		expr.Function(listStep, step, new(func([]string, *budget) []string)),
		expr.Function(conditionStep, step, new(func(bool, *budget) bool)),
		expr.Function(anyStep, step, new(func(any, *budget) any)),
		expr.Function("$parsed", parsed, new(func(string, *budget) string)),
		expr.Function("$repeat", repeat, new(func(string, int, *budget) string)),
		expr.Function("$replace", replace, new(func(string, string, string, int, *budget) string)),
		expr.Function("$split", split, new(func(string, string, int, *budget) []string)),
		expr.Function("$join", join, new(func(any, string, *budget) string)),
		expr.Function("$uniq", uniq, new(func(any, *budget) []any)),
	}
}

// Visit implements ast.Visitor. It is called for children before their parents.
func (b *bounder) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.BuiltinNode:
		b.builtin(node, n)
	case *ast.VariableDeclaratorNode:
		b.count(&n.Value)
	case *ast.PredicateNode:
		inner := &rounds{bounder: b}
		ast.Walk(&n.Node, inner)
		if inner.nested || n.Node.Type().Kind() != reflect.Bool {
			b.count(&n.Node)
		}
	}
}

// builtin puts a function that counts in the place of one that makes much of little.
func (b *bounder) builtin(node *ast.Node, n *ast.BuiltinNode) {
	all, arguments := ast.Node(&ast.IntegerNode{Value: -1}), n.Arguments
	switch n.Name {
	case "repeat", "uniq":
	case "replace":
		if len(arguments) == 3 {
			arguments = append(arguments, all)
		}
	case "split":
		if len(arguments) == 2 {
			arguments = append(arguments, all)
		}
	case "join":
		if len(arguments) == 1 {
			arguments = append(arguments, &ast.StringNode{})
		}
	case "splitAfter", "fromJSON":
		b.call(&n.Arguments[0], "$parsed", n.Arguments[0])
		return
	default:
		return
	}
	b.call(node, "$"+n.Name, arguments...)
}

// rounds counts what each round of a loop reads besides its item, and the rounds of loops inside it.
type rounds struct {
	*bounder
	nested bool
}

// Visit implements ast.Visitor.
func (r *rounds) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.PredicateNode:
		r.nested = true
		r.count(&n.Node)
	case *ast.MemberNode:
		if list, ok := n.Node.(*ast.IdentifierNode); ok && (list.Value == "$texts" || list.Value == "$lists") {
			r.count(node)
		}
	case *ast.IdentifierNode:
		if r.variables[n.Value] {
			r.count(node)
		}
	}
}

// count puts a call that counts around a value, once.
func (b *bounder) count(node *ast.Node) {
	n := *node
	if b.counted[n] {
		return
	}
	b.counted[n] = true
	b.call(node, stepOf(n.Type()), n)
	b.counted[*node] = true
}

// call puts a call of a function that counts in a value's place.
func (b *bounder) call(node *ast.Node, function string, arguments ...ast.Node) {
	call := &ast.CallNode{Callee: &ast.IdentifierNode{Value: function}, Arguments: append(arguments[:len(arguments):len(arguments)], &ast.IdentifierNode{Value: budgetName})}
	call.SetLocation((*node).Location())
	for _, made := range append([]ast.Node{call.Callee}, call.Arguments...) {
		if made.Location() == (file.Location{}) {
			made.SetLocation(call.Location())
		}
	}
	call.SetNature(*(*node).Nature())
	*node = call
}

// stepOf returns the function that counts a value of the type.
func stepOf(t reflect.Type) string {
	switch {
	case t.Kind() == reflect.String:
		return textStep
	case t.Kind() == reflect.Bool:
		return conditionStep
	case t == reflect.TypeFor[[]string]():
		return listStep
	}
	return anyStep
}
