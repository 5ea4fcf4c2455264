// Package frame writes and reads pieces of a stored object one after the other, each with its length and checksum. It does not know what they mean.
package frame

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// MaxBytes is how long a payload may be.
const MaxBytes = 1 << 30

// DamageError is returned for a frame that cannot be what was written.
type DamageError struct{ Problem string }

func (e *DamageError) Error() string { return "frame: " + e.Problem }

// Write writes the length of a payload as an unsigned varint, the payload, and its CRC-32C (four bytes, little endian).
func Write(out io.Writer, payload []byte) error {
	if len(payload) > MaxBytes {
		return fmt.Errorf("frame: it has %d bytes: at most %d are possible", len(payload), MaxBytes)
	}
	var head [binary.MaxVarintLen64]byte
	sum := binary.LittleEndian.AppendUint32(nil, crc32.Checksum(payload, crc32.MakeTable(crc32.Castagnoli)))
	for _, part := range [][]byte{binary.AppendUvarint(head[:0], uint64(len(payload))), payload, sum} {
		if _, err := out.Write(part); err != nil {
			return err //nolint:wrapcheck // the writer says what is written
		}
	}
	return nil
}

// Read reads a frame's payload; "" is one of no length, which has no checksum. It allocates no more than is there, whatever the length. Where
// the frame is cut off, the error is io.EOF or io.ErrUnexpectedEOF.
func Read(in *bufio.Reader) (string, error) {
	length, err := binary.ReadUvarint(in)
	if err != nil || length == 0 {
		return "", err //nolint:wrapcheck // see above
	}
	if length > MaxBytes {
		return "", &DamageError{"a frame is longer than any can be"}
	}
	var b strings.Builder
	if length <= 1<<20 {
		b.Grow(int(length))
	}
	hash := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	if _, err := io.CopyN(io.MultiWriter(&b, hash), in, int64(length)); err != nil {
		return "", err //nolint:wrapcheck // see above
	}
	var sum [4]byte
	if _, err := io.ReadFull(in, sum[:]); err != nil {
		return "", err //nolint:wrapcheck // see above
	}
	if binary.LittleEndian.Uint32(sum[:]) != hash.Sum32() {
		return "", &DamageError{"a frame is damaged"}
	}
	return b.String(), nil
}
