// Package page writes a draft's files: lines of YAML with comments behind them. It knows nothing of what they say.
package page

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// Writer writes YAML with comments behind it.
type Writer struct{ strings.Builder }

// Line writes a line, and behind it what a reader should know.
func (w *Writer) Line(text, comment string) {
	if comment != "" {
		text = fmt.Sprintf("%-46s # %s", text, comment)
	}
	w.WriteString(text + "\n")
}

var plainYAML = regular.Expression(`^[\pL\pN_$*][\pL\pN_ .()*$/=-]*$`)

// Text writes a string as YAML, in quotes where it needs them.
func Text(text string) string {
	if plainYAML().MatchString(text) && text[0] != '*' && strings.TrimSpace(text) == text && !strings.EqualFold(text, "null") {
		return text
	}
	return strconv.Quote(text)
}

// List writes strings as a list in one line.
func List(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = Text(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// OneLine makes a name of the document's fit into a comment.
func OneLine(text string) string {
	printable := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	return fmt.Sprintf("%.80s", strings.Join(strings.Fields(printable), " "))
}

// Counted writes a number of things.
func Counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
