// Package problem knows how it is reported what is wrong in a file: where, what, and which known word is nearest to an unknown one. It
// reads no files and knows no language.
package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Place is where something stands in a file.
type Place struct {
	File    string `json:"file"`    // as it was given, or "builtin/…"
	Line    int    `json:"line"`    // from 1; 0: the whole file
	Column  int    `json:"column"`  // in characters, from 1
	Pointer string `json:"pointer"` // JSON pointer of the place in the file, "" for the whole
}

// Problem is one thing that is wrong in a file.
type Problem struct {
	Place
	Message    string `json:"message"`              // what is wrong
	Suggestion string `json:"suggestion,omitempty"` // the nearest known word, or ""
}

// Error returns "file:line:col: /pointer: what is wrong (did you mean …)".
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, max(p.Column, 1))
	}
	b.WriteString(": ")
	if p.Pointer != "" {
		b.WriteString(p.Pointer + ": ")
	}
	b.WriteString(p.Message)
	if p.Suggestion != "" {
		fmt.Fprintf(&b, " (did you mean %s?)", p.Suggestion)
	}
	return b.String()
}

// List is everything that is wrong in a set of files.
type List []Problem

// Error returns one line a problem.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i := range l {
		lines[i] = l[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Sorted orders problems by file and place and drops repeated ones.
func (l List) Sorted() List {
	slices.SortStableFunc(l, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(l)
}
