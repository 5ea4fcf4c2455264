package main

import (
	"runtime/debug"
	"strconv"
)

// What the garbage collector aims at: a function is paid for its memory whether it uses it or not.
const (
	gcPercent   = 400      // growth of the heap between two collections, while there is room below the limit
	leastBeside = 40 << 20 // bytes of the function that are not the collector's: the program and what the runtime's host takes
)

// boundMemory sets the collector's limit from the function's own size, unless GOGC or GOMEMLIMIT are set.
func boundMemory(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	mib, err := strconv.ParseInt(getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), 10, 32)
	if getenv("GOMEMLIMIT") != "" || err != nil || mib <= 0 {
		return
	}
	size := mib << 20
	debug.SetMemoryLimit(size - min(max(leastBeside, size/8), size/2))
}
