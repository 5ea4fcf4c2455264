package naming

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Tokens are the words of a name, in lower case and without accents: "primaryIPAddress" is primary, ip, address.
func Tokens(name string) []string {
	var out []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			out = append(out, plain(string(word)))
			word = nil
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			end()
			continue
		case unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			end()
		}
		word = append(word, r)
	}
	end()
	return out
}

// Joined are the words of a name run together.
func Joined(tokens []string) string { return strings.Join(tokens, "") }

// Loose keeps letters and digits, as names of fields are compared.
func Loose(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// plain is a word without case and accents.
func plain(word string) string {
	return withoutMarks(strings.ReplaceAll(strings.ToLower(word), "ß", "ss"))
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

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ø", "oe", "Ø", "Oe", "å", "a", "Å", "A", "ł", "l", "Ł", "L", "đ", "d", "æ", "ae", "Æ", "Ae")

// Plain is a text in lower case, without accents and umlauts.
func Plain(text string) string { return plain(umlauts.Replace(text)) }

// Pascal writes words as one, each with a capital letter. Abbreviations stay as they are.
func Pascal(text string) string {
	if text == strings.ToUpper(text) && strings.ContainsAny(text, " _-") && len(text) > 5 { // LAST_SCAN
		text = strings.ToLower(text)
	}
	words := strings.FieldsFunc(withoutMarks(umlauts.Replace(text)), func(r rune) bool {
		return r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	name := strings.TrimLeft(Joined(words), "0123456789")
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
