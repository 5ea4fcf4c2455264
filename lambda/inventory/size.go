package inventory

import "unicode/utf8"

// ContentBytes is the size of an item's content as compact JSON, as the SDK sends it.
func (t *Type) ContentBytes(rows []Entry) int {
	base := t.entryBytes()
	size := len("[]") + max(len(rows)-1, 0)
	for _, row := range rows {
		size += base + valueBytes(row)
	}
	return size
}

// entryBytes is the size of an entry without its values.
func (t *Type) entryBytes() int {
	size := len("{}") + max(len(t.Attributes)-1, 0)
	for _, name := range t.Attributes {
		size += jsonBytes(name) + len(":")
	}
	return size
}

func valueBytes(e Entry) int {
	size := 0
	for _, v := range e {
		size += jsonBytes(v)
	}
	return size
}

// jsonBytes is the size of a string in JSON, with its quotes.
func jsonBytes(s string) int {
	size := len(s) + len(`""`)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\': // nearly all
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t':
			size++ // \n
		case c < ' ':
			size += len(`\u0000`) - 1
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 || r == '\u2028' || r == '\u2029' {
				size += len(`\u2028`) - n
			}
			i += n - 1
		}
	}
	return size
}
