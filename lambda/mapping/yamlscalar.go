package mapping

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// scalar gives the text of a scalar; what is none, or null, is a problem.
func (p place) scalar(what string) (string, bool) {
	n := p.resolved()
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		p.problem("%s is one text", what)
		return "", false
	}
	return n.Value, true
}

// texts gives the texts of a list, or of one text.
func (p place) texts(what string) []string {
	var texts []string
	for _, item := range p.items() {
		if text, ok := item.scalar(what); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// oneOf gives which of some words stands here.
func (p place) oneOf(what string, known ...string) string {
	text, ok := p.scalar(what)
	if !ok {
		return ""
	}
	for _, word := range known {
		if text == word {
			return word
		}
	}
	p.suggest(nearest(text, known), "%s is %s, not %q", what, strings.Join(known, " or "), text)
	return ""
}

// boolean gives true or false.
func (p place) boolean(what string) bool { return p.oneOf(what, "true", "false") == "true" }

// integer gives a whole number between two bounds.
func (p place) integer(what string, least, most int) int {
	text, ok := p.scalar(what)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		p.problem("%s is a whole number from %d to %d", what, least, most)
		return 0
	}
	return n
}
