package sandbox

import (
	"encoding/json"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// FuzzContent reads any JSON: what is taken says the same as the standard library reads, and is never longer than it came.
func FuzzContent(f *testing.F) {
	f.Add(`[]`)
	f.Add(`[{},{"A":"b","B":""},{"A":"\u00e4\n\/"}]`)
	f.Add(`[{"A":"\ud83d\ude00"}]`)
	f.Add(`[{"A":1}]`)
	f.Add(`[{"A":"b"}`)
	f.Fuzz(func(t *testing.T, text string) {
		v := jsontext.Value(text)
		if !v.IsValid() {
			return // whoever reads the request refuses it
		}
		c, err := readContent(v, new(violations))
		if err != nil {
			return
		}
		var want []map[string]string
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatalf("the standard library does not read it: %v", err)
		}
		got := make([]map[string]string, 0, c.len())
		for i := range c.len() {
			got = append(got, c.pairs(i))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if c.bytes() > len(text) {
			t.Errorf("%d bytes out of %d", c.bytes(), len(text))
		}
	})
}
