package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestMemoryLimitFollowsTheFunctionsSize(t *testing.T) {
	before, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(100)
	t.Cleanup(func() {
		debug.SetMemoryLimit(before)
		debug.SetGCPercent(percent)
	})
	for size, want := range map[string]int64{"128": 88 << 20, "512": 448 << 20, "1024": 896 << 20, "": before, "much": before} {
		debug.SetMemoryLimit(before)
		boundMemory(func(name string) string {
			if name == "AWS_LAMBDA_FUNCTION_MEMORY_SIZE" {
				return size
			}
			return ""
		})
		if got := debug.SetMemoryLimit(-1); got != want {
			t.Errorf("%q: a limit of %d, want %d", size, got, want)
		}
	}
	debug.SetMemoryLimit(before)
	boundMemory(func(string) string { return "512" }) // GOGC and GOMEMLIMIT, too
	if got := debug.SetMemoryLimit(-1); got != before {
		t.Errorf("a limit of %d though one was set", got)
	}
}

func TestProcessorsFollowTheFunctionsSize(t *testing.T) {
	before := runtime.GOMAXPROCS(3)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	for _, c := range []struct {
		size, set string
		want      int
	}{{"128", "", 1}, {"1769", "", 1}, {"1770", "", 3}, {"", "", 3}, {"much", "", 3}, {"128", "3", 3}} {
		runtime.GOMAXPROCS(3)
		boundProcessors(func(name string) string {
			return map[string]string{"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": c.size, "GOMAXPROCS": c.set}[name]
		})
		if got := runtime.GOMAXPROCS(0); got != c.want {
			t.Errorf("%q, GOMAXPROCS=%q: %d processors, want %d", c.size, c.set, got, c.want)
		}
	}
}
