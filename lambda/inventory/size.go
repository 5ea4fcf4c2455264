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

// likelyBytes is ContentBytes where no character of a value is escaped.
func (t *Type) likelyBytes(rows []Entry) int {
	base := t.entryBytes() + len(",") + len(`""`)*len(t.Attributes)
	size := len("[]")
	for _, row := range rows {
		size += base
		for _, v := range row {
			size += len(v)
		}
	}
	return size
}

// entryBytes is the size of an entry without its values.
func (t *Type) entryBytes() int {
	if t.Noted != nil {
		return t.Noted.EntryBytes
	}
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
	if isPlain(s) {
		return size
	}
	for i := 0; i < len(s); i++ {
		for i+8 <= len(s) && isPlainWord(s[i:i+8]) {
			i += 8
		}
		if i == len(s) {
			break
		}
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

// isPlain reports whether a string stands for itself in JSON. It may be false for some that do.
func isPlain(s string) bool {
	n := len(s)
	if n < 8 {
		return isPlainShort(s)
	}
	for i := 0; i+8 <= n; i += 8 {
		if !isPlainWord(s[i : i+8]) {
			return false
		}
	}
	return isPlainWord(s[n-8:]) // with some that were looked at
}

// isPlainShort is isPlain of less than eight bytes: those that it does not have are blanks.
func isPlainShort(s string) bool {
	const blanks = 0x2020202020202020
	switch n := len(s); {
	case n >= 4:
		low := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
		end := s[n-4:]
		return isPlainBytes(low | uint64(end[0])<<32 | uint64(end[1])<<40 | uint64(end[2])<<48 | uint64(end[3])<<56)
	case n > 0:
		return isPlainBytes(blanks&^0xffffff | uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16)
	}
	return true
}

// isPlainWord is isPlain of eight bytes.
func isPlainWord(s string) bool {
	return isPlainBytes(uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56)
}

func isPlainBytes(w uint64) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, backslash := w^ones*'"', w^ones*'\\'
	return (w|(w-ones*' ')|(quote-ones)|(backslash-ones))&tops == 0
}
