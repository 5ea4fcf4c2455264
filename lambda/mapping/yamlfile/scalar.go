package yamlfile

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// Scalar returns the text of a string, number or boolean. A mapping, a list or null is a problem.
func (v Value) Scalar(what string) (string, bool) {
	if !v.is(yaml.ScalarNode) || v.IsNull() {
		v.Problem("%s must be a string", what)
		return "", false
	}
	return v.resolved().Value, true
}

// Strings returns the strings of a list, or the one string that stands in place of it.
func (v Value) Strings(what string) []string {
	return Each(v, func(item Value) (string, bool) { return item.Scalar(what) })
}

// StringMap returns the strings of a mapping by their names.
func (v Value) StringMap(what string) map[string]string {
	texts := make(map[string]string)
	for _, f := range v.Fields() {
		if text, ok := f.At.Scalar(what); ok {
			texts[f.Name] = text
		}
	}
	return texts
}

// OneOf returns which of some words the value is; "" and a problem where it is none.
func (v Value) OneOf(what string, known ...string) string {
	text, ok := v.Scalar(what)
	if !ok {
		return ""
	}
	if slices.Contains(known, text) {
		return text
	}
	v.Suggest(problem.Nearest(text, known), "%s must be %s, not %q", what, strings.Join(known, " or "), text)
	return ""
}

// Bool returns true or false.
func (v Value) Bool(what string) bool { return v.OneOf(what, "true", "false") == "true" }

// Int returns a whole number between two bounds.
func (v Value) Int(what string, least, most int) int {
	text, ok := v.Scalar(what)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		v.Problem("%s must be a whole number from %d to %d", what, least, most)
		return 0
	}
	return n
}
