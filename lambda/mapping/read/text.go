package read

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a string safe to be put: valid UTF-8 without control characters, trimmed. Line breaks and tabs become one
// space, so that words stay apart.
func clean(text string) string {
	if !plain(text) {
		text, _ = rewrite(text)
	}
	return trim(text)
}

// clean is clean with a note where a character is left out.
func (e *evaluator) clean(text string) string {
	if !plain(text) {
		var left bool
		text, left = rewrite(text)
		if left {
			e.note("control characters were left out of a value")
		}
	}
	return trim(text)
}

// trim is strings.TrimSpace: few strings have anything to trim.
func trim(text string) string {
	if n := len(text); n > 0 && text[0] > ' ' && text[0] < utf8.RuneSelf && text[n-1] > ' ' && text[n-1] < utf8.RuneSelf {
		return text
	}
	return strings.TrimSpace(text)
}

// plain reports whether a string has nothing to remove.
func plain(text string) bool {
	for i := 0; ; {
		for len(text)-i >= 8 && marked(text[i:i+8]) == 0 {
			i += 8
		}
		if rest := len(text) - i; rest < 8 && len(text) >= 8 && marked(text[len(text)-8:]) == 0 { // some of which were looked at before
			return true
		}
		for i < len(text) && text[i] >= ' ' && text[i] < 0x7f {
			i++
		}
		if i == len(text) {
			return true
		}
		size := keptSize(text[i:])
		if size == 0 {
			return false
		}
		i += size
	}
}

// keptSize returns the size of the character that a string begins with; 0: it is a control character, or broken.
func keptSize(text string) int {
	switch c := text[0]; {
	case c > 0xC2 && c < 0xE0 && len(text) > 1 && text[1]&0xC0 == 0x80: // of two bytes, and behind the control characters
		return 2
	case c > 0xE0 && c < 0xED && len(text) > 2 && text[1]&0xC0 == 0x80 && text[2]&0xC0 == 0x80: // of three, all of which are good
		return 3
	}
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && size == 1 || unicode.IsControl(r) {
		return 0
	}
	return size
}

// marked is 0 where eight bytes are ASCII without control characters.
func marked(s string) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	return (w | (w - ones*' ') | ((w ^ ones*0x7f) - ones)) & tops
}

// rewrite returns a string without control characters, and whether any but white space was left out.
func rewrite(text string) (rewritten string, left bool) {
	var b strings.Builder
	b.Grow(len(text))
	gap, spaced := false, true
	for i, r := range text {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\v' || r == '\f' || r == 0x85:
			gap = true
			continue
		case unicode.IsControl(r):
			left = true
			continue
		case r == utf8.RuneError:
			if _, n := utf8.DecodeRuneInString(text[i:]); n == 1 {
				left = true
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
	return b.String(), left
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
