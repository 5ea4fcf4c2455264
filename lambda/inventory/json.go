package inventory

import (
	"slices"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// AppendJSON appends rows as the content of an item: compact JSON of ContentBytes bytes. Attributes of the type's context are left out where
// the item has one, since they stand in it.
func (t *Type) AppendJSON(b []byte, rows []Entry, context bool) []byte {
	names := t.jsonNames()
	if context {
		names = slices.Clone(names)
		for _, i := range t.Context {
			names[i] = ""
		}
	}
	b = append(b, '[')
	for n, row := range rows {
		if n > 0 {
			b = append(b, ',')
		}
		b = appendEntry(b, names, row)
	}
	return append(b, ']')
}

// appendEntry appends an entry. Values without a name are left out.
func appendEntry(b []byte, names []string, e Entry) []byte {
	b = append(b, '{')
	first := len(b)
	for i, name := range names {
		if name == "" {
			continue
		}
		if len(b) > first {
			b = append(b, ',')
		}
		b = append(b, name...)
		b = AppendString(b, e[i])
	}
	return append(b, '}')
}

// jsonNames returns the attributes as they stand in an object of JSON, with the colon.
func (t *Type) jsonNames() []string {
	if t.Noted != nil {
		return t.Noted.Names
	}
	names := make([]string, len(t.Attributes))
	for i, name := range t.Attributes {
		names[i] = string(append(AppendString(make([]byte, 0, len(name)+len(`"":`)), name), ':'))
	}
	return names
}

// AppendString appends a string of JSON. Bytes that are no UTF-8 become U+FFFD.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	if isPlain(s) {
		return append(append(b, s...), '"')
	}
	from := 0 // of what is not yet appended
	for i := 0; i < len(s); {
		if i+8 <= len(s) && isPlainWord(s[i:i+8]) {
			i += 8
			continue
		}
		size, escape := escaped(s[i:])
		if escape != "" || size == 0 {
			b = append(b, s[from:i]...)
			if size == 0 {
				b, size = append(b, '\\', 'u', '0', '0', hexDigits[s[i]>>4], hexDigits[s[i]&0xf]), 1
			}
			b = append(b, escape...)
			from = i + size
		}
		i += size
	}
	return append(append(b, s[from:]...), '"')
}

// escaped returns how many bytes the first character of a string has, and what stands for it in JSON; "": it stands for itself. Of a control
// character that has no short escape it returns 0.
func escaped(s string) (size int, escape string) {
	switch c := s[0]; {
	case c == '"':
		return 1, `\"`
	case c == '\\':
		return 1, `\\`
	case c == '\n':
		return 1, `\n`
	case c == '\r':
		return 1, `\r`
	case c == '\t':
		return 1, `\t`
	case c < ' ':
		return 0, ""
	case c < utf8.RuneSelf:
		return 1, ""
	}
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && size == 1:
		return size, `\ufffd`
	case r == '\u2028':
		return size, `\u2028`
	case r == '\u2029':
		return size, `\u2029`
	}
	return size, ""
}
