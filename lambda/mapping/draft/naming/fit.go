package naming

import (
	"strings"
	"unicode"
)

// How well a name fits a phrase.
const (
	Unfit    = 0
	Inside   = 1 // the phrase stands somewhere in it: "host" in "Host owner"
	EndsWith = 2 // "Asset Hostname"
	Same     = 3
)

// Fit returns how well a name fits the best of some phrases.
func Fit(name, phrases []string) int {
	best := Unfit
	for _, phrase := range phrases {
		best = max(best, fitOne(name, Joined(Tokens(phrase))))
	}
	return best
}

// fitOne compares words run together, so that "hostname" is "host name".
func fitOne(name []string, phrase string) int {
	if phrase == "" {
		return Unfit
	}
	best := Unfit
	for from := range name {
		run := ""
		for to := from; to < len(name) && len(run) < len(phrase); to++ {
			run += name[to]
			switch {
			case run != phrase:
			case from == 0 && to == len(name)-1:
				return Same
			case to == len(name)-1:
				best = max(best, EndsWith)
			default:
				best = max(best, Inside)
			}
		}
	}
	return max(best, fitWithin(name, phrase))
}

// fitWithin looks for a phrase of a script that has no spaces inside the words of a name.
func fitWithin(name []string, phrase string) int {
	spaceless := func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
	}
	if !strings.ContainsFunc(phrase, spaceless) {
		return Unfit
	}
	for _, word := range name {
		switch {
		case strings.HasSuffix(word, phrase):
			return EndsWith
		case strings.Contains(word, phrase):
			return Inside
		}
	}
	return Unfit
}
