package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// NamedIdentifiers are those of all machines that a document names, whether or not a node was found for them. They are kept as the first
// eight bytes of their SHA-256: should two be equal there, a machine that is absent counts as named, and nothing is cleared.
type NamedIdentifiers struct {
	sums   []uint64
	sorted bool
}

// They are stored behind the first of these, with the SHA-256 of all at the end; those of before had no checksum.
const (
	namedIdentifiersMagic  = "ibnames2"
	namedIdentifiersBefore = "ibnames1"
)

// Add adds an identifier, as it stands in Statement.Subject.
func (n *NamedIdentifiers) Add(id string) {
	n.sums = append(n.sums, sumOf(id))
	n.sorted = false
	if len(n.sums) >= 1<<16 && len(n.sums) == cap(n.sums) {
		n.compact()
	}
}

// Has reports whether an identifier is among them.
func (n *NamedIdentifiers) Has(id string) bool {
	n.compact()
	_, found := slices.BinarySearch(n.sums, sumOf(id))
	return found
}

func (n *NamedIdentifiers) compact() {
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

// namedIdentifiersKey is where those of an import's document are staged.
func namedIdentifiersKey(id string) string { return "staging/" + id + "/named" }

// WriteNamedIdentifiers stages those of an import's document for the deliveries of its partitions.
func (l *Ledger) WriteNamedIdentifiers(ctx context.Context, id string, n *NamedIdentifiers) error {
	n.compact()
	data := []byte(namedIdentifiersMagic)
	for _, sum := range n.sums {
		data = binary.LittleEndian.AppendUint64(data, sum)
	}
	whole := sha256.Sum256(data)
	data = append(data, whole[:]...)
	if _, err := l.store.Put(ctx, namedIdentifiersKey(id), data, Any); err != nil {
		return fmt.Errorf("ledger: staging the named identifiers of import %s: %w", id, err)
	}
	return nil
}

// ReadNamedIdentifiers reads what WriteNamedIdentifiers staged.
func (l *Ledger) ReadNamedIdentifiers(ctx context.Context, id string) (*NamedIdentifiers, error) {
	data, _, err := l.store.Get(ctx, namedIdentifiersKey(id))
	if err != nil {
		return nil, fmt.Errorf("ledger: reading the named identifiers of import %s: %w", id, err)
	}
	rest, ok := sumsOf(data)
	if !ok || len(rest)%8 != 0 {
		return nil, &FormatError{namedIdentifiersKey(id), "it is damaged, or of another version of this program"}
	}
	n := &NamedIdentifiers{}
	for chunk := range slices.Chunk(rest, 8) {
		n.sums = append(n.sums, binary.LittleEndian.Uint64(chunk))
	}
	n.compact()
	return n, nil
}

// sumsOf returns what stands between the beginning of stored identifiers and their checksum; ok: they are whole.
func sumsOf(data []byte) (sums []byte, ok bool) {
	if before, is := bytes.CutPrefix(data, []byte(namedIdentifiersBefore)); is {
		return before, true
	}
	at := len(data) - sha256.Size
	if at < len(namedIdentifiersMagic) || !bytes.HasPrefix(data, []byte(namedIdentifiersMagic)) {
		return nil, false
	}
	whole := sha256.Sum256(data[:at])
	return data[len(namedIdentifiersMagic):at], bytes.Equal(whole[:], data[at:])
}
