package main

import (
	"strings"
	"testing"
)

// TestSettingsFirst: what is wrong with the settings is said before anything is asked.
func TestSettingsFirst(t *testing.T) {
	t.Chdir(t.TempDir())
	var out strings.Builder
	if err := run(t.Context(), []string{"-c", "uploads=s3://b"}, &out); err == nil || !strings.Contains(err.Error(), "-c uploads: must be a bucket's name") {
		t.Errorf("%v", err)
	}
	if err := run(t.Context(), []string{"-c", "local=true"}, &out); err == nil || !strings.Contains(err.Error(), "sam local alone") {
		t.Errorf("a template for sam local: %v", err)
	}
}
