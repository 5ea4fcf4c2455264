package session

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"

	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// What the garbage collector aims at: a laptop has other things to do, and files of any size are read in the same memory.
const (
	gcPercent   = 400      // growth of the heap between two collections, while there is room below the limit
	leastMemory = 38 << 20 // the limit
	leastRoom   = 4 << 20  // what is made between two collections at the least: with less, the collector takes more time than the work
	mostRoom    = 5 << 20  // of a limit that was raised

	// A large directory is held all the time, so each collection would come sooner with it and cost more: twice its size is added to this.
	leastBeside = 27 << 20
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
	if s.Getenv("GOMEMLIMIT") != "" || s.least.Load() > 0 {
		return
	}
	s.least.Store(leastMemory)
	s.closers = append(s.closers, func() error {
		s.least.Store(0)
		return nil
	})
	debug.SetMemoryLimit(leastMemory)
	followHeap(&s.least)
}

// holdNodes raises the limit for a directory that is held from now on.
func (s *Session) holdNodes(d *node.Directory) {
	if least := leastFor(int64(d.Size())); least > s.least.Load() && s.least.Load() > 0 {
		s.least.Store(least)
		debug.SetMemoryLimit(max(least, debug.SetMemoryLimit(-1)))
	}
}

// leastFor is the least limit with a directory of so many bytes.
func leastFor(directory int64) int64 { return max(leastMemory, leastBeside+2*directory) }

// followHeap moves the limit after each collection, so that there is room above what is held: a directory of many nodes, and what is kept of those of
// a partition. The collector tells nobody when it has run, but it cleans up after what it has found to be garbage. No least limit: it is over.
func followHeap(least *atomic.Int64) {
	type garbage struct{ _ *int }
	runtime.AddCleanup(new(garbage), func(least *atomic.Int64) {
		lowest := least.Load()
		if lowest == 0 {
			return
		}
		limit := debug.SetMemoryLimit(-1) // which changes nothing
		if next := limitFor(limit, lowest, roomOfHeap()); next != limit {
			debug.SetMemoryLimit(next)
		}
		followHeap(least)
	}, least)
}

// limitFor is the next limit, where the one at hand leaves so much room until the next collection.
func limitFor(limit, least, room int64) int64 {
	switch {
	case room < leastRoom:
		return limit + leastRoom - room
	case room > mostRoom:
		return max(least, limit+mostRoom-room)
	}
	return limit
}

// roomOfHeap is how much the heap grows until the next collection.
func roomOfHeap() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64()) - int64(sample[1].Value.Uint64()) //nolint:gosec // far below 2^63
}
