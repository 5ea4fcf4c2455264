package mapping

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Map maps whole strings to others, without case.
type Map struct {
	to       map[string]string // lower case, and the usual other spellings so that nothing need be folded
	other    string            // for all other strings
	hasOther bool
	order    []string  // what strings are mapped to, each once, in the order of the file
	begins   [256]bool // by its first byte: such a string may be mapped
}

// Empty reports whether nothing is mapped.
func (m *Map) Empty() bool { return len(m.to) == 0 && !m.hasOther }

// Add maps a string, or with "*" all others; of equal ones the first counts.
func (m *Map) Add(from, to string) {
	if from == "*" {
		m.other, m.hasOther = to, true
	} else {
		if m.to == nil {
			m.to = make(map[string]string)
		}
		lower := strings.ToLower(from)
		for _, spelling := range [...]string{lower, from, strings.ToUpper(from), title(lower)} {
			if _, known := m.to[spelling]; !known {
				m.to[spelling] = to
			}
			if spelling != "" {
				m.begins[spelling[0]] = true
			}
		}
	}
	if !slices.Contains(m.order, to) {
		m.order = append(m.order, to)
	}
}

// Words returns what strings are mapped to, each once, in the order of the file.
func (m *Map) Words() []string {
	return slices.DeleteFunc(slices.Clone(m.order), func(word string) bool { return word == "" })
}

// Other returns what all other strings are mapped to; false where they stay as they are.
func (m *Map) Other() (string, bool) { return m.other, m.hasOther }

func title(lower string) string {
	if lower == "" {
		return ""
	}
	return strings.ToUpper(lower[:1]) + lower[1:]
}

// Lookup returns what a string is mapped to; one that is not mapped stays as it is.
func (m *Map) Lookup(text string) string {
	if to, ok := m.find(text); ok {
		return to
	}
	if m.hasOther {
		return m.other
	}
	return text
}

// Has reports whether a string is mapped by itself, not as one of all others.
func (m *Map) Has(text string) bool {
	_, ok := m.find(text)
	return ok
}

// HasWords reports whether strings are mapped by themselves.
func (m *Map) HasWords() bool { return len(m.to) > 0 }

func (m *Map) find(text string) (to string, ok bool) {
	if text != "" && text[0] < utf8.RuneSelf && !m.begins[text[0]] { // most placeholders are looked for in vain
		return "", false
	}
	if to, ok = m.to[text]; ok {
		return to, true
	}
	if lower := strings.ToLower(text); lower != text {
		to, ok = m.to[lower]
	}
	return to, ok
}
