package yamlfile

import (
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// TestSyntaxErrorsHaveTheirLine: the line is where that begins which could not be read, whichever part of the parser gave up.
func TestSyntaxErrorsHaveTheirLine(t *testing.T) {
	for _, test := range []struct{ content, want string }{
		{"a: 1\nb: [c\n", "f:2:1: not YAML: did not find expected ',' or ']'"},
		{"a: 1\nb: {c\n", "f:2:1: not YAML: did not find expected ',' or '}'"},
		{"a: b: c\n", "f:1:1: not YAML: mapping values are not allowed in this context"},
		{"a: b\n  c: d\n", "f:2:1: not YAML: mapping values are not allowed in this context"},
		{"a:\n\t- b\n", "f:2:1: not YAML: found character that cannot start any token"},
		{"a: *b\n", "f:1:1: not YAML: unknown anchor 'b' referenced"},
		{"a: !z!x y\n", "f:1:1: not YAML: found undefined tag handle"},
		{"x: [a]\ny: ]\n", "f:2:1: not YAML: did not find expected node content"},
		{"a: \"\\q\"\n", "f:1:1: not YAML: found unknown escape character"},
		{"a: b\n---\n- x\n y: [\n", "f:4:1: not YAML: mapping values are not allowed in this context"},
		{" \n", "f: the file is empty"},
	} {
		var problems problem.List
		Parse("f", false, []byte(test.content), &problems)
		if len(problems) == 0 || problems[0].Error() != test.want {
			t.Errorf("%q: got %v, want %s", test.content, problems, test.want)
		}
	}
}

// TestPlaces: what is taken over from another file stands there, and a byte of a string is counted in characters.
func TestPlaces(t *testing.T) {
	var problems problem.List
	base := Parse("base", true, []byte("a: {b: 1, c: 'ü, x'}\nd: [e, f]\n"), &problems)[0]
	own := Parse("own", false, []byte("a:\n  b: 2\n"), &problems)[0].Extend(base)
	a := own.Field("a")
	a.Field("b").Problem("own")
	a.Field("c").ProblemAt(len("ü, "), "", "taken over")
	own.Field("d").Items()[1].Problem("in a list")
	if !a.Field("c").Inherited() || a.Field("b").Inherited() {
		t.Error("what is taken over and what is not is mistaken")
	}
	got := strings.Split(problems.Sorted().Error(), "\n")
	want := []string{"base:1:18: /a/c: taken over", "base:2:8: /d/1: in a list", "own:2:6: /a/b: own"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}
