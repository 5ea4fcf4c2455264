//go:build mutant

package delivery

import "os"

// mutant names the rule that this build breaks.
var mutant = os.Getenv("INVBRIDGE_MUTANT")

func savesAfterPut() bool  { return mutant == "saves-after-put" }
func staleByShard() bool   { return mutant == "stale-by-shard" }
func clearsByNode() bool   { return mutant == "clears-by-node" }
func ignoresIntents() bool { return mutant == "ignores-intents" }
