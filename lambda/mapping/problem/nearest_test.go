package problem

import "testing"

func TestNearest(t *testing.T) {
	known := []string{"identify", "each", "where", "capturedAt", "expireAfter"}
	for word, want := range map[string]string{"identity": "identify", "eahc": "each", "capturedat": "capturedAt", "banana": "", "expires": ""} {
		if got := Nearest(word, known); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}
