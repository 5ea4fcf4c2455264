// Package pack knows how the blocks of a partition lie in packs: how a pack is laid out, which packs a new one takes over, and how blocks are
// read back. A block is bytes with a name, which is the SHA-256 of what they are before compression. It does not know what blocks hold, nor
// which of them a head needs.
package pack

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
)

// A pack is, in this order:
//
//	"ibpack01"
//	the blocks, one after the other
//	the index: their number, and of each its name (32 bytes), its length, and its CRC-32C (4 bytes, little endian)
//	the length of the index (8 bytes, little endian), the SHA-256 of "ibpack01" and the index, "ibpkend1"
//
// Numbers and lengths are unsigned varints. Whoever reads a block knows its place, and needs no index: that is for whoever has lost the head.
const (
	magic    = "ibpack01"
	endMagic = "ibpkend1"
	footer   = 8 + sha256.Size + len(endMagic)
	nameSize = sha256.Size
)

// Block is bytes as they are stored, and their name as hexadecimal digits.
type Block struct {
	Name string
	Data []byte
}

// Place is where a block lies.
type Place struct {
	Pack           int // index in Table.Packs
	Offset, Length int64
}

// Error is returned for a pack that is not what it should be.
type Error struct {
	Key     string
	Problem string
}

func (e *Error) Error() string { return "pack: " + e.Key + ": " + e.Problem }

// encode lays out a pack, and returns where each block begins.
func encode(blocks []Block) (data []byte, offsets []int64) {
	size := len(magic) + footer + binary.MaxVarintLen64
	for _, b := range blocks {
		size += len(b.Data) + nameSize + binary.MaxVarintLen32 + 4
	}
	data, offsets = append(make([]byte, 0, size), magic...), make([]int64, len(blocks))
	for i, b := range blocks {
		offsets[i] = int64(len(data))
		data = append(data, b.Data...)
	}
	index := len(data)
	data = binary.AppendUvarint(data, uint64(len(blocks)))
	for _, b := range blocks {
		name := nameOf(b.Name)
		data = append(data, name[:]...)
		data = binary.AppendUvarint(data, uint64(len(b.Data)))
		data = binary.LittleEndian.AppendUint32(data, crc32.Checksum(b.Data, crc32.MakeTable(crc32.Castagnoli)))
	}
	sum := sumOf(data[index:])
	data = binary.LittleEndian.AppendUint64(data, uint64(len(data)-index)) //nolint:gosec // not negative
	data = append(data, sum[:]...)
	return append(data, endMagic...), offsets
}

// nameOf returns a name's bytes.
func nameOf(name string) (out [nameSize]byte) {
	_, _ = hex.Decode(out[:], []byte(name)) // names are made by Name
	return out
}

// Name is the name of a block: of what it is before compression.
func Name(expanded []byte) string {
	sum := sha256.Sum256(expanded)
	return hex.EncodeToString(sum[:])
}

func sumOf(index []byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	h.Write([]byte(magic))
	h.Write(index)
	h.Sum(sum[:0])
	return sum
}
