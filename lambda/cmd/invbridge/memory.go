package main

import "runtime/debug"

// memoryLimit is what the garbage collector aims at, unless GOMEMLIMIT says otherwise. A document of any size fits: what exceeds the
// budgets waits in files.
const memoryLimit = 40 << 20

// boundMemory keeps the heap small: a laptop has other things to do, and the files that are read may be large.
func boundMemory(getenv func(string) string) {
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
}
