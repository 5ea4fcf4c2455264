package csv

import (
	"bytes"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// isNull reports whether a cell without quotes is how databases write that there is no value.
func isNull(raw []byte) bool { return len(raw) == 2 && raw[0] == '\\' && raw[1] == 'N' }

// WithBackslash notes where the head of a file shows that it is in the form of databases: between tabs, with a cell without a value, and none that
// is quoted. In all other files a backslash is a character like others.
func WithBackslash(d scan.Dialect, head []byte) scan.Dialect {
	if d.Delimiter != '\t' || d.Wrapped || bytes.HasPrefix(head, []byte(`"`)) {
		return d
	}
	null := false
	for line := range bytes.Lines(head) {
		for cell := range bytes.SplitSeq(bytes.TrimRight(line, "\r\n"), []byte("\t")) {
			if bytes.HasPrefix(cell, []byte(`"`)) {
				return d
			}
			null = null || isNull(cell)
		}
	}
	d.Backslash = null
	return d
}

// unescaped resolves what is written with a backslash. It is valid until the next call.
func (s *splitter) unescaped(raw []byte) []byte {
	at := bytes.IndexByte(raw, '\\')
	if at < 0 {
		return raw
	}
	s.value = s.value[:0]
	for ; at >= 0 && at+1 < len(raw); at = bytes.IndexByte(raw, '\\') {
		s.value = append(s.value, raw[:at]...)
		s.value = append(s.value, escaped(raw[at+1]))
		raw = raw[at+2:]
	}
	s.value = append(s.value, raw...)
	return s.value
}

// escaped returns the character that is written as a backslash with a letter; any other one stands for itself.
func escaped(letter byte) byte {
	at := bytes.IndexByte([]byte("bfnrtv"), letter)
	if at < 0 {
		return letter
	}
	return "\b\f\n\r\t\v"[at]
}
