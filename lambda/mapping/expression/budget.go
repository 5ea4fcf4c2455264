package expression

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/vm/runtime"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// budget is what one run of an expression may still do, in steps and bytes.
type budget struct{ left int }

// errSpent ends a run that would do more.
var errSpent = errors.New("expression: the budget is spent")

func (b *budget) spend(n int) error {
	if n < 0 || n > b.left {
		return errSpent
	}
	b.left -= n
	return nil
}

// tooMuch is the error of such a run.
func tooMuch(most int) error {
	return fmt.Errorf("an expression failed: it takes more than %d steps, or makes more bytes%s", most, limit.Expression.Setting())
}

// pay spends n from the budget that is the last argument, and returns the others.
func pay(args []any, n func(args []any) int) ([]any, error) {
	last := len(args) - 1
	b, ok := args[last].(*budget)
	if !ok {
		return nil, errors.New("a function without its budget")
	}
	return args[:last], b.spend(n(args[:last]))
}

// step counts a value, and returns it.
func step(args ...any) (any, error) {
	args, err := pay(args, func(args []any) int { return 1 + size(args[0]) })
	if err != nil {
		return nil, err
	}
	return args[0], nil
}

// size is about how many bytes a value takes.
func size(value any) int {
	const each = 16 // of an item
	switch v := value.(type) {
	case string:
		return len(v)
	case []string:
		n := each * len(v)
		for _, text := range v {
			n += len(text)
		}
		return n
	case []any:
		n := each * len(v)
		for _, item := range v {
			if text, ok := item.(string); ok {
				n += len(text)
			}
		}
		return n
	case map[string]any:
		return each * len(v)
	}
	return 0
}

// textOf returns an argument that the compiler knows to be a string.
func textOf(argument any) string {
	text, _ := argument.(string)
	return text
}

// texts returns the strings of a list; an item that is none is an error, as it is where a list is joined.
func texts(list any) ([]string, error) {
	switch v := list.(type) {
	case []string:
		return v, nil
	case []any:
		all := make([]string, len(v))
		for i, item := range v {
			text, ok := item.(string)
			if !ok {
				return nil, errors.New("a list with something that is no string")
			}
			all[i] = text
		}
		return all, nil
	}
	return nil, errors.New("not a list")
}

// repeat, replace, split, join and uniq are the language's own functions, which look at what they would make before they make it.
func repeat(args ...any) (any, error) {
	args, err := pay(args, func(args []any) int { return times(len(textOf(args[0])), runtime.ToInt(args[1])) })
	if err != nil {
		return nil, err
	}
	return strings.Repeat(textOf(args[0]), runtime.ToInt(args[1])), nil
}

// parsed counts a text that becomes a list or a tree.
func parsed(args ...any) (any, error) {
	const each = 8
	args, err := pay(args, func(args []any) int { return times(each, len(textOf(args[0]))) })
	if err != nil {
		return nil, err
	}
	return args[0], nil
}

// times is a product; -1 where it cannot be counted.
func times(a, b int) int {
	const most = 1 << 31
	if b < 0 || a > most || b > most {
		return -1
	}
	return a * b
}

func replace(args ...any) (any, error) {
	args, err := pay(args, func(args []any) int {
		text, old, made := textOf(args[0]), textOf(args[1]), textOf(args[2])
		return len(text) + max(0, times(strings.Count(text, old), len(made)))
	})
	if err != nil {
		return nil, err
	}
	return strings.Replace(textOf(args[0]), textOf(args[1]), textOf(args[2]), runtime.ToInt(args[3])), nil
}

func split(args ...any) (any, error) {
	args, err := pay(args, func(args []any) int {
		return len(textOf(args[0])) + times(strings.Count(textOf(args[0]), textOf(args[1]))+1, 16)
	})
	if err != nil {
		return nil, err
	}
	return strings.SplitN(textOf(args[0]), textOf(args[1]), runtime.ToInt(args[2])), nil
}

func join(args ...any) (any, error) {
	glue := textOf(args[1])
	args, err := pay(args, func(args []any) int { return size(args[0]) + times(len(glue), size(args[0])/16) })
	if err != nil {
		return nil, err
	}
	all, err := texts(args[0])
	return strings.Join(all, glue), err
}

func uniq(args ...any) (any, error) {
	args, err := pay(args, func(args []any) int { return 1 + size(args[0]) })
	if err != nil {
		return nil, err
	}
	seen, once := map[any]bool{}, []any{}
	add := func(item any) {
		if !seen[item] {
			seen[item] = true
			once = append(once, item)
		}
	}
	switch list := args[0].(type) {
	case []string:
		for _, text := range list {
			add(text)
		}
	case []any:
		for _, item := range list {
			switch item.(type) {
			case string, bool, int, float64:
				add(item)
			default:
				return nil, errors.New("a list with something that is no string")
			}
		}
	default:
		return nil, errors.New("not a list")
	}
	return once, nil
}
