package simulation

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// mutant is the product with one mistake in its protocol. Histories must find it.
type mutant struct {
	name     string
	has      bool // the product has what the mistake is made in
	file     string
	old, new string
}

func mutants() []mutant {
	return []mutant{
		{
			"saves after the put", true, "../../delivery/run.go",
			"	if !r.dirty {\n		return nil\n	}\n	return r.save(ctx)\n",
			"	for _, w := range r.works {\n		if w.claimed {\n			return nil\n		}\n	}\n	if !r.dirty {\n		return nil\n	}\n	return r.save(ctx)\n",
		},
		{
			"ignores open intents", true, "../../delivery/item.go",
			"	case i.unsure:\n		i.put = true\n",
			"",
		},
		{
			"sends a hash that other rows have", true, "../../delivery/put.go",
			"	if hash := i.hash(); hash != \"\" {",
			"	if hash := i.of; hash != \"\" {",
		},
		{
			"takes over a claim that runs", true, "../../delivery/claim.go",
			"	if i == nil || i.Claim == nil ||",
			"	if true || i == nil || i.Claim == nil ||",
		},
		{
			"forgets that the other source has the key", true, "../../inventory/compose.go",
			"	if len(c.shards) < 2 {",
			"	if len(c.shards) < 9 {",
		},
	}
}

// TestMutants builds each mutant and runs histories on it. It takes minutes, so it is asked for with INVBRIDGE_MUTANTS.
func TestMutants(t *testing.T) {
	if os.Getenv("INVBRIDGE_MUTANTS") == "" {
		t.Skip("INVBRIDGE_MUTANTS is not set")
	}
	for _, m := range mutants() {
		t.Run(m.name, func(t *testing.T) {
			if !m.has {
				t.Skip("the product does not have what the mistake is made in")
			}
			m.mustBeFound(t)
		})
	}
}

var foundAt = regexp.MustCompile(`history (\d+):`)

func (m mutant) mustBeFound(t *testing.T) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "test", "-overlay", m.overlay(t), "-run", "TestHistories", "-count=1", ".")
	cmd.Env = append(os.Environ(), "INVBRIDGE_SEEDS=2000", "INVBRIDGE_SEED=1", "INVBRIDGE_MUTANTS=")
	out, err := cmd.CombinedOutput()
	if found := foundAt.FindSubmatch(out); err != nil && found != nil {
		t.Logf("found by history %s: %s", found[1], firstLine(out[bytes.Index(out, found[0]):]))
		return
	}
	t.Errorf("2000 histories do not find it: %v\n%s", err, out[max(0, len(out)-2000):])
}

func firstLine(b []byte) []byte {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return line
}

// overlay writes the mutant's file, and where the compiler finds it in the place of the product's.
func (m mutant) overlay(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(m.file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), m.old) != 1 {
		t.Fatalf("%s has changed: the mistake has no place in it", m.file)
	}
	dir := t.TempDir()
	mutated, list := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
	replace, _ := json.Marshal(map[string]map[string]string{"Replace": {path: mutated}}) // strings
	if err := os.WriteFile(mutated, []byte(strings.Replace(string(text), m.old, m.new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, replace, 0o600); err != nil {
		t.Fatal(err)
	}
	return list
}
