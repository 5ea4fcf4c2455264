package format

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fieldName is a field's name with what comparing needs. Fields of one name share it.
type fieldName struct {
	text      string
	loose     string // letters and digits, lower case
	exactHash uint32
	looseHash uint32 // 0 where loose is empty
	class     int32  // of the automaton's alphabet
	number    int32  // in the reading's list of names, from 1; 0: not listed
}

// fieldPattern is a name in a path.
type fieldPattern struct {
	text      string
	loose     string
	exactHash uint32
	looseHash uint32
	pattern   bool // has a *
}

// newFieldPattern returns the pattern of a name in a path.
func newFieldPattern(text string) fieldPattern {
	l := loosen(text)
	return fieldPattern{text: text, loose: l, exactHash: hashName(text), looseHash: hashLoose(l), pattern: strings.Contains(text, "*")}
}

// String is the name as the path spells it.
func (p *fieldPattern) String() string { return p.text }

// Wild reports whether the pattern has a *.
func (p *fieldPattern) Wild() bool { return p.pattern }

// exact reports whether the name is spelled like the pattern.
func (p *fieldPattern) exact(n *fieldName) bool {
	return p.exactHash == n.exactHash && p.text == n.text
}

// looseFit reports whether the name has the pattern's letters and digits.
func (p *fieldPattern) looseFit(n *fieldName) bool {
	return p.looseHash == n.looseHash && p.looseHash != 0 && p.loose == n.loose
}

// fits reports whether the name is the pattern's, exactly or loosely.
func (p *fieldPattern) fits(n *fieldName) bool {
	if p.pattern {
		return glob(p.text, n.text)
	}
	return p.exact(n) || p.looseFit(n)
}

// newFieldName returns a field's name.
func newFieldName(text string) *fieldName {
	l := loosen(text)
	return &fieldName{text: text, loose: l, exactHash: hashName(text), looseHash: hashLoose(l)}
}

// String is the name as the document spells it.
func (n *fieldName) String() string { return n.text }

// Class is the same for names that the same patterns fit; -1 where there are too many of them.
func (n *fieldName) Class() int32 { return n.class }

// hash is of the name as it is spelled.
func (n *fieldName) hash() uint32 { return n.exactHash }

// loosen keeps letters and digits only, in lower case.
func loosen(name string) string {
	plain := true
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			plain = false
			break
		}
	}
	if plain {
		return name
	}
	b := make([]byte, 0, len(name))
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b = utf8.AppendRune(b, unicode.ToLower(r))
		}
	}
	return string(b)
}

// hashName is FNV-1a.
func hashName(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

func hashLoose(s string) uint32 {
	if s == "" {
		return 0
	}
	return max(hashName(s), 1)
}

// glob reports whether the text fits a pattern in which * stands for any text.
func glob(pattern, text string) bool {
	before, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	if !strings.HasPrefix(text, before) {
		return false
	}
	text = text[len(before):]
	for {
		middle, more, star := strings.Cut(rest, "*")
		if !star {
			return strings.HasSuffix(text, middle)
		}
		i := strings.Index(text, middle)
		if i < 0 {
			return false
		}
		text, rest = text[i+len(middle):], more
	}
}

// anyOf returns a function that reports the names that one of the texts fits; nil where there is no text.
func anyOf(texts []string) func([]byte) bool {
	if len(texts) == 0 {
		return nil
	}
	var patterns []fieldPattern
	for _, text := range texts {
		patterns = append(patterns, newFieldPattern(text))
	}
	known := map[string]bool{}
	return func(name []byte) bool {
		is, ok := known[string(name)]
		for i := 0; i < len(patterns) && !ok && !is; i++ {
			is = patterns[i].fits(newFieldName(string(name)))
		}
		if !ok && len(known) < maxNames && len(name) <= maxNameBytes {
			known[string(name)] = is
		}
		return is
	}
}
