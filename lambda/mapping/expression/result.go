package expression

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
)

// errNoNumber makes a whole expression "no value": a number was wanted where there is none.
var errNoNumber = errors.New("expression: no number")

// Reasons for which an expression fails.
const (
	noNumber = "a string is no number"
	tooLarge = "the number is too large"
)

// toInt is int(x) of expressions.
func toInt(args ...any) (any, error) {
	if len(args) != 1 {
		return nil, errors.New("int takes one argument")
	}
	if text, ok := args[0].(string); ok {
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
			return n, nil
		}
	}
	f, err := number(args[0])
	if err == nil && (f >= math.MaxInt64 || f <= math.MinInt64) {
		return nil, errors.New(tooLarge)
	}
	return int(f), err
}

// toFloat is float(x) of expressions.
func toFloat(args ...any) (any, error) {
	if len(args) != 1 {
		return nil, errors.New("float takes one argument")
	}
	return number(args[0])
}

func number(arg any) (float64, error) {
	switch n := arg.(type) {
	case int:
		return float64(n), nil
	case float64:
		return n, nil
	case string:
		text := strings.TrimSpace(n)
		if text == "" {
			return 0, errNoNumber
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return 0, errors.New(noNumber)
		}
		return f, nil
	default:
		return 0, errors.New("only strings and numbers make a number")
	}
}

// appendResult appends the strings of an expression's result.
func appendResult(texts []string, result any) ([]string, error) {
	switch v := result.(type) {
	case nil:
	case string:
		texts = append(texts, v)
	case bool:
		texts = append(texts, strconv.FormatBool(v))
	case int:
		texts = append(texts, strconv.Itoa(v))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return texts, errors.New("a division by zero")
		}
		texts = append(texts, strconv.FormatFloat(v, 'f', -1, 64))
	case time.Time:
		texts = append(texts, date.Canonical(v))
	case []string:
		texts = append(texts, v...)
	case []any:
		for _, item := range v {
			var err error
			texts, err = appendResult(texts, item)
			if err != nil {
				return texts, err
			}
		}
	default:
		return texts, fmt.Errorf("its result is a %T, not a string", result)
	}
	return texts, nil
}
