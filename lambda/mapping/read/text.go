package read

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a string safe to be put: valid UTF-8 without control characters, trimmed. Line breaks and tabs become one
// space, so that words stay apart.
func clean(text string) string {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c >= 0x7f {
			if c < utf8.RuneSelf || !plain(text[i:]) {
				return strings.TrimSpace(rewrite(text))
			}
			break
		}
	}
	return strings.TrimSpace(text)
}

// plain reports whether a string with characters beyond ASCII has nothing to remove.
func plain(text string) bool {
	for i, r := range text {
		if unicode.IsControl(r) {
			return false
		}
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(text[i:]); n == 1 {
				return false
			}
		}
	}
	return true
}

func rewrite(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	gap, spaced := false, true
	for i, r := range text {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\v' || r == '\f' || r == 0x85:
			gap = true
			continue
		case unicode.IsControl(r):
			continue
		case r == utf8.RuneError:
			if _, n := utf8.DecodeRuneInString(text[i:]); n == 1 {
				continue
			}
		case gap && r == ' ':
			continue
		}
		if gap && !spaced {
			b.WriteByte(' ')
		}
		gap, spaced = false, r == ' '
		b.WriteRune(r)
	}
	return b.String()
}

// cut shortens a string to at most so many bytes, at the end of a character.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return strings.TrimRightFunc(text[:most], unicode.IsSpace)
}
