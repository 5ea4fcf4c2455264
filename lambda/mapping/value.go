package mapping

import (
	"regexp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// Value is where a value is taken from, and what is done with its strings. One of the sources is set.
type Value struct {
	Path     path.Path
	HasPath  bool
	First    []*Value // the first that has a value
	All      []*Value // every one, in order
	Constant []string
	Expr     *Expression

	Split   *regexp.Regexp
	Match   *regexp.Regexp // one group
	Map     *Map
	Dates   *date.Reader
	Join    string
	HasJoin bool

	At     problem.Place
	Number int // among the mapping's values, from 1; 0: it stands in none
}

// Plain reports whether the value is a path without verbs.
func (v *Value) Plain() bool {
	return v.HasPath && v.Split == nil && v.Match == nil && v.Map == nil && v.Dates == nil
}

// IsChoice reports whether the value is a list of alternatives without verbs.
func (v *Value) IsChoice() bool {
	return v.First != nil && v.Split == nil && v.Match == nil && v.Map == nil && v.Dates == nil
}

// Inner returns the values that the value chooses from, or has in order.
func (v *Value) Inner() []*Value {
	if v.First != nil {
		return v.First
	}
	return v.All
}

// Paths returns all paths of a value.
func (v *Value) Paths() []path.Path {
	if v == nil {
		return nil
	}
	var paths []path.Path
	if v.HasPath {
		paths = append(paths, v.Path)
	}
	for _, inner := range slices.Concat(v.First, v.All) {
		paths = append(paths, inner.Paths()...)
	}
	return append(paths, v.Expr.Paths()...)
}
