package main

import (
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
