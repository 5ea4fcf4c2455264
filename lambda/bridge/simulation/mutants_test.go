package simulation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// mutants are files that break the product's protocol, a rule each: unified diffs without line numbers.
const mutants = "testdata/mutants/*.diff"

// root is the module's directory.
const root = "../../.."

// TestMutants builds the product with its protocol broken, one rule after the other, and runs histories on it: they must find each. That
// takes a while, so it is done where INVBRIDGE_MUTANTS is set; that the patches apply is checked always. What no history can meet, since the store
// loses nothing in them, another test finds, which the patch names.
func TestMutants(t *testing.T) {
	files, err := filepath.Glob(mutants)
	if err != nil || len(files) != 15 {
		t.Fatalf("%d mutants, want 15 (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".diff"), func(t *testing.T) {
			overlay := overlayOf(t, file)
			if os.Getenv("INVBRIDGE_MUTANTS") == "" {
				return
			}
			dir, name := finder(t, file)
			cmd := exec.CommandContext(t.Context(), "go", "test", "-overlay", overlay, "-run", name, "-count=1", dir)
			cmd.Env = append(os.Environ(), "INVBRIDGE_SEEDS=2000", "INVBRIDGE_SEED=1", "INVBRIDGE_MUTANTS=")
			out, err := cmd.CombinedOutput()
			if found := failed.Find(out); err != nil && found != nil || err != nil && bytes.Contains(out, []byte("--- FAIL: "+name)) {
				t.Logf("found by %s", found)
				return
			}
			t.Errorf("2000 histories do not find it: %v\n%s", err, out[max(0, len(out)-2000):])
		})
	}
}

// finder returns the package and the test that find a mutant.
func finder(t *testing.T, patch string) (dir, test string) {
	t.Helper()
	text, err := os.ReadFile(patch)
	if err != nil {
		t.Fatal(err)
	}
	if found := foundBy.FindSubmatch(text); found != nil {
		return string(found[1]), string(found[2])
	}
	return ".", "TestHistories"
}

var foundBy = regexp.MustCompile(`(?m)^Found by: (\S+) (\S+)$`)

var failed = regexp.MustCompile(`history \d+: .*`)

// overlayOf writes what `go test -overlay` reads: the product's files as a patch changes them, and which files they stand for.
func overlayOf(t *testing.T, patch string) string {
	t.Helper()
	text, err := os.ReadFile(patch)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := applyPatch(string(text), func(name string) (string, error) {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		return string(data), err
	})
	if err != nil {
		t.Fatalf("%s: %v", patch, err)
	}
	dir, replace := t.TempDir(), map[string]string{}
	for name, content := range changed {
		whole, err := filepath.Abs(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		replace[whole] = filepath.Join(dir, strings.ReplaceAll(name, "/", "-"))
		if err := os.WriteFile(replace[whole], []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return overlay
}

// applyPatch returns the files that a patch changes, by name. What a hunk takes out, with the lines around it, must stand in its file
// exactly once.
func applyPatch(patch string, read func(name string) (string, error)) (map[string]string, error) {
	changed := map[string]string{}
	for n, part := range strings.Split("\n"+patch, "\n--- ")[1:] {
		header, hunks, _ := strings.Cut(part, "\n@@\n")
		name, _, _ := strings.Cut(header, "\n")
		content, err := read(name)
		if err != nil {
			return nil, fmt.Errorf("file %d: %w", n+1, err)
		}
		for i, hunk := range strings.Split(hunks, "\n@@\n") {
			before, after := "", ""
			for line := range strings.Lines(strings.TrimSuffix(hunk, "\n") + "\n") {
				switch line[0] {
				case '-':
					before += line[1:]
				case '+':
					after += line[1:]
				default:
					before, after = before+line[1:], after+line[1:]
				}
			}
			if found := strings.Count(content, before); found != 1 {
				return nil, fmt.Errorf("%s, hunk %d: what it replaces stands there %d times, and must stand there once: "+
					"the code has changed, so make the patch anew for the same broken rule", name, i+1, found)
			}
			content = strings.Replace(content, before, after, 1)
		}
		changed[name] = content
	}
	return changed, nil
}

func TestAPatchAppliesExactlyOnce(t *testing.T) {
	const patch = "A rule.\n\n--- a.go\n+++ a.go\n@@\n a\n-b\n+B\n c\n"
	for _, c := range []struct{ content, want string }{
		{"x\na\nb\nc\n", "x\na\nB\nc\n"},
		{"x\na\nc\n", ""},
		{"a\nb\nc\na\nb\nc\n", ""},
	} {
		got, err := applyPatch(patch, func(string) (string, error) { return c.content, nil })
		want := map[string]string{"a.go": c.want}
		if (err != nil) != (c.want == "") || err == nil && !maps.Equal(got, want) {
			t.Errorf("%q: %q, %v", c.content, got, err)
		}
	}
}
