package read

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"plain", "plain"},
		{"  around\t", "around"},
		{"two\nlines", "two lines"},
		{"two \r\n  lines", "two lines"},
		{"bell\x07s", "bells"},
		{"bad\xff\xfebytes", "badbytes"},
		{"ümläut", "ümläut"},
		{"c1\u0085\u009fend", "c1 end"},
		{"a real \ufffd stays", "a real \ufffd stays"},
		{"\u00a0", ""},
		{"\x00", ""},
	} {
		if got := clean(test.text); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

// TestCleanLooksAtEachByte puts characters that are removed, and others, at each place of a text.
func TestCleanLooksAtEachByte(t *testing.T) {
	text := strings.Repeat("a", 20)
	for at := 1; at < len(text); at++ {
		for other, want := range map[string]string{"\x07": "", "\n": " ", "\x7f": "", "\u0085": " ", "\u009f": "", "\xff": "", "\u00e9": "\u00e9", "\ufffd": "\ufffd", "~": "~"} {
			if got := clean(text[:at] + other + text[at:]); got != text[:at]+want+text[at:] {
				t.Errorf("%q at %d: %q", other, at, got)
			}
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		text string
		most int
		want string
	}{{"abc", 3, "abc"}, {"abc", 2, "ab"}, {"aüb", 2, "a"}, {"aüb", 3, "aü"}, {"a b", 2, "a"}, {"ü", 1, ""}} {
		if got := cut(test.text, test.most); got != test.want {
			t.Errorf("%q to %d: got %q, want %q", test.text, test.most, got, test.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\nb\xff\u0085", 3)
	f.Fuzz(func(t *testing.T, text string, most int) {
		got := clean(text)
		if most >= 0 {
			got = cut(got, most)
			if len(got) > most {
				t.Errorf("%d bytes of %d", len(got), most)
			}
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q is no UTF-8", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) {
				t.Errorf("%q has a control character", got)
			}
		}
	})
}
