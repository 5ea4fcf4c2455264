// Package testfiles has the files that tests read and compare with: the documents of the repository, with what must come out of them, the
// samples in the folder `shared` where that lies beside the checkout, archives, and goldens. Only tests import it. It knows no other
// package of the program.
package testfiles

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Root returns the checkout as the test that runs sees it.
func Root(t testing.TB) string {
	t.Helper()
	root := "."
	for range 10 {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return root
		}
		root = filepath.Join(root, "..")
	}
	t.Fatal("testfiles: no go.mod in any folder above the test")
	return ""
}

// Path returns a file or folder of the checkout.
func Path(t testing.TB, parts ...string) string {
	t.Helper()
	return filepath.Join(append([]string{Root(t)}, parts...)...)
}

// Shared returns a file or folder in `shared`, and whether `shared` is there. A test reads our own samples always, and these too where
// they are; TestShared is skipped where they are not, so that no other test need be.
func Shared(t testing.TB, parts ...string) (string, bool) {
	t.Helper()
	shared := filepath.Join(Root(t), "..", "shared")
	if _, err := os.Stat(shared); errors.Is(err, fs.ErrNotExist) {
		return "", false
	}
	return filepath.Join(append([]string{shared}, parts...)...), true
}

// Read returns the content of a file.
func Read(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Documents lists the documents of the repository that have goldens, a built-in mapping's each: those that the events in testevents point
// at, and others.
func Documents(t testing.TB) []string {
	t.Helper()
	return slices.Concat(Files(t, Path(t, uploads)), Files(t, Path(t, goldens)))
}

// Files lists all files below a folder, but for goldens and what fuzzing found.
func Files(t testing.TB, folder string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "fuzz":
			return filepath.SkipDir
		case !entry.IsDir() && !strings.Contains(entry.Name(), ".golden."):
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
