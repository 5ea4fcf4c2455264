package document

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// The samples lie beside the repository and are not part of it.
const samples = "../../../shared/samples"

func TestSamples(t *testing.T) {
	if _, err := os.Stat(samples); err != nil {
		t.Skip("the samples are not beside the repository")
	}
	compressed := map[string]string{".gz": "gzip", ".zip": "zip", ".xlsx": "zip"}
	err := filepath.WalkDir(samples, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Dir(path) == filepath.Clean(samples) {
			return err
		}
		s, err := File(path)
		if err != nil {
			return err
		}
		text, d, err := readAll(t, s, Limits{})
		if several := strings.HasSuffix(path, "wrong_machines.zip") || filepath.Ext(path) == ".xlsx"; several != errors.Is(err, ErrManyMembers) || !several && err != nil {
			t.Errorf("%s: %v", path, err)
		} else if several {
			readMembers(t, s)
		}
		if err == nil && (d.Compression != compressed[filepath.Ext(path)] || len(text) == 0 || !utf8.ValidString(text)) {
			t.Errorf("%s: %q, %d bytes", path, d.Compression, len(text))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readMembers(t *testing.T, s Source) {
	t.Helper()
	d, err := Open(t.Context(), s, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	for i, name := range d.Archive().Members() {
		if text, err := memberText(d.Archive(), i); err != nil || text == "" || !utf8.ValidString(text) {
			t.Errorf("%s, %s: %d bytes, %v", s.Name, name, len(text), err)
		}
	}
}
