package spill

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// frames yields every frame of the bucket in the order in which it was added, without loading the file.
func (k *bucket) frames(each func(g Group, frame []byte) error) error {
	r := bufio.NewReaderSize(io.MultiReader(k.stored(), bytes.NewReader(k.memory)), 64<<10)
	var frame []byte
	for {
		hash, n, err := frameHead(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		frame = slices.Grow(frame[:0], int(n))[:n]
		if _, err := io.ReadFull(r, frame); err != nil {
			return fmt.Errorf("%w: %w", errFrame, err)
		}
		if err := each(Group(hash), frame); err != nil {
			return err
		}
	}
}

// frameHead reads a frame's hash and length; io.EOF only where no frame begins.
func frameHead(r *bufio.Reader) (hash, n uint64, err error) {
	var h [8]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		if errors.Is(err, io.EOF) {
			return 0, 0, io.EOF
		}
		return 0, 0, fmt.Errorf("%w: %w", errFrame, err)
	}
	n, err = binary.ReadUvarint(r)
	if err != nil {
		return 0, 0, fmt.Errorf("%w: %w", errFrame, err)
	}
	return binary.LittleEndian.Uint64(h[:]), n, nil
}

// span is where a frame of a group stands in a loaded bucket.
type span struct {
	hash       uint64
	start, end int
}

// eachGroup yields the frames of a loaded bucket, sorted by group, in the order of adding inside a group.
func (b *Buckets) eachGroup(data []byte, yield func(Frames, error) bool) bool {
	spans, err := index(b.spans[:0], data)
	b.spans = nil // whoever yields may ask for groups meanwhile
	defer func() { b.spans = spans }()
	if err != nil {
		yield(Frames{}, err)
		return false
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.hash, b.hash) })
	var group [][]byte
	for i, s := range spans {
		group = append(group, data[s.start:s.end:s.end])
		if i+1 < len(spans) && spans[i+1].hash == s.hash {
			continue
		}
		if !yield(Frames{loaded: group}, nil) {
			return false
		}
		group = group[:0]
	}
	return true
}

// index appends where the frames of a loaded bucket stand.
func index(spans []span, data []byte) ([]span, error) {
	for at := 0; at < len(data); {
		if at+8 > len(data) {
			return spans, errFrame
		}
		hash := binary.LittleEndian.Uint64(data[at:])
		n, w := binary.Uvarint(data[at+8:])
		start := at + 8 + w
		if w <= 0 || n > uint64(len(data)-start) {
			return spans, errFrame
		}
		at = start + int(n)
		spans = append(spans, span{hash, start, at})
	}
	return spans, nil
}
