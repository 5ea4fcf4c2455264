package installed

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"sync"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

// Marks are the partitions of which it is known that they have a head: one that is gone must not be taken for one that was never written, or the
// next put would remove the rows of other sources. The lock is not held while the store is asked.
type Marks struct {
	Partitions int // how many the state has

	store store.Store
	guest bool
	now   func() time.Time

	mu    sync.Mutex
	in    Record    // as it is stored
	etag  string    // of the stored one; "": there is none
	read  time.Time // when that was read or written
	heads []byte    // of which a head was seen, or in.Heads says so: a bit each
	fresh int       // of those, that in.Heads does not say
}

// get returns what is stored, as far as that is known, and the partitions that have a head.
func (m *Marks) get() (in Record, heads []byte, etag string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.in, bytes.Clone(m.heads), m.etag
}

// ID is the installation's.
func (m *Marks) ID() string {
	in, _, _ := m.get()
	return in.ID
}

// set notes what is stored.
func (m *Marks) set(in Record, etag string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, err := hex.DecodeString(in.Heads)
	if err != nil || len(stored) > maxPartitions/8 {
		stored = nil // which the checksum excludes
	}
	heads := make([]byte, maxPartitions/8)
	copy(heads, m.heads)
	fresh := 0
	for i := range heads {
		if i < len(stored) {
			fresh += bits.OnesCount8(heads[i] &^ stored[i])
			heads[i] |= stored[i]
			continue
		}
		fresh += bits.OnesCount8(heads[i])
	}
	m.in, m.etag, m.read, m.heads, m.fresh = in, etag, m.now(), heads, fresh
}

// Note notes that a partition has a head.
func (m *Marks) Note(partition int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.has(partition) {
		m.heads[partition/8] |= 1 << (partition % 8)
		m.fresh++
	}
}

func (m *Marks) has(partition int) bool { return m.heads[partition/8]>>(partition%8)&1 == 1 }

// stored is how many marks are stored.
func (m *Marks) stored() int {
	n := -m.fresh
	for _, b := range m.heads {
		n += bits.OnesCount8(b)
	}
	return n
}

// marksFor is how long marks that were read count as those that are stored. A sweep meets many partitions without a head.
const marksFor = time.Minute

// NeverWritten returns an error for a head that is not there, though it was written.
func (m *Marks) NeverWritten(ctx context.Context, partition int) error {
	known, old := m.ask(partition)
	if !known && old {
		if err := m.reread(ctx); err != nil { // somebody else may have made the head
			return err
		}
		known, _ = m.ask(partition)
	}
	if !known {
		return nil
	}
	return &StateError{
		HeadKey(partition) + " is gone, which holds what the nodes of its partition have",
		"restore it from the store's history, or see invbridge state repair; until then nothing is put to these nodes",
	}
}

// ask reports whether a partition is known to have a head, and whether what is stored should be read before one believes that it has none.
func (m *Marks) ask(partition int) (known, old bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.has(partition), m.etag != "" && m.now().Sub(m.read) >= marksFor
}

// Raise makes installation.json one of this version, before a head is: programs that know older ones alone refuse the state from then on. It
// returns the installation's ID.
func (m *Marks) Raise(ctx context.Context) (id string, err error) {
	if in, _, _ := m.get(); in.Version < Version && !m.guest {
		err = m.write(ctx)
	}
	in, _, _ := m.get()
	return in.ID, err
}

// ErrOther is returned for a head of another installation.
var ErrOther = errors.New("it is of another installation")

// IsOurs returns an error for a head of another installation.
func (m *Marks) IsOurs(ctx context.Context, of string, version int) error {
	if in, _, _ := m.get(); of == in.ID || version < Version {
		return nil
	}
	if err := m.reread(ctx); err != nil { // somebody else may have raised the state
		return err
	}
	if in, _, _ := m.get(); of == in.ID {
		return nil
	}
	return ErrOther
}

// reread reads what is stored.
func (m *Marks) reread(ctx context.Context) error {
	in, etag, err := read(ctx, m.store)
	if err == nil {
		m.set(in, etag)
	}
	return err
}

// Save stores the marks that are new, when they are half as many as those that are stored. So a first import of many partitions does not write as
// many times. Where all is given, they are stored in any case.
func (m *Marks) Save(ctx context.Context, all bool) error {
	if m.guest || !m.due(all) {
		return nil
	}
	return m.write(ctx)
}

func (m *Marks) due(all bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fresh > 0 && (all || 2*m.fresh >= m.stored())
}

// maxMarking is how often marks are written anew because somebody else has written some.
const maxMarking = 10

// write writes the marks that are known. Others may do so at the same time: who comes too late reads what is there and adds to it.
func (m *Marks) write(ctx context.Context) error {
	for range maxMarking {
		in, heads, etag := m.get()
		in.ID = cmp.Or(in.ID, rand.Text())
		in.Version, in.Heads = Version, hex.EncodeToString(heads[:(in.Partitions+7)/8])
		etag, err := seal.Put(ctx, m.store, Key, in, etag)
		if err == nil {
			m.set(in, etag)
			return nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
		if err := m.reread(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("ledger: marking heads: %w", store.ErrConflict)
}
