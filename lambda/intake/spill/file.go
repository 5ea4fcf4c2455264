package spill

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

// bucketsAFile is how many buckets have a file together: making and removing one takes as long as writing a hundred kilobytes. Buckets are read in
// their order, so that the files go one after the other.
const bucketsAFile = 8

// file is a temporary file of some buckets. It is made when it is written to first.
type file struct {
	file   *os.File
	size   int64
	chunks []chunk // in the order in which they stand in it
	left   int     // buckets that are not dropped
}

// chunk is what was written at once: how many bytes, and of which bucket. Of a large document there are very many.
type chunk uint32

const maxChunk = math.MaxUint32 / bucketsAFile

func (c chunk) size() int64    { return int64(c / bucketsAFile) }
func (c chunk) bucket() uint32 { return uint32(c % bucketsAFile) }

// write writes what a bucket has behind what is there.
func (f *file) write(dir string, bucket uint32, data []byte) error {
	if f.file == nil {
		made, err := os.CreateTemp(dir, "invbridge-spill-*")
		if err != nil {
			return fmt.Errorf("spill: making a temporary file: %w", err)
		}
		f.file = made
	}
	if _, err := f.file.WriteAt(data, f.size); err != nil {
		return fmt.Errorf("spill: writing a temporary file: %w", err)
	}
	f.size += int64(len(data))
	for len(data) > 0 {
		n := min(len(data), maxChunk)
		f.chunks = append(f.chunks, chunk(n)*bucketsAFile+chunk(bucket))
		data = data[n:]
	}
	return nil
}

// leave takes a bucket out. With the last one the file is removed.
func (f *file) leave() error {
	f.left--
	if f.left > 0 || f.file == nil {
		return nil
	}
	old := f.file
	f.file, f.chunks = nil, nil
	return errors.Join(old.Close(), os.Remove(old.Name()))
}

// stored reads what a bucket has in its file.
type stored struct {
	in     *file
	bucket uint32
	next   int   // chunk
	at     int64 // where it stands
	rest   int64 // of the chunk before it
}

func (k *bucket) stored() io.Reader { return &stored{in: k.in, bucket: k.place} }

// Read reads from one chunk.
func (s *stored) Read(p []byte) (int, error) {
	for s.rest == 0 {
		if s.next == len(s.in.chunks) {
			return 0, io.EOF
		}
		c := s.in.chunks[s.next]
		s.next++
		s.at += c.size()
		if c.bucket() == s.bucket {
			s.rest = c.size()
		}
	}
	n, err := s.in.file.ReadAt(p[:min(int64(len(p)), s.rest)], s.at-s.rest)
	s.rest -= int64(n)
	if n > 0 || !errors.Is(err, io.EOF) {
		return n, err
	}
	return 0, io.ErrUnexpectedEOF
}
