package meaning

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// again: a document that says what the one before said, written at the same time or later, is put no second time.
func again(ctx context.Context, h *history) string {
	in, err := install(ctx, h.nodes, "")
	if err != nil {
		return err.Error()
	}
	first, err := h.imported(ctx, in, []int{0})
	if err != nil || first != "" {
		return ""
	}
	holds, calls := h.holds(in), puts(in)
	for _, later := range []time.Duration{0, time.Minute, 30 * time.Hour} {
		if _, err := in.put(ctx, h.name, doc{text: h.files[0].text.text(), as: h.as}, h.files[0].at.Add(later)); err != nil {
			return fmt.Sprintf("written %s later: %v", later, err)
		}
		if n := puts(in) - calls; n != 0 || h.holds(in) != holds {
			return fmt.Sprintf("written %s later: %d calls; before\n%s\nafter\n%s", later, n, holds, h.holds(in))
		}
	}
	return ""
}

func puts(in *installation) int { return in.box.Counts().Calls["PutInventory"] }

// TestSamplesTwice: each sample twice is one put.
func TestSamplesTwice(t *testing.T) {
	var put atomic.Int32
	t.Run("samples", func(t *testing.T) {
		for _, path := range sampleFiles(t) {
			if info, err := os.Stat(path); err != nil || info.Size() > 1<<20 {
				continue
			}
			parts := strings.Split(filepath.ToSlash(path), "/")
			name := strings.Join(parts[max(0, len(parts)-3):], "/")
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				h, ok := sampled(t, path, source(1, name))
				if !ok {
					return
				}
				if end, err := h.ends(t.Context(), []int{0}); err == nil && strings.Contains(end, "=") {
					put.Add(1)
				}
				if found := again(t.Context(), h); found != "" {
					t.Errorf("%.3000s", found)
				}
			})
		}
	})
	t.Logf("nodes hold entries of %d samples", put.Load())
	if put.Load() < 30 {
		t.Errorf("nodes hold entries of %d samples: the test says too little", put.Load())
	}
}
