package read

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// drafts loads all mappings of a folder as a user's own, without the built-in ones.
func drafts(t testing.TB, folder, types string) *mapping.Set {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if types != "" {
		names = append(names, types)
	}
	set, err := load.Options{Builtin: fstest.MapFS{}}.Load(names...)
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
