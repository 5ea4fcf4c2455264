package load

import (
	"os"
	"path/filepath"
	"testing"
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
