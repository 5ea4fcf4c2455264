package ledger

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/codec"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/installed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
)

const (
	plainHeadBytes = 1 << 20      // a larger head is stored as zstd
	zstdMagic      = "(\xb5/\xfd" // first bytes of a zstd frame
	nodeBytes      = 1200         // about so many are written of a node
)

func headKey(partition int) string { return installed.HeadKey(partition) }

// Load reads the head of a partition; one that was never written is empty. One that is gone, though it was written, is a *StateError.
func (l *Ledger) Load(ctx context.Context, partition int) (*Head, error) {
	l.packs.Leave(packsOf(partition))
	data, etag, err := l.store.Get(ctx, headKey(partition))
	if errors.Is(err, ErrNotFound) {
		if err := l.marks.NeverWritten(ctx, partition); err != nil {
			return nil, err
		}
		h := &Head{Version: Version, Partition: partition, Nodes: map[string]*NodeState{}}
		h.locate()
		l.watch(h)
		return h, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: reading the head of partition %d: %w", partition, err)
	}
	h, err := decodeHead(data, l.zip)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", headKey(partition), err)
	}
	if h.Partition != partition {
		return nil, fmt.Errorf("%s: %w", headKey(partition), &FormatError{"head", "it is of another partition"})
	}
	err = l.marks.IsOurs(ctx, h.Of, h.Version)
	if errors.Is(err, installed.ErrOther) {
		err = &FormatError{"head", err.Error()}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", headKey(partition), err)
	}
	h.etag = etag
	l.marks.Note(partition)
	l.watch(h)
	return h, nil
}

// Heads yields the heads of all partitions, one after the other: all together may be large. A non-nil error is the last thing yielded.
func (l *Ledger) Heads(ctx context.Context) iter.Seq2[*Head, error] {
	return func(yield func(*Head, error) bool) {
		for p := range l.Partitions() {
			h, err := l.Load(ctx, p)
			if !yield(h, err) || err != nil {
				return
			}
		}
	}
}

// Save writes a head over the version that it was read from, after a pack of the blocks that are new in it. ErrConflict: somebody else has
// written it; load it again.
func (l *Ledger) Save(ctx context.Context, h *Head) error {
	id, err := l.marks.Raise(ctx)
	if err != nil {
		return err
	}
	if err := l.pack(ctx, h); err != nil {
		return err
	}
	if err := l.isLast(ctx, h); err != nil {
		return err
	}
	h.Version, h.Of = Version, id
	data, err := l.heads.Append(make([]byte, 0, max(h.bytes+h.bytes/8, (1+len(h.Nodes))*nodeBytes)), h)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	data = seal.Seal(data)
	h.bytes = len(data)
	if len(data) > plainHeadBytes {
		data, err = l.zip.Compress(data)
		if err != nil {
			return err
		}
	}
	etag, err := l.store.Put(ctx, headKey(h.Partition), data, cmp.Or(h.etag, Absent))
	if err != nil {
		return fmt.Errorf("ledger: writing the head of partition %d: %w", h.Partition, err)
	}
	h.etag = etag
	l.marks.Note(h.Partition)
	_ = l.marks.Save(ctx, false) // the head is written: what cannot be marked now is with the next one, or by MarkHeads
	return nil
}

// IsVersion reports whether two heads are the same stored version.
func (h *Head) IsVersion(other *Head) bool { return h.etag == other.etag }

// unzipped returns a head as JSON.
func unzipped(data []byte, zip *codec.Codec) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte(zstdMagic)) {
		return data, nil
	}
	data, err := zip.Expand(data)
	if err != nil {
		return nil, &FormatError{"head", "it is damaged"}
	}
	return data, nil
}

func decodeHead(data []byte, zip *codec.Codec) (*Head, error) {
	data, err := unzipped(data, zip)
	if err != nil {
		return nil, err
	}
	var h Head
	sealed, err := seal.Read(data, &h)
	if err != nil { // one of a newer version may have fields of other kinds
		h.Version = seal.Version(data)
	}
	if h.Version > Version && !errors.Is(err, seal.ErrDamaged) {
		return nil, installed.Newer("the head", h.Version)
	}
	if err != nil || h.Version < 1 || h.Version == Version && !sealed || h.lacks() || !h.locate() {
		return nil, &FormatError{"head", "it is damaged"}
	}
	if h.Nodes == nil {
		h.Nodes = map[string]*NodeState{}
	}
	h.bytes = len(data)
	return &h, nil
}

// lacks reports whether anything is missing that must be there.
func (h *Head) lacks() bool {
	if hasNil(h.Pages) {
		return true
	}
	for _, n := range h.Nodes {
		if n == nil || hasNil(n.Sources) || hasNil(n.Types) || n.Intent != nil && hasNil(n.Intent.Types) {
			return true
		}
		for _, t := range n.Types {
			if hasNil(t.Shares) {
				return true
			}
		}
	}
	return false
}

func hasNil[V any](m map[string]*V) bool {
	for _, v := range m {
		if v == nil {
			return true
		}
	}
	return false
}
