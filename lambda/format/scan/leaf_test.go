package scan_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
)

// TestXMLLeaves compares an element of nothing but a text, which is read at once, with the same one behind a comment, which is not.
func TestXMLLeaves(t *testing.T) {
	texts := []string{
		"", " ", "\r\n", "t", " one  two ", "é ü 漢 🙂", "a&amp;b", "&lt;&gt;&quot;&apos;", "&#65;", "&#32;", " &#x20;t&#10; ", "t&#10;", "1\r\n2\r3\r", "]", "]]", "a]]b", "]&gt;",
		"a & b", "&", "&amp", "&nbsp;", "&#xFFFE;", "&#0;", "]]>", "a]]>b", "\x00", "t\x01", "\xff", "\xe6\xbc", "\uFFFE", "\xed\xa0\x80",
		strings.Repeat("x", 70_000), strings.Repeat("é", 40_000), strings.Repeat("x", 120), strings.Repeat("x", 120) + "&", "&lt" + strings.Repeat("x", 80) + ";",
	}
	place := regexp.MustCompile(`line \d+, column \d+`)
	read := func(text string) (string, string) {
		var v recorder
		err := xml.Read(strings.NewReader(text), &v, scan.Limits{Text: 100_000})
		if err == nil {
			return v.b.String(), ""
		}
		return "", place.ReplaceAllString(err.Error(), "")
	}
	for _, text := range texts {
		for _, name := range []string{"b", "skip"} {
			for _, behind := range []string{"<c>" + strings.Repeat("long", 40) + "</c>", ""} {
				begin, end := "<a><"+name+">", "</"+name+">"+behind+"</a>"
				got, gotErr := read(begin + text + end)
				want, wantErr := read(begin + "<!-- -->" + text + end)
				if got != want || gotErr != wantErr {
					t.Errorf("%.80q in %s: got %.200s %s, want %.200s %s", text, name, got, gotErr, want, wantErr)
				}
			}
		}
	}
}

// TestXMLAttributes compares attributes that are written as most are with the same ones with blanks around their equals signs.
func TestXMLAttributes(t *testing.T) {
	values := []string{
		"", "1", "a longer value, of words", "é ü 漢 🙂", "a&amp;b", "&lt;&#65;&apos;", "a\tb\nc\r\nd", "]]>", "a>b", "a<b", "a & b", "&amp", "&nbsp;", "\x00", "\xff", "\xe6\xbc", "\uFFFE",
		strings.Repeat("x", 70_000), "x" + strings.Repeat("é", 40_000),
	}
	place := regexp.MustCompile(`line \d+, column \d+`)
	read := func(text string) (string, string) {
		var v recorder
		err := xml.Read(strings.NewReader(text), &v, scan.Limits{})
		if err == nil {
			return v.b.String(), ""
		}
		return "", place.ReplaceAllString(err.Error(), "")
	}
	for _, value := range values {
		for _, quote := range []string{`"`, "'"} {
			got, gotErr := read("<a x=" + quote + value + quote + " y=" + quote + "1" + quote + "><b/></a>")
			want, wantErr := read("<a x = " + quote + value + quote + " y = " + quote + "1" + quote + "><b/></a>")
			if got != want || gotErr != wantErr {
				t.Errorf("%.80q in %s: got %.200s %s, want %.200s %s", value, quote, got, gotErr, want, wantErr)
			}
		}
	}
}
