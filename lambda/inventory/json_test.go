package inventory

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// slowContent makes the content of an item by way of maps and package json.
func slowContent(tb testing.TB, t *Type, rows []Entry, context bool) []byte {
	tb.Helper()
	content := make([]map[string]string, len(rows))
	for n, row := range rows {
		content[n] = map[string]string{}
		for i, name := range t.Attributes {
			if !context || !slices.Contains(t.Context, i) {
				content[n][name] = row[i]
			}
		}
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(content); err != nil {
		tb.Fatal(err)
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

func randomValue(r *rand.Rand) string {
	pieces := []string{"a", "plain words that are long", "\"", `\`, "\n", "\t", "\r", "\b", "\x00", "\x1f", "\x7f", "é", "日本", "\u2028", "\u2029", "\xff", "\xe2\x80", "😀", "<&>"}
	var b strings.Builder
	for range r.IntN(7) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func TestContentIsThatOfPackageJSON(t *testing.T) {
	kind := &Type{Name: "Custom:Any", Attributes: []string{"Class", "Id", "Na\"me"}, Context: []int{0}}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		rows := make([]Entry, r.IntN(4))
		for n := range rows {
			rows[n] = Entry{randomValue(r), randomValue(r), randomValue(r)}
		}
		for _, context := range []bool{false, true} {
			got := kind.AppendJSON(nil, rows, context)
			var fast, slow []map[string]string
			if err := json.Unmarshal(got, &fast); err != nil {
				t.Fatalf("%q: %v", got, err)
			}
			if err := json.Unmarshal(slowContent(t, kind, rows, context), &slow); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(slow, fast); diff != "" {
				t.Fatalf("%q is not as package json has it:\n%s", rows, diff)
			}
			if want := kind.ContentBytes(rows); !context && len(got) != want {
				t.Fatalf("%q has %d bytes, not %d as was counted", got, len(got), want)
			}
		}
	}
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "plain", "12345678\"", "\\\n\r\t\x00", "é\u2028\xff", "1234567\xe2\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := AppendString([]byte("before"), s)[len("before"):]
		var back string
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		slow, _ := json.Marshal(s)
		var want string
		if err := json.Unmarshal(slow, &want); err != nil || back != want {
			t.Errorf("%q came back as %q, of package json as %q", s, back, want)
		}
		if len(got) != jsonBytes(s) {
			t.Errorf("%q has %d bytes, not %d", got, len(got), jsonBytes(s))
		}
	})
}

// TestASingleShareIsWritten composes rows that fit and rows that do not: what is written is what AppendJSON appends of the rows that are kept, and those
// are the ones that are kept where another source has none.
func TestASingleShareIsWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	cut := 0
	for n := range 60 {
		kind := &Type{Name: "Custom:Any", Attributes: []string{"Id", "Na\"me"}, Limit: Limit{Entries: 1 + r.IntN(40)}}
		rows := make([]Entry, r.IntN(50))
		for i := range rows {
			rows[i] = Entry{randomValue(r), randomValue(r) + strings.Repeat("\n", r.IntN(1+n*1000))}
		}
		one, two := Share{Source: "a", Rows: kind.Arrange(rows).Rows}, Share{Source: "b"}
		got, want := Compose(kind, []Share{one}), Compose(kind, []Share{one, two})
		delete(want.Outcomes, "b")
		written := got.JSON
		got.JSON = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("of %d rows, limit %d: %s", len(rows), kind.Limit.Entries, diff)
		}
		if content := kind.AppendJSON(nil, got.Rows, false); !bytes.Equal(written, content) || len(written) != got.Bytes {
			t.Fatalf("%d bytes are written of %d", len(written), len(content))
		}
		if got.Truncated > 0 && len(got.Rows) < kind.maxEntries() {
			cut++
		}
	}
	if cut == 0 {
		t.Error("no item was cut by its bytes")
	}
}
