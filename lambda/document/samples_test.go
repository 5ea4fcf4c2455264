package document

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

func TestSamples(t *testing.T) {
	compressed := map[string]string{".gz": "gzip", ".zip": "zip", ".xlsx": "zip"}
	for _, path := range testfiles.SampleFiles(t) {
		s, err := File(path)
		if err != nil {
			t.Fatal(err)
		}
		text, d, err := readAll(t, s, Limits{})
		several := filepath.Base(path) == "defender.zip" || strings.HasSuffix(path, "wrong_machines.zip") || filepath.Ext(path) == ".xlsx"
		if several != errors.Is(err, ErrManyMembers) || !several && err != nil {
			t.Errorf("%s: %v", path, err)
		} else if several {
			readMembers(t, s)
		}
		if err == nil && (d.Compression != compressed[filepath.Ext(path)] || (len(text) == 0) != isEmpty(t, path) || !utf8.ValidString(text)) {
			t.Errorf("%s: %q, %d bytes", path, d.Compression, len(text))
		}
	}
}

func isEmpty(t *testing.T, path string) bool {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size() == 0
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
