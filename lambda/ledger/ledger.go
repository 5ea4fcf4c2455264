// Package ledger knows what each node holds, from which source, since when, and what is still to be put: heads, rows and deliveries,
// and where they are stored. It does not know how items are composed, nor how they are put.
package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/codec"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/installed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/pack"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/written"
)

// Ledger is the state of one installation.
type Ledger struct {
	store Store
	marks *installed.Marks
	zip   *codec.Codec
	heads *written.Writer[Head]
	rows  *written.Writer[rowsHeader]
	packs pack.Reader

	buffers sync.Pool // of *[]byte: what rows are encoded into
}

// Version is that of the states which this program writes, and of all objects that have a checksum.
const Version = installed.Version

// Options are for whom a state is made.
type Options = installed.Options

// StateError is why a state is refused, and what to do.
type StateError = installed.StateError

// Open opens the state in a store and makes it where there is none. It refuses, with a *StateError, a state made for another
// endpoint or another start of a sandbox, one written by a newer version, and one that has lost its installation.json.
func Open(ctx context.Context, store Store, o Options) (*Ledger, error) {
	m, err := installed.Open(ctx, store, o)
	if err != nil {
		return nil, err
	}
	return &Ledger{
		store: store, marks: m, zip: codec.New(), packs: pack.Reader{Store: store}, heads: written.For[Head](), rows: written.For[rowsHeader](),
	}, nil
}

// Store is where the state lives; receipts and staged deliveries stand beside it.
func (l *Ledger) Store() Store { return l.store }

// Partitions is the number of partitions that nodes fall into; it never changes.
func (l *Ledger) Partitions() int { return l.marks.Partitions }

// Partition is the partition of a node, from 0: the first eight bytes of the SHA-256 of its ID as a big-endian number, modulo the
// number of partitions. This is part of the state's format.
func (l *Ledger) Partition(node string) int {
	sum := sha256.Sum256([]byte(node))
	return int(binary.BigEndian.Uint64(sum[:8]) % uint64(l.marks.Partitions)) //nolint:gosec // below 1,024
}

// MarkHeads stores that the partitions have heads of which this process has seen one.
func (l *Ledger) MarkHeads(ctx context.Context) error { return l.marks.Save(ctx, true) }
