package choose

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKeyPatterns(t *testing.T) {
	for _, test := range []struct {
		pattern, key string
		want         map[string]string // nil: does not fit
	}{
		{"nessus/**", "nessus/a.nessus", map[string]string{}},
		{"nessus/**", "nessus/2024/05/a b ü.nessus", map[string]string{}},
		{"nessus/**", "nessus2/a", nil},
		{"nessus/*", "nessus/a/b", nil},
		{"scanner/**/*.ndjson", "scanner/a.ndjson", map[string]string{}},
		{"scanner/**/*.ndjson", "scanner/x/y/a.ndjson", map[string]string{}},
		{"scanner/**/*.ndjson", "scanner/x/y/a.json", nil},
		{"sbom/{nodeId}/**", "sbom/i-0123/app/bom.json", map[string]string{"nodeId": "i-0123"}},
		{"sbom/{nodeId}/{app}.json", "sbom/i-0123/shop.json", map[string]string{"nodeId": "i-0123", "app": "shop"}},
		{"sbom/{nodeId}/**", "sbom//x", nil},
		{"a.b/*", "axb/c", nil},
	} {
		m, err := MatchObject("", test.pattern)
		if err != nil {
			t.Errorf("%s: %v", test.pattern, err)
			continue
		}
		got, _ := m.fits(Origin{Key: test.key})
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s, %s: %s", test.pattern, test.key, d)
		}
	}
}

func TestMoreSpecificPatterns(t *testing.T) {
	for _, test := range []struct{ more, less *Match }{
		{&Match{Key: "a/b/**"}, &Match{Key: "a/**"}},
		{&Match{Key: "a/*"}, &Match{Key: "a/**"}},
		{&Match{Key: "a/{nodeId}/**"}, &Match{Key: "a/**"}},
		{&Match{Key: "**", Bucket: "b"}, &Match{Key: "a/**"}},
	} {
		if test.more.compare(test.less) <= 0 {
			t.Errorf("%s is not more specific than %s", test.more, test.less)
		}
	}
}
