package session

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestMemoryLimitFollowsTheHeap holds more than the limit allows: it must be raised, so that the collector has room, and fall again when that is
// no longer held. After the session nothing moves it.
func TestMemoryLimitFollowsTheHeap(t *testing.T) {
	before, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(100)
	t.Cleanup(func() {
		debug.SetMemoryLimit(before)
		debug.SetGCPercent(percent)
	})
	s := New(Console{})
	LetHeapGrow(s.Getenv)
	s.BoundMemory()
	held := make([][]byte, 64)
	for i := range held {
		held[i] = make([]byte, 1<<20)
	}
	raised := limitWhere(t, func(limit int64) bool { return limit >= 64<<20+leastRoom })
	runtime.KeepAlive(held)
	fallen := limitWhere(t, func(limit int64) bool { return limit < raised })
	s.Close()
	for range 3 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond) // what was begun may end
	}
	debug.SetMemoryLimit(2 * fallen)
	runtime.GC()
	time.Sleep(50 * time.Millisecond)
	if limit := debug.SetMemoryLimit(-1); limit != 2*fallen {
		t.Errorf("a limit of %d was moved to %d after the session", 2*fallen, limit)
	}
}

// limitWhere collects until the limit is as it should be.
func limitWhere(t *testing.T, is func(int64) bool) int64 {
	t.Helper()
	for range 500 {
		runtime.GC()
		if limit := debug.SetMemoryLimit(-1); is(limit) {
			return limit
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("a limit of %d", debug.SetMemoryLimit(-1))
	return 0
}

func TestLimitLeavesRoom(t *testing.T) {
	for _, c := range []struct{ limit, room, want int64 }{
		{leastMemory, leastRoom, leastMemory},
		{leastMemory, leastRoom - 5, leastMemory + 5},
		{leastMemory, 100 << 20, leastMemory},
		{leastMemory + 100, mostRoom + 10, leastMemory + 90},
		{leastMemory + 100, mostRoom + 1000, leastMemory},
		{leastMemory + 100, mostRoom, leastMemory + 100},
	} {
		if got := limitFor(c.limit, c.room); got != c.want {
			t.Errorf("%d with room for %d: %d, want %d", c.limit, c.room, got, c.want)
		}
	}
}

func TestHeapGrowsFromTheStart(t *testing.T) {
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	for gogc, want := range map[string]int{"": gcPercent, "100": 100} {
		debug.SetGCPercent(100)
		LetHeapGrow(func(string) string { return gogc })
		if got := debug.SetGCPercent(100); got != want {
			t.Errorf("GOGC=%q: %d, want %d", gogc, got, want)
		}
	}
}

// TestOneProcessor: a session runs on one, unless it is said how many.
func TestOneProcessor(t *testing.T) {
	before := runtime.GOMAXPROCS(3)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	for set, want := range map[string]int{"2": 3, "": 1} {
		runtime.GOMAXPROCS(3)
		New(Console{Getenv: func(string) string { return set }}).BoundProcessors()
		if got := runtime.GOMAXPROCS(0); got != want {
			t.Errorf("GOMAXPROCS=%q: %d processors, want %d", set, got, want)
		}
	}
}
