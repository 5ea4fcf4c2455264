package pack

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
)

// Decode returns the blocks of a pack, without its head. Any damage is an *Error: of the index, or of a block.
func Decode(key string, data []byte) ([]Block, error) {
	bad := func(problem string) ([]Block, error) { return nil, &Error{key, problem} }
	if len(data) < len(magic)+footer || string(data[:len(magic)]) != magic || string(data[len(data)-len(endMagic):]) != endMagic {
		return bad("it is no pack, or one of another version of this program, or cut off")
	}
	end := len(data) - footer
	length := binary.LittleEndian.Uint64(data[end:])
	if length > uint64(end-len(magic)) {
		return bad("its end is damaged")
	}
	body, index := data[len(magic):end-int(length)], data[end-int(length):end]
	if sum := sumOf(index); !bytes.Equal(sum[:], data[end+8:end+8+len(sum)]) {
		return bad("its index is damaged")
	}
	return decodeIndex(key, body, index)
}

func decodeIndex(key string, body, index []byte) ([]Block, error) {
	bad := &Error{key, "its index is damaged"}
	count, n := binary.Uvarint(index)
	if n <= 0 || count > uint64(len(index)/(nameSize+1+4)) {
		return nil, bad
	}
	index = index[n:]
	blocks := make([]Block, 0, count)
	for range count {
		if len(index) < nameSize {
			return nil, bad
		}
		name := hex.EncodeToString(index[:nameSize])
		length, n := binary.Uvarint(index[nameSize:])
		if n <= 0 || length > uint64(len(body)) || len(index) < nameSize+n+4 {
			return nil, bad
		}
		block := Block{name, body[:length:length]}
		if binary.LittleEndian.Uint32(index[nameSize+n:]) != crc32.Checksum(block.Data, crc32.MakeTable(crc32.Castagnoli)) {
			return nil, &Error{key, "a block of it is damaged"}
		}
		blocks, body, index = append(blocks, block), body[length:], index[nameSize+n+4:]
	}
	if len(body)+len(index) > 0 {
		return nil, bad
	}
	return blocks, nil
}
