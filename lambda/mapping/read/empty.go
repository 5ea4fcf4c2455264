package read

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// emptyTexts are the strings that are no value. Each string of a document is asked for, and hardly any is one.
type emptyTexts struct {
	texts  []string
	sizes  [256]bool // in bytes; longer ones are looked for in any case
	begins [256]bool // by the first byte, in any case of its letter
}

// emptyText reports, without case, which strings are no value; nil where all are one.
func emptyText(texts []string) func(string) bool {
	if len(texts) == 0 {
		return nil
	}
	e := &emptyTexts{texts: texts}
	for _, text := range texts {
		e.sizes[min(len(text), len(e.sizes)-1)] = true
		first, _ := utf8.DecodeRuneInString(text)
		e.begin(first)
		for r := unicode.SimpleFold(first); r != first; r = unicode.SimpleFold(r) {
			e.begin(r)
		}
	}
	return e.has
}

func (e *emptyTexts) begin(r rune) { e.begins[string(r)[0]] = true }

func (e *emptyTexts) has(text string) bool {
	if text == "" || !e.sizes[min(len(text), len(e.sizes)-1)] || !e.begins[text[0]] {
		return false
	}
	return slices.ContainsFunc(e.texts, func(empty string) bool { return len(empty) == len(text) && strings.EqualFold(empty, text) })
}
