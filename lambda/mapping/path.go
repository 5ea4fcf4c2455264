package mapping

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
)

// dataPath is a path into a document.
type dataPath = path.Path

// exprPath parses a path of an expression: r stands for where paths begin.
func exprPath(text string) (dataPath, error) {
	if rest, ok := cutRoot(text); ok {
		text = rest
	}
	return path.Parse(text)
}

// cutRoot takes the leading r of a path away; r alone is the entry's own text.
func cutRoot(text string) (string, bool) {
	switch {
	case text == "r":
		return "$text", true
	case len(text) > 2 && text[:2] == "r.":
		return text[2:], true
	default:
		return text, false
	}
}
