package scan_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
)

func TestJSON(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", " \n", ""},
		{"object", `{"a":"t","b":1.10,"c":true,"d":null}`, `{a=("t"} b=("1.10"} c=("true"} d=<} } `},
		{"list", `[1,[],{}]`, `[("1"} [} {} } `},
		{"lines", "{\"a\":1}\n{\"a\":2}\n", `{a=("1"} } {a=("2"} } `},
		{"pages", `[1][2]`, `[("1"} } [("2"} } `},
		{"scalars", `null 1e5 "x"`, `<} ("1e5"} ("x"} `},
		{"escapes", `{"\u0061\n":"\"\ud83d\ude00\/","b":"\ud800x"}`, "{a\n=(\"\\\"😀/\"} b=(\"\uFFFDx\"} } "},
		{"skip", `{"skip":{"a":[1,{}]},"b":[{"skip":1}]}`, `{skip=- b=[{skip=- } } } `},
		{"same name twice", `{"a":1,"a":2}`, `{a=("1"} a=("2"} } `},
		{"byte order mark", "\xEF\xBB\xBF[]", `[} `},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, r := range readers(test.in) {
				var v recorder
				if err := json.Read(r, &v, scan.Limits{}); err != nil {
					t.Fatal(err)
				}
				if got := v.b.String(); got != test.want || v.balanced() != nil {
					t.Errorf("got %s, want %s (%v)", got, test.want, v.balanced())
				}
			}
		})
	}
}

func TestJSONErrors(t *testing.T) {
	padding := strings.Repeat(`{"a":1}`+"\n", 40_000)
	tests := []struct{ name, in, want string }{
		{"cut object", "{\"a\":1}\n{\"a\":", "line 2, column 6 (record 2): the document ends in the middle of a value"},
		{"cut list", `[1,2`, "line 1, column 5 (record 1): the document ends"},
		{"cut text", `["secret`, "the document ends"},
		{"cut word", `nul`, "the document ends"},
		{"wrong end", "[1,\n2}", "line 2, column 2 (record 1): invalid character after array element (expecting ',' or ']')"},
		{"end alone", "{}\n]", "line 2, column 1"},
		{"no name", `{1:2}`, "line 1, column 2 (record 1)"},
		{"garbage behind", "{} x", "line 1, column 4"},
		{"control character", "[\"a\x01\"]", "line 1, column 4"},
		{"secret", "{\"a\":secret}", "line 1, column 6"},
		{"far down", padding + "{\"a\" 1}", "line 40001, column 6 (record 40001)"},
		{"far right", "[" + strings.Repeat("1,", 100_000) + "x]", "line 1, column 200002"},
		{"comma at the end", `[1,]`, "line 1, column 3"},
		{"two commas", `{"a":1,,"b":2}`, "line 1, column 8"},
	}
	for _, test := range tests {
		err := json.Read(strings.NewReader(test.in), &recorder{}, scan.Limits{})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error tells a value: %v", test.name, err)
		}
	}
}

func TestJSONLimits(t *testing.T) {
	long := `"` + strings.Repeat("x", 1<<20) + `"`
	tests := []struct {
		name, in, want string
		limits         scan.Limits
	}{
		{"depth", `[[[[1]]]]`, "more than 3 deep", scan.Limits{Depth: 3}},
		{"text", `["abcdef"]`, "a text is longer than 5 bytes", scan.Limits{Text: 5}},
		{"long text", `[` + long + `]`, "a text is longer than 1000 bytes", scan.Limits{Text: 1000}},
		{"long text passed over", `{"skip":` + long + `}`, "a text is longer than 1000 bytes", scan.Limits{Text: 1000}},
		{"name", `{"abcdef":1}`, "a name is longer than 5 bytes", scan.Limits{Name: 5}},
		{"records", `1 2 3`, "more than 2 records", scan.Limits{Records: 2}},
	}
	for _, test := range tests {
		err := json.Read(strings.NewReader(test.in), &recorder{}, test.limits)
		if !errors.Is(err, scan.ErrLimit) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
}

// offsets notes where the values begin.
type offsets struct {
	recorder
	at []int64
}

func (o *offsets) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	o.at = append(o.at, at.Offset)
	return o.recorder.Open(name, kind, at)
}

func TestJSONOffsets(t *testing.T) {
	const text = "\xEF\xBB\xBF[ 1 , {\"a\" : 2}]"
	var v offsets
	if err := json.Read(strings.NewReader(text), &v, scan.Limits{}); err != nil {
		t.Fatal(err)
	}
	for i, begins := range []string{"[ 1", "1 ,", "{", "2}"} {
		if !strings.HasPrefix(text[v.at[i]:], begins) {
			t.Errorf("value %d is said to begin at %d", i, v.at[i])
		}
	}
}

func TestJSONReadsOneLineInConstantMemory(t *testing.T) {
	item := `{"a":"` + strings.Repeat("x", 1000) + `"},`
	r := io.MultiReader(strings.NewReader("["), io.LimitReader(&repeat{item}, int64(len(item))*50_000), strings.NewReader("{}]"))
	var v ignorer
	if got := testing.AllocsPerRun(1, func() { _ = json.Read(r, &v, scan.Limits{}) }); got > 200 {
		t.Errorf("%v allocations", got)
	}
	if v.opened < 100_000 {
		t.Errorf("%d values", v.opened)
	}
}

// repeat returns a text again and again, beginning with its beginning.
type repeat struct{ text string }

func (r *repeat) Read(p []byte) (int, error) {
	n := copy(p, r.text)
	r.text = r.text[n:] + r.text[:n]
	return n, nil
}
