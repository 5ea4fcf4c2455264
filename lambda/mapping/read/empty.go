package read

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// emptyTexts are the strings that are no value. Each string of a document is asked for, and hardly any is one.
type emptyTexts struct {
	texts    []string
	prefixes []string  // of strings that are no value, whatever follows
	sizes    [256]bool // of texts, in bytes; longer ones are looked for in any case
	begins   [256]bool // by the first byte, in any case of its letter
}

// emptyText reports, without case, which strings are no value; nil where all are one. With * at its end a text stands for all that begin so.
func emptyText(texts []string) func(string) bool {
	if len(texts) == 0 {
		return nil
	}
	e := &emptyTexts{}
	for _, text := range texts {
		prefix, open := strings.CutSuffix(text, "*")
		if open = open && strings.Trim(prefix, "*") != ""; open {
			e.prefixes = append(e.prefixes, prefix)
		} else {
			e.texts = append(e.texts, text)
			e.sizes[min(len(text), len(e.sizes)-1)] = true
		}
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
	if text == "" || !e.begins[text[0]] {
		return false
	}
	return e.sizes[min(len(text), len(e.sizes)-1)] && slices.ContainsFunc(e.texts, func(empty string) bool { return len(empty) == len(text) && strings.EqualFold(empty, text) }) ||
		slices.ContainsFunc(e.prefixes, func(prefix string) bool {
			return len(prefix) <= len(text) && strings.EqualFold(prefix, text[:len(prefix)])
		})
}
