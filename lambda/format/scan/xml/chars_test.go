package xml

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// byBytes is plainRun, character by character.
func byBytes(b []byte, which uint8) int {
	n := 0
	for n < len(b) {
		size := 1
		if b[n] >= utf8.RuneSelf {
			size = charSize(b[n:])
		} else if class[b[n]]&which == 0 {
			size = 0
		}
		if size == 0 {
			return n
		}
		n += size
	}
	return n
}

// TestPlainRunLooksAtEachByte puts characters of all kinds, one or two of them, at each place of a text.
func TestPlainRunLooksAtEachByte(t *testing.T) {
	others := []string{"\x00", "\x1f", " ", "\t", "\r", "\n", "&", "<", "]", ">", "'", "\"", "\x7f", "é", "漢", "\U0001f600", "\xff", "\x80", "\xa0", "\xe6\xbc", "\ufffe", "=", ";", "\\", "^"}
	plain := strings.Repeat("a", 35)
	for _, which := range []uint8{plainText, plainValue, plainRaw} {
		for at := range plain {
			for _, first := range others {
				for _, second := range others {
					text := []byte(plain[:at] + first + second + plain[at:])
					if got, want := plainRun(text, which), byBytes(text, which); got != want {
						t.Fatalf("%q, %d: %d bytes, want %d", text, which, got, want)
					}
				}
			}
		}
	}
}

// TestIsPlainLooksAtEachByte puts a byte of each kind at each place of texts of all lengths, before other bytes that are none of theirs.
func TestIsPlainLooksAtEachByte(t *testing.T) {
	const most = 35
	for size := range most {
		for at := range size {
			for c := range 1 << 8 {
				memory := bytes.Repeat([]byte{'a'}, size)
				memory[at] = byte(c)
				memory = append(memory, "\x00&]\xff\n&]\x00"...)
				want := c >= ' ' && c < utf8.RuneSelf && c != '&' && c != ']'
				if got := isPlain(memory[:size]); got != want {
					t.Fatalf("%q: %v, want %v", memory[:size], got, want)
				}
				if isPlain(memory[:size:size]) && !want {
					t.Fatalf("%q, which nothing follows in memory, is taken for plain", memory[:size])
				}
			}
		}
	}
}

func TestNameRun(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 1, "a b": 1, "1a": 0, "-": 0, "_a-1.b:c=": 8, "é1 ": 3, "a漢>": 4, "\u0300a": 0, "a\u0300 ": 3, "a\xff": 1} {
		if got := nameRun([]byte(text)); got != want {
			t.Errorf("%q: %d bytes, want %d", text, got, want)
		}
	}
}
