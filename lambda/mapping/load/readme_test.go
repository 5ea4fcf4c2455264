package load

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadmeExamples: the mapping and types files in the README load.
func TestReadmeExamples(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, block := range strings.Split(string(content), "```yaml\n")[1:] {
		text, _, _ := strings.Cut(block, "```")
		if strings.HasPrefix(text, "version: 1\n") {
			files[fmt.Sprintf("%d.yaml", len(files))] = text
		}
	}
	if len(files) < 4 {
		t.Fatalf("%d files: they are not found any more", len(files))
	}
	for _, problem := range problems(t, files) {
		t.Error(problem)
	}
}
