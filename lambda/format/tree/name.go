package tree

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name is a field's name with what comparing needs. Fields of one name share it.
type Name struct {
	text      string
	loose     string // letters and digits, lower case
	exactHash uint32
	looseHash uint32 // 0 where loose is empty
	class     int32  // of the automaton's alphabet
	number    int32  // in the reading's list of names, from 1; 0: not listed
	then      *Name  // the name that was found after it last
}

// Pattern is a name in a path.
type Pattern struct {
	Name
	wild bool // has a *
}

// NewPattern returns the pattern of a name in a path.
func NewPattern(text string) Pattern {
	return Pattern{Name: *NewName(text), wild: strings.Contains(text, "*")}
}

// Wild reports whether the pattern has a *.
func (p *Pattern) Wild() bool { return p.wild }

// IsNumber reports whether the pattern is a number: a position, where a list has no names.
func (p *Pattern) IsNumber() bool { return p.text != "" && strings.Trim(p.text, "0123456789") == "" }

// Exact reports whether the name is spelled like the pattern.
func (p *Pattern) Exact(n *Name) bool {
	return p.exactHash == n.exactHash && p.text == n.text
}

// Loose reports whether the name has the pattern's letters and digits.
func (p *Pattern) Loose(n *Name) bool {
	return p.looseHash == n.looseHash && p.looseHash != 0 && p.loose == n.loose
}

// Near reports whether the name may be spelled like the pattern, or have its letters and digits: most have not.
func (p *Pattern) Near(n *Name) bool { return p.looseHash == n.looseHash }

// Fits reports whether the name is the pattern's, exactly or loosely.
func (p *Pattern) Fits(n *Name) bool {
	if p.wild {
		return Glob(p.text, n.text)
	}
	return p.Exact(n) || p.Loose(n)
}

// NewName returns a field's name.
func NewName(text string) *Name {
	l := loosen(text)
	return &Name{text: text, loose: l, exactHash: hashName(text), looseHash: hashLoose(l)}
}

// String is the name as it is spelled.
func (n *Name) String() string { return n.text }

// Class is the same for names that the same patterns fit; -1 where there are too many of them.
func (n *Name) Class() int32 { return n.class }

// Hash is of the name as it is spelled.
func (n *Name) Hash() uint32 { return n.exactHash }

// loosen keeps letters and digits only, in lower case.
func loosen(name string) string {
	plain := 0
	for plain < len(name) && isPlain(name[plain]) {
		plain++
	}
	if plain == len(name) {
		return name
	}
	b := make([]byte, 0, len(name))
	b = append(b, name[:plain]...)
	for _, r := range name[plain:] {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b = utf8.AppendRune(b, unicode.ToLower(r))
		}
	}
	return string(b)
}

func isPlain(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

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

// GlobAny reports whether one of the patterns fits the text.
func GlobAny(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return Glob(p, text) })
}

// Glob reports whether the text fits a pattern in which * stands for any text.
func Glob(pattern, text string) bool {
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

// AnyOf returns a function that reports the names that one of the texts fits; nil where there is no text.
func AnyOf(texts []string) func([]byte) bool {
	if len(texts) == 0 {
		return nil
	}
	var patterns []Pattern
	for _, text := range texts {
		patterns = append(patterns, NewPattern(text))
	}
	known := map[string]bool{}
	return func(name []byte) bool {
		is, ok := known[string(name)]
		for i := 0; i < len(patterns) && !ok && !is; i++ {
			is = patterns[i].Fits(NewName(string(name)))
		}
		if !ok && len(known) < maxNames && len(name) <= maxNameBytes {
			known[string(name)] = is
		}
		return is
	}
}
