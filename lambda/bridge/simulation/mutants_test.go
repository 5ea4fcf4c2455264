package simulation

import (
	"os"
	"os/exec"
	"regexp"
	"testing"
)

// TestMutants builds the product with its protocol broken, one rule after the other, and runs histories on it: they must find each.
// It takes a while, so it is asked for with INVBRIDGE_MUTANTS.
func TestMutants(t *testing.T) {
	if os.Getenv("INVBRIDGE_MUTANTS") == "" {
		t.Skip("INVBRIDGE_MUTANTS is not set")
	}
	for _, mutant := range []string{"saves-after-put", "stale-by-shard", "clears-by-node", "ignores-intents"} {
		t.Run(mutant, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "go", "test", "-tags", "mutant", "-run", "TestHistories", "-count=1", ".")
			cmd.Env = append(os.Environ(), "INVBRIDGE_MUTANT="+mutant, "INVBRIDGE_SEEDS=2000", "INVBRIDGE_SEED=1", "INVBRIDGE_MUTANTS=")
			out, err := cmd.CombinedOutput()
			if found := failed.Find(out); err != nil && found != nil {
				t.Logf("found by %s", found)
				return
			}
			t.Errorf("2000 histories do not find it: %v\n%s", err, out[max(0, len(out)-2000):])
		})
	}
}

var failed = regexp.MustCompile(`history \d+: .*`)
