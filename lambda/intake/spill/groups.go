package spill

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
)

// A bucket above splitBytes is divided again before it is read, so that reading never needs more memory than about that; of one that cannot be
// made smaller, since it is one large group, the frames are read one after the other.
const (
	splitBytes = 2 << 20
	partBytes  = 1 << 20 // of all parts together, in memory
	splitWays  = 16
	maxDepth   = 4
)

var errFrame = errors.New("spill: a temporary file is damaged")

// Frames are those of one group, in the order in which they were added.
type Frames struct {
	loaded [][]byte
	large  *bucket // of which they are all; nil: they are loaded
}

// Large reports whether they are read one after the other each time, since they take much memory together.
func (f *Frames) Large() bool { return f.large != nil }

// All yields the frames. Those of a large group stay valid, those of another until the next group.
func (f *Frames) All() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if f.large != nil {
			if err := f.large.frames(func(_ Group, frame []byte) error { return goOn(yield(slices.Clone(frame), nil)) }); err != nil && !errors.Is(err, errEnough) {
				yield(nil, err)
			}
			return
		}
		for _, frame := range f.loaded {
			if !yield(frame, nil) {
				return
			}
		}
	}
}

var errEnough = errors.New("spill: no more frames are asked for")

func goOn(more bool) error {
	if more {
		return nil
	}
	return errEnough
}

// Groups yields the frames of bucket i group by group, the groups in the order of their hash. The frames are valid until the next
// step. It may be called again until the bucket is dropped.
func (b *Buckets) Groups(i int) iter.Seq2[Frames, error] {
	return func(yield func(Frames, error) bool) {
		b.groups(&b.buckets[i], 0, yield)
	}
}

func (b *Buckets) groups(k *bucket, depth int, yield func(Frames, error) bool) bool {
	if k.size+int64(len(k.memory)) > splitBytes {
		if !k.several {
			return yield(Frames{large: k}, nil)
		}
		if depth < maxDepth {
			return b.split(k, depth, yield)
		}
	}
	data, err := k.load(b.loaded)
	if err != nil {
		yield(Frames{}, err)
		return false
	}
	return b.eachGroup(data, yield)
}

// load reads the whole bucket into memory, over what was loaded before.
func (k *bucket) load(into *[]byte) ([]byte, error) {
	if k.size == 0 {
		return k.memory, nil
	}
	if need := int(k.size) + len(k.memory); need > cap(*into) {
		*into = make([]byte, 0, max(need, min(2*cap(*into), splitBytes)))
	}
	data := (*into)[:k.size]
	if _, err := io.ReadFull(k.stored(), data); err != nil {
		return nil, fmt.Errorf("spill: reading a temporary file: %w", err)
	}
	return append(data, k.memory...), nil
}

// split divides a bucket by further bits of the groups' hashes and reads the parts one after the other.
func (b *Buckets) split(k *bucket, depth int, yield func(Frames, error) bool) bool {
	parts := newBuckets(b.dir, splitWays, partBytes, b.loaded)
	defer func() { _ = parts.Close() }() // the files are temporary: what cannot be removed now is the system's to remove
	if err := k.frames(func(g Group, frame []byte) error {
		return parts.Add(int(uint64(g)>>(4*depth)%splitWays), g, frame)
	}); err != nil {
		yield(Frames{}, err)
		return false
	}
	for i := range parts.buckets {
		if !parts.groups(&parts.buckets[i], depth+1, yield) {
			return false
		}
		_ = parts.buckets[i].drop()
	}
	return true
}
