package draft

import (
	"slices"
	"strings"
	"unicode"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
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
	if s.repeats {
		step += "+"
	}
	return step, err == nil && p.Root == path.RootHere && !p.Fact()
}

// hidden reports whether a sibling would be found by the step as well, or instead.
func (s *shape) hidden(step string) bool {
	return s.parent != nil && step != s.name && slices.ContainsFunc(s.parent.children, func(other *shape) bool {
		return other != s && naming.Loose(other.name) == naming.Loose(step)
	})
}

// plainName keeps of a name what may stand in a path.
func plainName(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' && r != '-'
	})
	step := strings.Join(words, " ")
	if naming.Loose(step) == "" {
		return ""
	}
	return strings.TrimLeft(step, "- ")
}
