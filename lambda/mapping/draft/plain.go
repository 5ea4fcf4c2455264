package draft

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plain is a word without case and accents.
func plain(word string) string {
	return withoutMarks(strings.ReplaceAll(strings.ToLower(word), "ß", "ss"))
}

func joined(tokens []string) string { return strings.Join(tokens, "") }

// fitWithin looks for a phrase of a script that has no spaces inside the words of a name.
func fitWithin(name []string, phrase string) int {
	if !strings.ContainsFunc(phrase, spaceless) {
		return unfit
	}
	for _, word := range name {
		switch {
		case strings.HasSuffix(word, phrase):
			return endsWith
		case strings.Contains(word, phrase):
			return inside
		}
	}
	return unfit
}

func spaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// withoutMarks drops accents and keeps case.
func withoutMarks(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(text))
}
