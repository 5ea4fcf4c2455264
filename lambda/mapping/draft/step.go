package draft

import (
	"strings"
	"unicode"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
)

// step returns the field's name as it stands in a path: itself, or without what cannot stand there. Names are compared by letters
// and digits where they do not agree exactly. false where no path would lead here.
func (s *shape) step() (string, bool) {
	if s.any {
		return "*", true
	}
	if prefix := strings.TrimSuffix(s.name, "*"); s.glob && plainName(prefix) == strings.TrimRight(prefix, " ") {
		return s.name, true
	}
	step := plainName(s.name)
	if step == "" || s.hidden(step) {
		return "", false
	}
	p, err := path.Parse(step)
	return step, err == nil && p.Root == path.RootHere && !p.Fact()
}

// hidden reports whether a sibling would be found by the step as well, or instead.
func (s *shape) hidden(step string) bool {
	if s.parent == nil || step == s.name {
		return false
	}
	for _, other := range s.parent.children {
		if other != s && loose(other.name) == loose(step) {
			return true
		}
	}
	return false
}

// plainName keeps of a name what may stand in a path.
func plainName(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '_', r == '-':
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	step := strings.Join(strings.Fields(b.String()), " ")
	if loose(step) == "" {
		return ""
	}
	return strings.TrimLeft(step, "- ")
}

// loose keeps letters and digits, as names of fields are compared.
func loose(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
