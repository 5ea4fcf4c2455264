// Package codec compresses and expands whole objects of a state.
package codec

import (
	"fmt"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Codec compresses and expands objects. It is safe for use by several goroutines.
type Codec struct {
	writer  func() (*zstd.Encoder, error)
	reader  func() (*zstd.Decoder, error)
	buffers sync.Pool // of *[]byte: what is compressed into
}

// New returns a codec.
func New() *Codec {
	return &Codec{
		writer: sync.OnceValues(func() (*zstd.Encoder, error) {
			return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true),
				zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(256<<10))
		}),
		reader: sync.OnceValues(func() (*zstd.Decoder, error) {
			return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxExpandedBytes), zstd.WithDecoderLowmem(true))
		}),
	}
}

// maxExpandedBytes is the size of the largest object that is expanded.
const maxExpandedBytes = 1 << 30

// Compress makes one zstd frame.
func (c *Codec) Compress(data []byte) ([]byte, error) {
	w, err := c.writer()
	if err != nil {
		return nil, fmt.Errorf("codec: compressing: %w", err)
	}
	buf, ok := c.buffers.Get().(*[]byte)
	if !ok {
		buf = new([]byte)
	}
	defer c.buffers.Put(buf)
	*buf = w.EncodeAll(data, (*buf)[:0])
	return slices.Clone(*buf), nil
}

// Expand opens a zstd frame.
func (c *Codec) Expand(data []byte) ([]byte, error) {
	r, err := c.reader()
	if err != nil {
		return nil, fmt.Errorf("codec: expanding: %w", err)
	}
	out, err := r.DecodeAll(data, nil)
	if err != nil {
		return nil, fmt.Errorf("codec: expanding: %w", err)
	}
	return out, nil
}
