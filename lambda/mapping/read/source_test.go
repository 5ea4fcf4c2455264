package read

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// sourcesOf gives who speaks in a document of lines {"a","b"}.
func sourcesOf(t testing.TB, m *mapping.Mapping, document string) []string {
	t.Helper()
	var sources []string
	choice := mapping.Choice{Mapping: m, Choice: choose.Choice{Format: syntax.JSON}}
	for record, err := range Document(t.Context(), Input{Reader: strings.NewReader(document)}, choice, Facts{}).Records() {
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, record.Source)
	}
	return sources
}

// speaking is a mapping with a source of two fields.
func speaking(t testing.TB) *mapping.Mapping {
	t.Helper()
	set, err := load.Options{}.Load(write(t, map[string]string{
		"m.yaml": "version: 1\nmapping: mine\ndetect:\n  - json: [a]\neach: $rows\nsource: mine/x-{a}/{b}\n" + rightFill,
	}))
	if err != nil {
		t.Fatal(err)
	}
	m, _ := set.Mapping("mine")
	return m
}

func lineOf(t testing.TB, a, b string) string {
	t.Helper()
	line, err := json.Marshal(map[string]string{"a": a, "b": b, "id": "1"})
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

// TestSourceValues: a document chooses among the sources of its mapping and can name no other.
func TestSourceValues(t *testing.T) {
	m := speaking(t)
	long := strings.Repeat("é", 200)
	for _, test := range []struct{ name, a, b, want string }{
		{"plain", "shop", "Zürich 1", "mine/x-shop/Zürich 1"},
		{"surrounding space", " shop\n", "\tb", "mine/x-shop/b"},
		{"no value", "shop", "", "mine"},
		{"nothing but space", "shop", " \n", "mine"},
		{"slash", "a/b", "c", "mine/x-a%2Fb/c"},
		{"the other way round", "a", "b/c", "mine/x-a/b%2Fc"},
		{"dots", "..", "..", "mine/x-%2E%2E/%2E%2E"},
		{"a dot", ".", "a.b", "mine/x-%2E/a.b"},
		{"up and out", "../../other", "b", "mine/x-..%2F..%2Fother/b"},
		{"backslash", `a\b`, "b", "mine/x-a%5Cb/b"},
		{"line break", "a\nb", "b\r\nc", "mine/x-a%0Ab/b%0D%0Ac"},
		{"NUL and escape", "a\x00b", "\x1b[1m", "mine/x-a%00b/%1B[1m"},
		{"direction of writing", "a\u202eb", "c\u00a0d", "mine/x-a%E2%80%AEb/c%C2%A0d"},
		{"what stands for others", "a%2Fb", "a~b", "mine/x-a%252Fb/a%7Eb"},
		{"overlong", long, "b", "mine/x-" + strings.Repeat("é", 116) + "~b7b4b3982df00e5d"},
		{"overlong, another", long, "c", "mine/x-" + strings.Repeat("é", 116) + "~94dec91be1cff04e"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := sourcesOf(t, m, lineOf(t, test.a, test.b))
			if len(got) != 1 || got[0] != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestSourceWithoutItsLastPart: a part that has no value is left out, and so is what stands behind a category's last slash.
func TestSourceWithoutItsLastPart(t *testing.T) {
	for _, test := range []struct{ source, a, b, want string }{
		{"mine/{a}{/b}", "x", "y", "mine/x/y"},
		{"mine/{a}{/b}", "x", "y/z", "mine/x/y%2Fz"},
		{"mine/{a}{/b}", "x", " ", "mine/x"},
		{"mine/{a}{/b}", "", "y", "mine"},
		{"mine/{a}{/b/}", "x", "y/2026-01-05", "mine/x/y"},
		{"mine/{a}{/b/}", "x", "y/z/2026-01-05", "mine/x/y%2Fz"},
		{"mine/{a}{/b/}", "x", "y/", "mine/x/y"},
		{"mine/{a}{/b/}", "x", "2026-01-05", "mine/x"},
		{"mine/{a}{/b/}", "x", "/2026-01-05", "mine/x"},
		{"mine/{a}{/b/}", "x", "", "mine/x"},
		{"mine{/a}", "x", "", "mine/x"},
		{"mine{/a}", "", "", "mine"},
		{"mine/x-{a}{/b}", "1", "2", "mine/x-1/2"},
	} {
		set, err := load.Options{}.Load(write(t, map[string]string{
			"m.yaml": "version: 1\nmapping: mine\ndetect:\n  - json: [a]\neach: $rows\nsource: " + test.source + "\n" + rightFill,
		}))
		if err != nil {
			t.Fatal(err)
		}
		m, _ := set.Mapping("mine")
		if form := m.SourceForm(); "mine/"+form != test.source && "mine"+form != test.source {
			t.Errorf("the form of %s is %s", test.source, form)
		}
		if got := sourcesOf(t, m, lineOf(t, test.a, test.b)); len(got) != 1 || got[0] != test.want {
			t.Errorf("%s, %q and %q: got %q, want %q", test.source, test.a, test.b, got, test.want)
		}
	}
	if form := speaking(t).SourceForm(); form != "" {
		t.Errorf("a template that leaves nothing out has the form %s", form)
	}
}

// TestSourceOfAValue: the part behind the name is a value as everywhere, and left out where it has none. What the value is like is in the
// template's form, so that sources of another version of the mapping are known as former ones.
func TestSourceOfAValue(t *testing.T) {
	forms := map[string]string{}
	for _, test := range []struct{ source, a, b, want string }{
		{"{part: a}", "x", "y", "mine/x"},
		{"{part: a}", "x/y", "", "mine/x%2Fy"},
		{"{part: a}", " ", "y", "mine"},
		{"{part: a}", "..", "y", "mine/%2E%2E"},
		{"{part: {path: [a, b], match: '^(.+?):'}}", "x:1", "y:1", "mine/x"},
		{"{part: {path: [a, b], match: '^(.+?):'}}", "", "y:1", "mine/y"},
		{"{part: {path: [a, b], match: '^(.+?):'}}", "x", "y:1", "mine"},
		{"{part: {all: [a, b]}}", "x", "y", "mine/x,y"},
		{"{part: {all: [a, b], join: /}}", "x", "y", "mine/x%2Fy"},
		{"{part: {expr: 'r.a == \"image\" ? r.b : \"\"'}}", "image", "x", "mine/x"},
		{"{part: {expr: 'r.a == \"image\" ? r.b : \"\"'}}", "file", "x", "mine"},
		{"{part: {expr: 'r.a == \"image\" ? r.b : \"\"'}, name: mine/v1}", "image", "x", "mine/v1/x"},
		{"{part: b, name: \"mine/{a}\"}", "x", "y", "mine/x/y"},
		{"{part: b, name: \"mine/{a}\"}", "x", "", "mine/x"},
		{"{part: b, name: \"mine/{a}\"}", "", "y", "mine"},
		{"{part: b, name: mine}", "x", strings.Repeat("é", 200), "mine/" + strings.Repeat("é", 117) + "~"},
	} {
		set, err := load.Options{}.Load(write(t, map[string]string{
			"m.yaml": "version: 1\nmapping: mine\ndetect:\n  - json: [a]\neach: $rows\nsource: " + test.source + "\n" + rightFill,
			"o.yaml": "version: 1\nmapping: ours\nextends: mine\n",
		}))
		if err != nil {
			t.Fatal(err)
		}
		m, _ := set.Mapping("mine")
		form := m.SourceForm()
		if form == "" || forms[form] != "" && forms[form] != test.source {
			t.Errorf("the form of %s is %q, which is that of %q", test.source, form, forms[form])
		}
		forms[form] = test.source
		ours, _ := set.Mapping("ours")
		for prefix, m := range map[string]*mapping.Mapping{"mine": m, "ours": ours} {
			want := prefix + strings.TrimPrefix(test.want, "mine")
			if got := sourcesOf(t, m, lineOf(t, test.a, test.b)); len(got) != 1 || got[0] != want && (!strings.HasSuffix(want, "~") || !strings.HasPrefix(got[0], want)) {
				t.Errorf("%s, %q and %q: got %q, want %q", test.source, test.a, test.b, got, want)
			}
		}
	}
}

// TestATemplateThatBeginsWithItsPart can be taken over by another mapping, as any other.
func TestATemplateThatBeginsWithItsPart(t *testing.T) {
	set, err := load.Options{}.Load(write(t, map[string]string{
		"m.yaml": "version: 1\nmapping: mine\ndetect:\n  - json: [a]\neach: $rows\nsource: mine{/a}\n" + rightFill, "o.yaml": "version: 1\nmapping: ours\nextends: mine\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	m, _ := set.Mapping("ours")
	if got := sourcesOf(t, m, lineOf(t, "x", "y")); len(got) != 1 || got[0] != "ours/x" {
		t.Errorf("got %q", got)
	}
}

// FuzzSource: different values are different sources, and each source is one of its mapping's.
func FuzzSource(f *testing.F) {
	m := speaking(f)
	f.Add("a", "b", "a/b", "..")
	f.Add("a\nb", "b", "a b", "b")
	f.Add(strings.Repeat("x", 300), "b", strings.Repeat("x", 300), "c")
	f.Add("a", "b", "x"+strings.Repeat(" ", 300)+"y", "c")
	shortened := regexp.MustCompile(`~[0-9a-f]{16}$`) // what was cut off goes on as a sum
	f.Fuzz(func(t *testing.T, a1, b1, a2, b2 string) {
		for _, s := range []*string{&a1, &b1, &a2, &b2} {
			*s = strings.TrimSpace(strings.ToValidUTF8(*s, "?"))
			if *s == "" {
				*s = "-"
			}
		}
		got := sourcesOf(t, m, lineOf(t, a1, b1)+"\n"+lineOf(t, a2, b2))
		if len(got) != 2 {
			t.Fatalf("%d records", len(got))
		}
		if same := a1 == a2 && b1 == b2; same != (got[0] == got[1]) {
			t.Errorf("%q, %q and %q, %q are %q", a1, b1, a2, b2, got)
		}
		for _, s := range got {
			printable := !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
			segments := strings.Split(s, "/")
			whole := len(segments) == 3 && segments[2] != ".." && segments[2] != "." || shortened.MatchString(s)
			if !strings.HasPrefix(s, "mine/x-") || len(s) > maxSource || !utf8.ValidString(s) || !printable || !whole {
				t.Errorf("%q, %q or %q, %q gives %q", a1, b1, a2, b2, s)
			}
		}
	})
}
