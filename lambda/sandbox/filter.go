package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const (
	maxFilters      = 5
	maxFilterValues = 40
)

// inventoryFilter is one condition on an attribute: its values are alternatives, several filters must all hold.
type inventoryFilter struct {
	Key    *string
	Values []string
	Type   *string // Equal where absent
}

func shapeFilters(v *violations, filters []inventoryFilter) {
	if filters == nil {
		return
	}
	v.size(len(filters), "filters", 1, maxFilters)
	for n, f := range filters {
		path := fmt.Sprintf("filters.%d.member", n+1)
		v.text(f.Key, path+".key", 1, 200, nil)
		if v.required(f.Values != nil, path+".values") {
			v.size(len(f.Values), path+".values", 1, maxFilterValues)
		}
		if f.Type != nil {
			v.enum(*f.Type, path+".type", "Equal", "NotEqual", "BeginWith", "LessThan", "GreaterThan", "Exists")
		}
	}
}

// holds reports whether an attribute's value satisfies the filter. An attribute that an entry lacks satisfies none.
func (f inventoryFilter) holds(value string, present bool) bool {
	if !present {
		return false
	}
	if text(f.Type) == "NotEqual" {
		return !slices.Contains(f.Values, value)
	}
	return slices.ContainsFunc(f.Values, func(wanted string) bool {
		switch text(f.Type) {
		case "BeginWith":
			return strings.HasPrefix(value, wanted)
		case "LessThan":
			return compareValues(value, wanted) < 0
		case "GreaterThan":
			return compareValues(value, wanted) > 0
		}
		return value == wanted
	})
}

// compareValues compares as numbers where both are numbers, else as strings.
func compareValues(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return strings.Compare(a, b)
	}
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// checkOperator refuses the operator that only aggregator groups have.
func (f inventoryFilter) checkOperator() error {
	if text(f.Type) == "Exists" {
		return filterError("Exists is for aggregator groups only.")
	}
	return nil
}

// splitKey splits a filter key Type.Attribute. Both may contain dots: the type is the one that is known.
func (s *Sandbox) splitKey(key string) (typeName, name string, err error) {
	for i, c := range key {
		if c == '.' && s.hasAttribute(key[:i], key[i+1:]) {
			return key[:i], key[i+1:], nil
		}
	}
	return "", "", filterError("A filter's key is not Type.Attribute of a known type.")
}

func filterError(message string) error { return &apiError{code: codeFilter, message: message} }
