package expression

import (
	"slices"
	"strconv"
	"testing"
)

// given are values of an expression that reads one path.
type given struct{ text string }

func (g given) Text(int) string                  { return g.text }
func (g given) List(_ int, to []string) []string { return append(to, g.text, "more") }
func (g given) Has(int) bool                     { return g.text != "" }
func (g given) Records() int                     { return 7 }

// A result that is remembered is that of equal values, however often and in whatever order they come; of a list it is that of this run.
func TestResultsAreThoseOfTheirValues(t *testing.T) {
	for text, want := range map[string]func(string) []string{
		`r.x + "!"`:               func(x string) []string { return []string{x + "!"} },
		`has("x") ? r.x : "none"`: func(x string) []string { return []string{map[bool]string{true: x, false: "none"}[x != ""]} },
		`texts("x")`:              func(x string) []string { return []string{x, "more"} },
		`int(r.x) + 1`: func(x string) []string {
			n, err := strconv.Atoi(x)
			return map[bool][]string{true: {strconv.Itoa(n + 1)}}[err == nil]
		},
	} {
		code, err := Compile(text, false)
		if err != nil {
			t.Fatal(err)
		}
		var r Runner
		for i := range 5000 {
			x := strconv.Itoa(i * i % (3 + i))
			if i%7 == 0 {
				x = ""
			}
			got, err := r.AppendTexts(code, given{x}, nil)
			if err != nil || !slices.Equal(got, want(x)) {
				t.Fatalf("%s of %q: %q, %v, want %q", text, x, got, err, want(x))
			}
		}
	}
}
