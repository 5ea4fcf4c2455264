package session

import (
	"runtime"
	"runtime/debug"
)

// What the garbage collector aims at: a laptop has other things to do, and files of any size are read in the same memory.
const (
	gcPercent   = 400      // growth of the heap between two collections, while there is room below the limit
	workingSet  = 22 << 20 // bytes that reading and putting take, above what is held all the time
	heldPart    = 2        // and this part of what is held: of each node that a document names something is kept, too
	leastMemory = 36 << 20
)

// boundProcessors has the program run on one processor, unless GOMAXPROCS is set. What it does stands in a row, and the goroutines of package
// http hand over to each other: on several processors each time wakes a thread, which took a fifth of the CPU time of many small puts.
func boundProcessors(getenv func(string) string) {
	if getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(1)
	}
}

// boundMemory keeps the heap small, unless GOGC or GOMEMLIMIT are set. It is called after the mappings and the directory of nodes, which
// are held all the time, are loaded: a limit below these would make the collector run without end.
func boundMemory(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if getenv("GOMEMLIMIT") != "" {
		return
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	held := int64(m.HeapInuse + m.StackInuse) //nolint:gosec // far below 2^63
	debug.SetMemoryLimit(max(leastMemory, held+held/heldPart+workingSet))
}
