package read

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// shared gives a path in the directory beside the repository that holds samples and drafts, or skips the test.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "..", "shared"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the samples are not there: the directory `shared` beside the repository is absent")
	}
	return path
}

// drafts loads all drafts of mappings beside the repository.
func drafts(t testing.TB) *mapping.Set {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(shared(t, "mappings", "builtin"), "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := load.Options{Builtin: fstest.MapFS{}}.Load(append(names, shared(t, "mappings", "types.yaml"))...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

const rightFill = "Custom:Vulnerability:\n  Id: id\n"

// write makes a directory of files.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// loadOne loads a mapping called mine.
func loadOne(t *testing.T, file string) *mapping.Mapping {
	t.Helper()
	set, err := load.Options{}.Load(write(t, map[string]string{"a.yaml": file}))
	if err != nil {
		t.Fatal(err)
	}
	m, _ := set.Mapping("mine")
	return m
}
