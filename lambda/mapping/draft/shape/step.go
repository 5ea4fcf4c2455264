package shape

import (
	"slices"
	"strings"
	"unicode"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// Step returns the field's name as it stands in a path: itself, or without what cannot stand there. Names are compared by letters
// and digits where they do not agree exactly. false where no path would lead here.
func (s *Shape) Step() (string, bool) {
	if s.Any {
		return "*", true
	}
	if prefix := strings.TrimSuffix(s.Name, "*"); s.glob && PlainName(prefix) == strings.TrimRight(prefix, " ") {
		return s.Name, true
	}
	step := PlainName(s.Name)
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
func (s *Shape) hidden(step string) bool {
	return s.Parent != nil && step != s.Name && slices.ContainsFunc(s.Parent.Children, func(other *Shape) bool {
		return other != s && naming.Loose(other.Name) == naming.Loose(step)
	})
}

// PlainName keeps of a name what may stand in a path.
func PlainName(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' && r != '-'
	})
	step := strings.Join(words, " ")
	if naming.Loose(step) == "" {
		return ""
	}
	return strings.TrimLeft(step, "- ")
}
