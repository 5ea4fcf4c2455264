package document

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// charset finds the encoding of one byte a character that a label names, and the encoding's name. Those of several bytes (of East
// Asia) are not supported: their tables would make every start of the function slower.
func charset(label string) (enc encoding.Encoding, name string, ok bool) {
	// ISO 8859-1 is taken for Windows-1252 as everywhere on the web: it is a part of it.
	const latin1 = "windows1252"
	want := letters(label)
	want = cmp.Or(map[string]string{"latin1": latin1, "l1": latin1, "iso88591": latin1, "latin2": "iso88592", "latin9": "iso885915"}[want], want)
	for _, e := range charmap.All {
		n := fmt.Sprint(e)
		page, isPage := strings.CutPrefix(letters(n), "ibmcodepage")
		number, isWindows := strings.CutPrefix(letters(n), "windows")
		switch {
		case letters(n) == want, isPage && (want == "cp"+page || want == "ibm"+page), isWindows && want == "cp"+number:
			return e, strings.ReplaceAll(strings.ToLower(n), " ", "-"), true
		}
	}
	return nil, "", false
}

// letters leaves the letters and digits of a name, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
