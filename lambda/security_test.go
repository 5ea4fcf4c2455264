package main_test

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestSecurityNamesTests: each test by which SECURITY.md shows a claim is there.
func TestSecurityNamesTests(t *testing.T) {
	root := testfiles.Root(t)
	there := map[string]bool{}
	for _, folder := range []string{"events", "lambda", "infra"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			for _, found := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)`).FindAllSubmatch(testfiles.Read(t, path), -1) {
				there[string(found[1])] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)[^`]*)`").FindAllSubmatch(testfiles.Read(t, filepath.Join(root, ".github", "SECURITY.md")), -1)
	if len(named) < 20 {
		t.Fatalf("%d tests are named", len(named))
	}
	for _, name := range named {
		if !there[string(name[1])] {
			t.Errorf("there is no test %s", name[1])
		}
	}
}
