package inventory

import "testing"

// Each byte is looked at in each place of a word.
func TestPlainWordsStandForThemselves(t *testing.T) {
	for c := range 256 {
		for place := range 8 {
			word := []byte("abcdefgh")
			word[place] = byte(c)
			plain := c >= ' ' && c < 0x80 && c != '"' && c != '\\'
			if isPlainWord(string(word)) && !plain {
				t.Errorf("byte %#x at %d is taken for plain", c, place)
			}
		}
	}
	if !isPlainWord("abcd 09z") {
		t.Error("a plain word is not known")
	}
}

// So is each byte in each place of a string of any length.
func TestPlainStringsStandForThemselves(t *testing.T) {
	const all = "abcd 09zABCD-._:/+xyz"
	for n := range len(all) + 1 {
		if !isPlain(all[:n]) {
			t.Errorf("a plain string of %d bytes is not known", n)
		}
		for c := range 256 {
			for place := range n {
				text := []byte(all[:n])
				text[place] = byte(c)
				plain := c >= ' ' && c < 0x80 && c != '"' && c != '\\'
				if isPlain(string(text)) && !plain {
					t.Errorf("byte %#x at %d of %d is taken for plain", c, place, n)
				}
			}
		}
	}
}
