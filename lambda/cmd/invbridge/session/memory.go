package session

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// What the garbage collector aims at: a laptop has other things to do, and files of any size are read in the same memory.
const (
	gcPercent   = 400      // growth of the heap between two collections, while there is room below the limit
	leastMemory = 38 << 20 // the limit
	leastRoom   = 4 << 20  // what is made between two collections at the least: with less, the collector takes more time than the work
	mostRoom    = 5 << 20  // of a limit that was raised
)

// BoundProcessors has the program run on one processor, unless GOMAXPROCS is set. What a command does stands in a row, and the goroutines of package
// http hand over to each other: on several processors each time wakes a thread, which took a fifth of the CPU time of many small puts.
func (s *Session) BoundProcessors() {
	if s.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(1)
	}
}

// LetHeapGrow lets the heap grow as much as BoundMemory allows, unless GOGC is set: a start is over before the first collection.
func LetHeapGrow(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}

// BoundMemory keeps the heap small until the session is closed, unless GOMEMLIMIT is set.
func (s *Session) BoundMemory() {
	if s.Getenv("GOMEMLIMIT") != "" || s.bounded {
		return
	}
	s.bounded = true
	ended := new(atomic.Bool)
	s.closers = append(s.closers, func() error {
		ended.Store(true)
		return nil
	})
	debug.SetMemoryLimit(leastMemory)
	followHeap(ended)
}

// followHeap moves the limit after each collection, so that there is room above what is held: a directory of many nodes, and what is kept of those of
// a partition. The collector tells nobody when it has run, but it cleans up after what it has found to be garbage.
func followHeap(ended *atomic.Bool) {
	type garbage struct{ _ *int }
	runtime.AddCleanup(new(garbage), func(ended *atomic.Bool) {
		if ended.Load() {
			return
		}
		limit := debug.SetMemoryLimit(-1) // which changes nothing
		if next := limitFor(limit, roomOfHeap()); next != limit {
			debug.SetMemoryLimit(next)
		}
		followHeap(ended)
	}, ended)
}

// limitFor is the next limit, where the one at hand leaves so much room until the next collection.
func limitFor(limit, room int64) int64 {
	switch {
	case room < leastRoom:
		return limit + leastRoom - room
	case room > mostRoom:
		return max(leastMemory, limit+mostRoom-room)
	}
	return limit
}

// roomOfHeap is how much the heap grows until the next collection.
func roomOfHeap() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64()) - int64(sample[1].Value.Uint64()) //nolint:gosec // far below 2^63
}
