package session

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/node"
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
		if got := limitFor(c.limit, leastMemory, c.room); got != c.want {
			t.Errorf("%d with room for %d: %d, want %d", c.limit, c.room, got, c.want)
		}
	}
}

// TestALargeDirectoryRaisesTheLimit: what stays in memory for the whole of an import takes no room from what is made meanwhile. With a directory
// of 100,000 nodes the collector ran three times as often for each node as with one of 10,000.
func TestALargeDirectoryRaisesTheLimit(t *testing.T) {
	before, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(-1) // no collection moves the limit meanwhile
	t.Cleanup(func() {
		debug.SetMemoryLimit(before)
		debug.SetGCPercent(percent)
	})
	directoryOf := func(nodes int) *node.Directory {
		list := make([]node.Node, nodes)
		for i := range list {
			list[i] = node.Node{ID: fmt.Sprintf("i-%017x", i), ComputerName: fmt.Sprintf("node-%d", i)}
		}
		return node.New(list)
	}
	small, large := directoryOf(10_000), directoryOf(100_000)
	if size := large.Size(); size < 9*small.Size() || size < 100_000*len("i-00000000000000000") {
		t.Errorf("a directory of %d bytes, another with ten times the nodes of %d", small.Size(), size)
	}
	for _, c := range []struct {
		name, memory string
		nodes        *node.Directory
		want         int64
	}{
		{"few nodes", "", small, leastMemory},
		{"many nodes", "", large, leastBeside + 2*int64(large.Size())},
		{"a limit of the user's own", "64MiB", large, before},
	} {
		debug.SetMemoryLimit(before)
		s := New(Console{Getenv: func(string) string { return c.memory }})
		s.BoundMemory()
		s.holdNodes(c.nodes)
		s.holdNodes(small) // which lowers nothing
		if got := debug.SetMemoryLimit(-1); got != c.want {
			t.Errorf("%s: a limit of %d, want %d", c.name, got, c.want)
		}
		s.Close()
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
