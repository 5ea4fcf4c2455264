package parked

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCountedBySource(t *testing.T) {
	var r Result
	r.count("a", 0)
	r.count("a", 2)
	r.count("b", 1)
	if diff := cmp.Diff(Result{Waiting: 3, By: map[string]int{"a": 2, "b": 1}}, r); diff != "" {
		t.Error(diff)
	}
}
