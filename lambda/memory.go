package main

import (
	"runtime"
	"runtime/debug"
	"strconv"
)

// What the garbage collector aims at: a function is paid for its memory whether it uses it or not.
const (
	gcPercent   = 400      // growth of the heap between two collections, while there is room below the limit
	leastBeside = 40 << 20 // bytes of the function that are not the collector's: the program and what the runtime's host takes

	oneProcessor = 1769 // MB of a function that has one processor's time
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

// boundProcessors has the program run on as many processors as the function is given the time of, unless GOMAXPROCS is set. It sees more. What it
// does stands in a row, and the goroutines of package http hand over to each other: on several processors each time wakes a thread.
func boundProcessors(getenv func(string) string) {
	mib, err := strconv.Atoi(getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"))
	if getenv("GOMAXPROCS") == "" && err == nil && mib > 0 && mib <= oneProcessor {
		runtime.GOMAXPROCS(1)
	}
}
