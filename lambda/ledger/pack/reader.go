package pack

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

const (
	windowBytes = fullBytes // what is read of a pack at once: all of one that is not full
	keptBytes   = 16 << 20  // what is kept of packs that were read or written
)

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

// Block returns a block out of a pack of so many bytes. A pack that is gone, or too short, is an *Error; other errors are the store's.
func (r *Reader) Block(ctx context.Context, key string, size int64, at Place) ([]byte, error) {
	if data := r.kept(key, at); data != nil {
		return data, nil
	}
	from, to := int64(0), size
	if size > windowBytes {
		from = at.Offset / windowBytes * windowBytes
		to = min(size, max(from+windowBytes, at.Offset+at.Length))
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

func (r *Reader) keep(p part) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.parts, r.bytes = append(r.parts, p), r.bytes+len(p.data)
	for r.bytes > keptBytes && len(r.parts) > 1 {
		r.bytes -= len(r.parts[0].data)
		r.parts = slices.Delete(r.parts, 0, 1)
	}
}
