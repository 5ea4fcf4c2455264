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
