package read

import (
	"slices"
	"strings"
	"testing"
)

func TestEmptyTextsAreFoundWithoutCase(t *testing.T) {
	empties := []string{"-", "N/A", "Nicht bekannt", "é", "Kein", "ſo", strings.Repeat("x", 300)}
	is := emptyText(empties)
	texts := append(slices.Clone(empties), "n/a", "N/a", "NICHT BEKANNT", "É", "kein", "\u212Ain", "ſO", "SO", "--", "n/b", "e", "value", strings.Repeat("X", 300), strings.Repeat("x", 299))
	found := 0
	for _, text := range texts {
		want := slices.ContainsFunc(empties, func(empty string) bool { return len(empty) == len(text) && strings.EqualFold(empty, text) })
		if is(text) != want {
			t.Errorf("%q is empty: %v, want %v", text, !want, want)
		}
		if want {
			found++
		}
	}
	if found < 2*len(empties)-2 {
		t.Errorf("only %d of the texts are empty", found)
	}
	if emptyText(nil) != nil {
		t.Error("without such strings nothing is to be asked")
	}
}

func TestBeginningsOfEmptyTexts(t *testing.T) {
	is := emptyText([]string{"Error: *", "***HIDDEN***", "*", "-"})
	for text, want := range map[string]bool{
		"Error: timed out": true, "ERROR: x": true, "error: ": true, "Error:x": false, "an Error: x": false, "***hidden***": true, "*": true, "**": false, "x": false, "-": true, "-1": false, "Err": false,
	} {
		if is(text) != want {
			t.Errorf("%q is empty: %v", text, !want)
		}
	}
}
