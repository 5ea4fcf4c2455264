// Package named keeps the identifiers that a document names, in few bytes. It does not know where they are stored.
package named

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// Identifiers are those of all machines that a document names, whether or not a node was found for them. They are kept as the first
// eight bytes of their SHA-256: should two be equal there, a machine that is absent counts as named, and nothing is cleared.
type Identifiers struct {
	sums   []uint64
	sorted bool
}

// They are stored behind the first of these, with the SHA-256 of all at the end; those of before had no checksum.
const (
	magic  = "ibnames2"
	before = "ibnames1"
)

// Add adds an identifier, as it stands in Statement.Subject.
func (n *Identifiers) Add(id string) {
	n.sums = append(n.sums, sumOf(id))
	n.sorted = false
	if len(n.sums) >= 1<<16 && len(n.sums) == cap(n.sums) {
		n.compact()
	}
}

// Has reports whether an identifier is among them.
func (n *Identifiers) Has(id string) bool {
	n.compact()
	_, found := slices.BinarySearch(n.sums, sumOf(id))
	return found
}

func (n *Identifiers) compact() {
	if n.sorted {
		return
	}
	slices.Sort(n.sums)
	n.sums, n.sorted = slices.Compact(n.sums), true
}

func sumOf(id string) uint64 {
	sum := sha256.Sum256([]byte(id))
	return binary.LittleEndian.Uint64(sum[:])
}

// Encode lays them out.
func (n *Identifiers) Encode() []byte {
	n.compact()
	data := []byte(magic)
	for _, sum := range n.sums {
		data = binary.LittleEndian.AppendUint64(data, sum)
	}
	whole := sha256.Sum256(data)
	return append(data, whole[:]...)
}

// Decode reads what Encode made, and reports whether it is whole.
func Decode(data []byte) (*Identifiers, bool) {
	rest, ok := sumsOf(data)
	if !ok || len(rest)%8 != 0 {
		return nil, false
	}
	n := &Identifiers{}
	for chunk := range slices.Chunk(rest, 8) {
		n.sums = append(n.sums, binary.LittleEndian.Uint64(chunk))
	}
	n.compact()
	return n, true
}

// sumsOf returns what stands between the beginning of stored identifiers and their checksum; ok: they are whole.
func sumsOf(data []byte) (sums []byte, ok bool) {
	if sums, is := bytes.CutPrefix(data, []byte(before)); is {
		return sums, true
	}
	at := len(data) - sha256.Size
	if at < len(magic) || !bytes.HasPrefix(data, []byte(magic)) {
		return nil, false
	}
	whole := sha256.Sum256(data[:at])
	return data[len(magic):at], bytes.Equal(whole[:], data[at:])
}
