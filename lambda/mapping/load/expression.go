package load

import (
	"errors"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/expression"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// expression reads an expression. Those of built-in mappings are compiled at first use; tests compile them all.
func (p *mappingParser) expression(at yamlfile.Value, condition bool) *mapping.Expression {
	e := p.newExpression(at, condition)
	if e == nil || !p.checkExpression(at, e) {
		return nil
	}
	return e
}

// newExpression takes the expression that stands here, unchecked.
func (p *mappingParser) newExpression(at yamlfile.Value, condition bool) *mapping.Expression {
	text, ok := at.Scalar("an expression")
	if !ok {
		return nil
	}
	if i := strings.IndexByte(text, '#'); !at.Quoted() && i >= 0 {
		at.ProblemAt(i, "", "an expression with # must be in quotes: after a space YAML takes # for a comment")
		return nil
	}
	e := &mapping.Expression{Text: text, Condition: condition, At: at.Place()}
	p.Expressions = append(p.Expressions, e)
	return e
}

// checkExpression compiles an expression, unless it is one of a built-in mapping, and reports whether it is right.
func (p *mappingParser) checkExpression(at yamlfile.Value, e *mapping.Expression) bool {
	if at.Builtin() && p.root.Builtin() {
		return true
	}
	if _, err := e.Compile(); err != nil {
		p.expressionProblem(at, !at.Quoted() && at.Commented(), err)
		return false
	}
	for _, path := range e.Paths() {
		p.parsePath(at, path.String(), 0)
	}
	return true
}

func (p *mappingParser) expressionProblem(at yamlfile.Value, comment bool, err error) {
	var wrong *expression.Error
	if !errors.As(err, &wrong) {
		at.Problem("%v", err)
		return
	}
	message := "expression: " + wrong.Message
	if comment {
		message = "the expression ends at the #, which YAML takes for a comment: put it in quotes (" + wrong.Message + ")"
	}
	at.ProblemAt(wrong.Offset, problem.Nearest(wrong.Unknown, wrong.Known), "%s", message)
}
