package pack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

const (
	keptBytes  = 6 << 20   // what is kept of packs that were read or written
	leastBytes = 128 << 10 // what is read of a pack at once, at least
)

// window is how much is read at once of packs of so many bytes together: all, where it can be kept. Else blocks are asked for in the order in
// which they lie in each pack, so that a part of each is enough.
func window(packs []Info) int64 {
	all := int64(0)
	for _, p := range packs {
		all += p.Bytes
	}
	if all <= keptBytes {
		return keptBytes
	}
	return max(leastBytes, min(fullBytes, keptBytes/int64(len(packs)+1)))
}

// Reader reads blocks out of packs, and keeps what it has read last. It is safe for use by several goroutines.
type Reader struct {
	Store store.Store

	mu    sync.Mutex
	parts []part // the last used at the end
	bytes int
}

// part is a part of a pack.
type part struct {
	key  string
	from int64
	data []byte
}

func (p *part) holds(key string, at Place) bool {
	return p.key == key && p.from <= at.Offset && at.Offset+at.Length <= p.from+int64(len(p.data))
}

func (p *part) block(at Place) []byte {
	from := at.Offset - p.from
	return p.data[from : from+at.Length : from+at.Length]
}

// Block returns a block out of a pack of so many bytes, of which so many are read at once. A pack that is gone, or too short, is an *Error; other
// errors are the store's.
func (r *Reader) Block(ctx context.Context, key string, size, window int64, at Place) ([]byte, error) {
	if data := r.kept(key, at); data != nil {
		return data, nil
	}
	from, to := int64(0), size
	if size > window {
		from = at.Offset
		to = min(size, from+max(window, at.Length))
	}
	data, err := store.Range(ctx, r.Store, key, from, to-from)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &Error{key, "it is gone"}
	}
	if err != nil {
		return nil, err
	}
	p := part{key, from, data}
	if !p.holds(key, at) {
		return nil, &Error{key, "it is cut off"}
	}
	r.keep(p)
	return p.block(at), nil
}

func (r *Reader) kept(key string, at Place) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.parts, func(p part) bool { return p.holds(key, at) })
	if i < 0 {
		return nil
	}
	p := r.parts[i]
	r.parts = append(slices.Delete(r.parts, i, i+1), p)
	return p.block(at)
}

// Leave no longer keeps parts of packs whose keys begin otherwise: they are another partition's.
func (r *Reader) Leave(prefix string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.parts = slices.DeleteFunc(r.parts, func(old part) bool { return !strings.HasPrefix(old.key, prefix) })
	r.bytes = 0
	for _, old := range r.parts {
		r.bytes += len(old.data)
	}
}

func (r *Reader) keep(p part) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.parts, r.bytes = append(r.parts, p), r.bytes+len(p.data)
	for r.bytes > keptBytes && len(r.parts) > 1 {
		r.bytes -= len(r.parts[0].data)
		r.parts = slices.Delete(r.parts, 0, 1)
	}
}
