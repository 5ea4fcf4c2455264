package ledger

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
)

// marks are the partitions of which it is known that they have a head: one that is gone must not be taken for one that was never written, or the
// next put would remove the rows of other sources. The lock is not held while the store is asked.
type marks struct {
	mu    sync.Mutex
	in    Installation // as it is stored
	etag  string       // of the stored one; "": there is none
	read  time.Time    // when that was read or written
	heads []byte       // of which a head was seen, or in.Heads says so: a bit each
	fresh int          // of those, that in.Heads does not say
}

// get returns what is stored, as far as that is known, and the partitions that have a head.
func (m *marks) get() (in Installation, heads []byte, etag string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.in, bytes.Clone(m.heads), m.etag
}

// set notes what is stored.
func (m *marks) set(in Installation, etag string, now time.Time) {
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
	m.in, m.etag, m.read, m.heads, m.fresh = in, etag, now, heads, fresh
}

// note notes that a partition has a head.
func (m *marks) note(partition int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.has(partition) {
		m.heads[partition/8] |= 1 << (partition % 8)
		m.fresh++
	}
}

func (m *marks) has(partition int) bool { return m.heads[partition/8]>>(partition%8)&1 == 1 }

// stored is how many marks are stored.
func (m *marks) stored() int {
	n := -m.fresh
	for _, b := range m.heads {
		n += bits.OnesCount8(b)
	}
	return n
}

// marksFor is how long marks that were read count as those that are stored. A sweep meets many partitions without a head.
const marksFor = time.Minute

// neverWritten returns an error for a head that is not there, though it was written.
func (l *Ledger) neverWritten(ctx context.Context, partition int) error {
	known, old := l.marks.ask(partition, l.now())
	if !known && old {
		if err := l.readMarks(ctx); err != nil { // somebody else may have made the head
			return err
		}
		known, _ = l.marks.ask(partition, l.now())
	}
	if !known {
		return nil
	}
	return &StateError{
		headKey(partition) + " is gone, which holds what the nodes of its partition have",
		"restore it from the store's history, or see invbridge state repair; until then nothing is put to these nodes",
	}
}

// ask reports whether a partition is known to have a head, and whether what is stored should be read before one believes that it has none.
func (m *marks) ask(partition int, now time.Time) (known, old bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.has(partition), m.etag != "" && now.Sub(m.read) >= marksFor
}

// raise makes installation.json one of this version, before a head is: programs that know older ones alone refuse the state from then on. It
// returns the installation's ID.
func (l *Ledger) raise(ctx context.Context) (id string, err error) {
	if in, _, _ := l.marks.get(); in.Version < Version && !l.guest {
		err = l.writeMarks(ctx)
	}
	in, _, _ := l.marks.get()
	return in.ID, err
}

// isOurs returns an error for a head of another installation.
func (l *Ledger) isOurs(ctx context.Context, h *Head) error {
	if in, _, _ := l.marks.get(); h.Of == in.ID || h.Version < Version {
		return nil
	}
	if err := l.readMarks(ctx); err != nil { // somebody else may have raised the state
		return err
	}
	if in, _, _ := l.marks.get(); h.Of == in.ID {
		return nil
	}
	return &FormatError{"head", "it is of another installation"}
}

// readMarks reads what is stored.
func (l *Ledger) readMarks(ctx context.Context) error {
	in, etag, err := readInstallation(ctx, l.store)
	if err == nil {
		l.marks.set(in, etag, l.now())
	}
	return err
}

// mark stores the marks that are new: at once while there are few, and else when they are an eighth of those that are stored. So a first
// import of many partitions does not write as many times. Where all is given, they are stored in any case.
func (l *Ledger) mark(ctx context.Context, all bool) error {
	if l.guest || !l.marks.due(all) {
		return nil
	}
	return l.writeMarks(ctx)
}

func (m *marks) due(all bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fresh > 0 && (all || m.fresh >= m.stored()/8)
}

// MarkHeads stores that the partitions have heads of which this process has seen one.
func (l *Ledger) MarkHeads(ctx context.Context) error { return l.mark(ctx, true) }

// maxMarking is how often marks are written anew because somebody else has written some.
const maxMarking = 10

// writeMarks writes the marks that are known. Others may do so at the same time: who comes too late reads what is there and adds to it.
func (l *Ledger) writeMarks(ctx context.Context) error {
	for range maxMarking {
		in, heads, etag := l.marks.get()
		in.ID = cmp.Or(in.ID, rand.Text())
		in.Version, in.Heads = Version, hex.EncodeToString(heads[:(in.Partitions+7)/8])
		etag, err := writeJSON(ctx, l.store, installationKey, in, etag)
		if err == nil {
			l.marks.set(in, etag, l.now())
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return err
		}
		if err := l.readMarks(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("ledger: marking heads: %w", ErrConflict)
}
