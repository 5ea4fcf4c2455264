// Package regular knows when a regular expression is compiled: when it is used first. To compile those of all packages took a tenth of each start.
package regular

import (
	"regexp"
	"sync"
)

// Expression returns a function that returns the compiled expression, which must be a right one.
func Expression(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
