// Package ledger knows what each node holds, from which source, since when, and what is still to be put: heads, rows and deliveries,
// and where they are stored. It does not know how items are composed, nor how they are put.
package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/codec"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/pack"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/written"
)

// Ledger is the state of one installation.
type Ledger struct {
	store        Store
	installation Installation
	zip          *codec.Codec
	heads        *written.Writer[Head]
	packs        pack.Reader
	marks        marks
	guest        bool
	now          func() time.Time
}

// Options are for whom a state is made.
type Options struct {
	Partitions int              // how many, when the state is made: 1 to 1,024; 0: 64. A state that exists keeps its number
	Endpoint   string           // the service's address where it is not AWS itself; "": AWS
	Start      string           // ID of the sandbox's start; "": not a sandbox
	Guest      bool             // only read: somebody else makes the state, of as many partitions as are given here
	Look       bool             // only read, for whichever service it was made
	Now        func() time.Time // nil: time.Now
}

// Open opens the state in a store and makes it where there is none. It refuses, with a *StateError, a state made for another
// endpoint or another start of a sandbox, one written by a newer version, and one that has lost its installation.json.
func Open(ctx context.Context, store Store, o Options) (*Ledger, error) {
	in, etag, err := install(ctx, store, o)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	l := &Ledger{store: store, installation: in, zip: codec.New(), packs: pack.Reader{Store: store}, guest: o.Guest || o.Look, now: o.Now}
	l.heads = written.For[Head]()
	l.marks.set(in, etag, l.now())
	return l, nil
}

// Store is where the state lives; receipts and staged deliveries stand beside it.
func (l *Ledger) Store() Store { return l.store }

// Partitions is the number of partitions that nodes fall into; it never changes.
func (l *Ledger) Partitions() int { return l.installation.Partitions }

// Partition is the partition of a node, from 0: the first eight bytes of the SHA-256 of its ID as a big-endian number, modulo the
// number of partitions. This is part of the state's format.
func (l *Ledger) Partition(node string) int {
	sum := sha256.Sum256([]byte(node))
	return int(binary.BigEndian.Uint64(sum[:8]) % uint64(l.installation.Partitions)) //nolint:gosec // below 1,024
}
