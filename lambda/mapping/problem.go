package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong in a mapping or types file.
type Problem struct {
	File       string // as it was given, or "builtin/…"
	Line       int    // from 1; 0: the whole file
	Column     int    // in characters, from 1
	Pointer    string // JSON pointer of the place in the file, "" for the whole
	Message    string // what is wrong
	Suggestion string // the nearest known word, or ""
}

// Error gives "file:line:col: /pointer: what is wrong (did you mean …)".
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

// Problems is everything that is wrong in a set of files, by file and line.
type Problems []Problem

// Error gives one line a problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].Error()
	}
	return strings.Join(lines, "\n")
}

// sorted orders problems by file and place and drops repeated ones.
func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(p)
}
