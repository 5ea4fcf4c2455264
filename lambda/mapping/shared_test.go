package mapping

import (
	"os"
	"path/filepath"
	"testing"
)

// shared gives a path in the directory beside the repository that holds samples and drafts, or skips the test.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the samples are not there: the directory `shared` beside the repository is absent")
	}
	return path
}

// loadOnly loads files without the built-in ones, as a user's.
func loadOnly(t testing.TB, names ...string) (*Set, error) {
	t.Helper()
	l := &loader{}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		l.add(filepath.Base(name), false, content)
	}
	return l.set()
}

// drafts loads all drafts of mappings beside the repository.
func drafts(t testing.TB) *Set {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(shared(t, "mappings", "builtin"), "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := loadOnly(t, append(names, shared(t, "mappings", "types.yaml"))...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}
