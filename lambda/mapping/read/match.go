package read

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// matches are what the match of one value found in strings before: a kind, a family, a supplier come again and again.
type matches struct {
	groups       map[string]string
	asked, found int
}

// Bounds of what is remembered of a match. In short strings matching costs less than remembering, and of a match whose strings hardly come
// again nothing is remembered any more.
const (
	minMatched = 16 // bytes of a string
	maxMatched = 128
	maxMatches = 256
	matchTrial = 128 // how often it is asked for before that is decided
)

// group returns the group of a value's match, "" where it does not match.
func (e *evaluator) group(v *mapping.Value, text string) string {
	if len(text) < minMatched || len(text) > maxMatched {
		return firstGroup(v, text)
	}
	m := e.matches[v]
	switch {
	case m == nil:
		if e.matches == nil {
			e.matches = make(map[*mapping.Value]*matches)
		}
		m = &matches{groups: make(map[string]string)}
		e.matches[v] = m
	case m.asked >= matchTrial && m.found < m.asked/2:
		return firstGroup(v, text)
	}
	m.asked++
	group, known := m.groups[text]
	if known {
		m.found++
		return group
	}
	if len(m.groups) >= maxMatches {
		clear(m.groups)
	}
	text = strings.Clone(text)
	group = firstGroup(v, text)
	m.groups[text] = group
	return group
}

// firstGroup matches.
func firstGroup(v *mapping.Value, text string) string {
	at := v.Match.FindStringSubmatchIndex(text)
	if len(at) < 4 || at[2] < 0 {
		return ""
	}
	return text[at[2]:at[3]]
}
