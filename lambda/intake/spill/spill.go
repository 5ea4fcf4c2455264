// Package spill holds groups of byte strings that do not fit into memory: it keeps them in buckets by the hash of their group, in
// memory up to a budget and in temporary files beyond it, and yields each group whole. It does not know what the bytes mean.
package spill

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
)

// Buckets is a store of frames. It is written first and read afterwards, by one goroutine.
type Buckets struct {
	dir     string
	budget  int
	held    int
	spilled bool // the budget is used up: each bucket goes to its file by itself
	buckets []bucket
	files   []file  // of so many buckets each, in their order
	loaded  *[]byte // what a bucket is read into, one after the other
	spans   []span  // where its frames stand in it; used again, too
}

// Group stands for the name of a group. Equal names give equal groups, in every process.
type Group uint64

// GroupOf returns the group of a name. Different names are practically never one group; a reader that must be sure compares the
// names in its frames.
func GroupOf(name string) Group {
	sum := sha256.Sum256([]byte(name))
	return Group(binary.LittleEndian.Uint64(sum[:]))
}

// bucket is the frames of some groups: what is in the file comes before what is in memory.
type bucket struct {
	memory  []byte
	in      *file  // for what does not stay in memory
	place   uint32 // of the bucket among those of the file
	size    int64  // of what is in the file
	only    Group
	several bool // there are others besides only
}

// New makes a store of n buckets that holds at most budget bytes in memory; dir is where its files go ("": the system's
// temporary directory).
func New(dir string, n, budget int) *Buckets {
	return newBuckets(dir, n, budget, new([]byte))
}

func newBuckets(dir string, n, budget int, loaded *[]byte) *Buckets {
	b := &Buckets{dir: dir, budget: budget, buckets: make([]bucket, n), files: make([]file, (n+bucketsAFile-1)/bucketsAFile), loaded: loaded}
	for i := range b.buckets {
		k := &b.buckets[i]
		k.in, k.place = &b.files[i/bucketsAFile], uint32(i%bucketsAFile)
		k.in.left++
	}
	return b
}

// Add appends a frame to a group that lies in bucket i. Frames of one group come back in the order in which they were added.
func (b *Buckets) Add(i int, g Group, frame []byte) error {
	k := &b.buckets[i]
	before := len(k.memory)
	if before == 0 && k.size == 0 {
		k.only = g
	}
	k.several = k.several || g != k.only
	if need := before + len(frame) + headBytes; need > cap(k.memory) {
		k.memory = append(make([]byte, 0, max(need, b.roomAfter(cap(k.memory)))), k.memory...)
	}
	k.memory = binary.LittleEndian.AppendUint64(k.memory, uint64(g))
	k.memory = binary.AppendUvarint(k.memory, uint64(len(frame)))
	k.memory = append(k.memory, frame...)
	b.held += len(k.memory) - before
	switch {
	case b.spilled && len(k.memory) >= b.share():
		b.held -= len(k.memory)
		return k.flush(b.dir, 2*b.share())
	case !b.spilled && b.held > b.budget:
		b.spilled = true
		return b.flush()
	}
	return nil
}

// headBytes is more than stands before a frame: its group and its length.
const headBytes = 8 + binary.MaxVarintLen64

// roomAfter is how much room a bucket gets that has used up its own. One that has its part of the budget is written soon, and needs little more.
func (b *Buckets) roomAfter(room int) int {
	if share := b.share(); room < share && 2*room >= share {
		return share + share/4
	}
	return 2 * room
}

// share is a bucket's part of the budget.
func (b *Buckets) share() int { return b.budget / len(b.buckets) }

// BucketOf returns a bucket for a group, by its hash.
func (b *Buckets) BucketOf(g Group) int { return int(uint64(g) >> 32 % uint64(len(b.buckets))) }

// Touched reports whether anything was added to bucket i.
func (b *Buckets) Touched(i int) bool { return len(b.buckets[i].memory) > 0 || b.buckets[i].size > 0 }

// Len is the number of buckets.
func (b *Buckets) Len() int { return len(b.buckets) }

// Close removes the files. A nil Buckets has none.
func (b *Buckets) Close() error {
	if b == nil {
		return nil
	}
	var errs []error
	for i := range b.buckets {
		errs = append(errs, b.buckets[i].drop())
	}
	return errors.Join(errs...)
}

// Drop frees bucket i, once it was read for the last time.
func (b *Buckets) Drop(i int) error {
	b.held -= len(b.buckets[i].memory)
	return b.buckets[i].drop()
}

// drop frees a bucket. With the last one of them the file goes.
func (k *bucket) drop() error {
	if k.in == nil {
		return nil
	}
	in := k.in
	*k = bucket{}
	return in.leave()
}

// Settle is called when all is written. Where something lies in files already, the rest goes there too, so that reading has the
// memory.
func (b *Buckets) Settle() error {
	if !slices.ContainsFunc(b.files, func(f file) bool { return f.file != nil }) {
		return nil
	}
	if err := b.flush(); err != nil {
		return err
	}
	for i := range b.buckets {
		b.buckets[i].memory = nil
	}
	return nil
}

// flush writes every bucket's memory behind its file.
func (b *Buckets) flush() error {
	for i := range b.buckets {
		if err := b.buckets[i].flush(b.dir, 2*b.share()); err != nil {
			return err
		}
	}
	b.held = 0
	return nil
}

// flush writes a bucket's memory behind its file, and keeps the buffer if it is not larger than so many bytes.
func (k *bucket) flush(dir string, kept int) error {
	if len(k.memory) == 0 {
		return nil
	}
	n := len(k.memory)
	if err := k.in.write(dir, k.place, k.memory); err != nil {
		return err
	}
	k.size += int64(n)
	k.memory = k.memory[:0]
	if cap(k.memory) > kept {
		k.memory = nil
	}
	return nil
}
