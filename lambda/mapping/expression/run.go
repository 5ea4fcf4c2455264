package expression

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/vm"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// Values are what the paths of an expression lead to, by slot of its Code.
type Values interface {
	Text(slot int) string                      // "" where there is none
	List(slot int, appendTo []string) []string // all of them
	Has(slot int) bool
	Records() int // how many records the document has
}

// Runner runs expressions, one after the other. The zero Runner is ready.
type Runner struct {
	Limit int // steps and bytes of one run; 0: the default

	machine      vm.VM
	environments map[*Code]*running // used again by each run
}

// AppendTexts runs an expression and appends the strings of its result: none where a number is wanted and there is none. Its error
// has no value of the data.
func (r *Runner) AppendTexts(c *Code, from Values, texts []string) ([]string, error) {
	result, err := r.run(c, from)
	if err != nil {
		return texts, err
	}
	start := len(texts)
	texts, err = appendResult(texts, result)
	if err != nil {
		return texts[:start], fmt.Errorf("an expression: %w", err)
	}
	return texts, nil
}

// Holds reports whether a condition is true; a condition without a value is not.
func (r *Runner) Holds(c *Code, from Values) (bool, error) {
	result, err := r.run(c, from)
	yes, isBool := result.(bool)
	return isBool && yes, err
}

// Refuses reports whether a condition is false; a condition without a value is not.
func (r *Runner) Refuses(c *Code, from Values) (bool, error) {
	result, err := r.run(c, from)
	yes, isBool := result.(bool)
	return isBool && !yes, err
}

// run returns the result of an expression, nil for no value.
func (r *Runner) run(c *Code, from Values) (any, error) {
	of := r.environment(c, from)
	if result, known := of.recall(c); known {
		return result, nil
	}
	if r.Limit == 0 {
		r.Limit = limit.Limits{}.OrDefaults().Expression
	}
	of.budget.left = r.Limit
	result, err := r.machine.Run(c.program, of.names)
	if err == nil {
		of.remember(result)
	}
	switch {
	case err == nil:
		return result, nil
	case errors.Is(err, errNoNumber):
		return nil, nil
	case errors.Is(err, errSpent), strings.Contains(err.Error(), "memory budget exceeded"):
		return nil, tooMuch(r.Limit)
	default:
		return nil, errors.New("an expression failed: " + failure(err))
	}
}

// environment fills the slots of an expression. What it reads was found when it was compiled.
func (r *Runner) environment(c *Code, from Values) *running {
	env := r.environments[c]
	if env == nil {
		if r.environments == nil {
			r.environments = make(map[*Code]*running)
		}
		env = &running{environment: newEnvironment(len(c.Texts), len(c.Lists), len(c.Present))}
		r.environments[c] = env
	}
	for i, path := range c.Texts {
		if path != "" {
			env.Texts[i] = from.Text(i)
		}
	}
	for i := range c.Lists {
		env.Lists[i] = from.List(i, env.Lists[i][:0])
	}
	for i := range c.Present {
		env.Present[i] = from.Has(i)
	}
	if c.Records {
		env.names["$records"] = from.Records()
	}
	return env
}

// failure is why an expression failed, without values of the data.
func failure(err error) string {
	for _, known := range [...]string{noNumber, tooLarge, "integer divide by zero", "index out of range"} {
		if strings.Contains(err.Error(), known) {
			return known
		}
	}
	return "it cannot be computed here"
}
