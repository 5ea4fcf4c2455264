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

func newFieldPattern(text string) fieldPattern {
	l := loosen(text)
	return fieldPattern{text: text, loose: l, exactHash: hashName(text), looseHash: hashLoose(l), pattern: strings.Contains(text, "*")}
}

func (p *fieldPattern) exact(n *fieldName) bool {
	return p.exactHash == n.exactHash && p.text == n.text
}

func (p *fieldPattern) looseFit(n *fieldName) bool {
	return p.looseHash == n.looseHash && p.looseHash != 0 && p.loose == n.loose
}

// fits tells whether the name is the pattern's, exactly or loosely.
func (p *fieldPattern) fits(n *fieldName) bool {
	if p.pattern {
		return glob(p.text, n.text)
	}
	return p.exact(n) || p.looseFit(n)
}

func newFieldName(text string) *fieldName {
	l := loosen(text)
	return &fieldName{text: text, loose: l, exactHash: hashName(text), looseHash: hashLoose(l)}
}

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
