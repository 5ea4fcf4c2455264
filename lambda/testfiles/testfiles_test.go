package testfiles_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestShared is skipped, once for all tests, where they read our own samples alone.
func TestShared(t *testing.T) {
	if _, ok := testfiles.Shared(t); !ok {
		t.Skip("the folder `shared` is not beside the checkout: tests read the repository's own samples alone")
	}
	if own, all := len(testfiles.OwnSamples(t)), len(testfiles.Samples(t)); all <= own {
		t.Errorf("%d samples, of which %d are ours", all, own)
	}
}

// TestOwnSamples: of each document of ours is known what must come out.
func TestOwnSamples(t *testing.T) {
	known := map[string]bool{}
	for name, sample := range testfiles.OwnSamples(t) {
		if sample.Path == "" {
			t.Errorf("%s is in expect.json and not there", name)
		}
		known[filepath.Clean(sample.Path)] = true
	}
	for _, file := range testfiles.SampleFiles(t) {
		if !strings.Contains(filepath.ToSlash(file), "/shared/") && !known[filepath.Clean(file)] {
			t.Errorf("%s is not in expect.json", file)
		}
	}
}
