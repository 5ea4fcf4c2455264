package ledger

import (
	"sync"
	"time"
)

// recentBytes is how much of what was just written is kept, as it was stored.
const recentBytes = 2 << 20

// recent keeps objects that never change, the last ones written, so that they need not be read back at once.
type recent struct {
	mu      sync.Mutex
	objects map[string][]byte
	order   []string
	bytes   int
	since   time.Time // when the first of them was kept
}

// recentFor is how long what was written counts as stored: unreferenced rows are deleted some day.
const recentFor = 24 * time.Hour

func (r *recent) get(name string, now time.Time) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.since) >= recentFor {
		r.objects, r.order, r.bytes = nil, nil, 0
	}
	return r.objects[name]
}

func (r *recent) put(name string, data []byte, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.objects) == 0 {
		r.since = now
	}
	if r.objects == nil {
		r.objects = map[string][]byte{}
	}
	if _, ok := r.objects[name]; ok || len(data) > recentBytes {
		return
	}
	for r.bytes+len(data) > recentBytes {
		r.bytes -= len(r.objects[r.order[0]])
		delete(r.objects, r.order[0])
		r.order = r.order[1:]
	}
	r.objects[name], r.order, r.bytes = data, append(r.order, name), r.bytes+len(data)
}
