package ledger

import "sync"

// recentBytes is how much of what was just written is kept, as it was stored.
const recentBytes = 2 << 20

// recent keeps objects that never change, the last ones written, so that they need not be read back at once.
type recent struct {
	mu      sync.Mutex
	objects map[string][]byte
	order   []string
	bytes   int
}

func (r *recent) get(name string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.objects[name]
}

func (r *recent) put(name string, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
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
