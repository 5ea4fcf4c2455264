package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/pack"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// A head that was put back from before does not have what was stated since: putting by it would remove the rows of other sources. Packs are
// numbered, and none is written over, so whoever writes one meets those of a later head. Such a pack alone proves nothing: its writer may have been
// killed before it wrote the head. The receipt of the import that the pack is of does, where it has the number of that head or a later one.

// noteMagic begins the note in a pack, which is the import that it is of.
const noteMagic = "ibnote01"

// watch makes a head's table ask about the packs that it meets.
func (l *Ledger) watch(h *Head) {
	h.table.Last = h.Writes
	h.table.Met = func(ctx context.Context, key string) error { return l.met(ctx, h, key) }
}

// sign makes the note of the packs that are written for a head.
func (l *Ledger) sign(h *Head) {
	note := []byte(noteMagic + h.Import)
	if name := pack.Name(note); h.table.Note.Name != name {
		data, _ := l.zip.Compress(note) // which fails for a wrong setting alone
		h.table.Note = pack.Block{Name: name, Data: data}
	}
}

// isLast returns an error for a head that is about to be saved, though a later one was. Where a pack was written, its number was free. Else the next
// one is looked for.
func (l *Ledger) isLast(ctx context.Context, h *Head) error {
	if h.last || h.table.Last > h.Writes {
		h.Writes, h.last = h.table.Last, true
		return nil
	}
	for number := h.Writes + 1; ; number++ {
		key := h.table.Key(number)
		_, err := store.Range(ctx, l.store, key, 0, 1)
		if errors.Is(err, ErrNotFound) {
			h.last = true
			return nil
		}
		if err == nil {
			err = l.met(ctx, h, key)
		}
		if err != nil {
			return err
		}
	}
}

// met returns an error where a pack that is stored already proves that a head is not the last one.
func (l *Ledger) met(ctx context.Context, h *Head, key string) error {
	later, err := l.IsLater(ctx, h, key)
	if err != nil || !later {
		return err
	}
	_, etag, err := l.store.Get(ctx, headKey(h.Partition))
	if err == nil && etag != h.etag { // another writer has saved its head meanwhile
		return fmt.Errorf("ledger: writing %s: %w", headKey(h.Partition), ErrConflict)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("ledger: reading %s: %w", headKey(h.Partition), err)
	}
	return &StateError{
		Problem: fmt.Sprintf("%s is older than the last one that was written, of which %s is", headKey(h.Partition), key),
		WayOut:  "restore that from the store's history, or see invbridge state repair; until then nothing is put to the nodes of its partition",
	}
}

// IsLater reports whether a pack proves that a head of its partition was written that is later than one. A damaged pack proves nothing.
func (l *Ledger) IsLater(ctx context.Context, h *Head, key string) (bool, error) {
	data, _, err := l.store.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("ledger: reading %s: %w", key, err)
	}
	blocks, err := pack.Decode(key, data)
	if err != nil || len(blocks) == 0 {
		return false, nil //nolint:nilerr // as above
	}
	note, err := l.zip.Expand(blocks[0].Data)
	id, ok := bytes.CutPrefix(note, []byte(noteMagic))
	if err != nil || !ok || len(id) == 0 {
		return false, nil //nolint:nilerr // of a program before, or of no import
	}
	writes, err := receipt.NewBook(l.store).Writes(ctx, string(id), h.Partition)
	return writes > h.Writes, err
}

// DamagedBlocks returns what is damaged or gone of the blocks that a head references, with the sources that state it.
func (l *Ledger) DamagedBlocks(ctx context.Context, h *Head) (map[string][]string, error) {
	damaged, known := map[string][]string{}, map[string]string{}
	for _, n := range h.Nodes {
		for _, t := range n.Types {
			for source, s := range t.Shares {
				if err := l.damagedOf(ctx, h, source, s, damaged, known); err != nil {
					return nil, err
				}
			}
		}
	}
	return damaged, nil
}

// damagedOf adds what is damaged of a share. Known has the damaged object of each block that was read; "": it is whole.
func (l *Ledger) damagedOf(ctx context.Context, h *Head, source string, s *Share, damaged map[string][]string, known map[string]string) (err error) {
	one := &NodeState{Types: map[string]*Type{"": {Shares: map[string]*Share{source: s}}}}
	one.eachBlock(func(k *kind, name string) {
		object, seen := known[name]
		if !seen && err == nil {
			_, err = l.readBlock(ctx, h, k, name)
			if damage, isDamage := errors.AsType[*BlockError](err); isDamage {
				object, err = damage.Object, nil
			}
			known[name] = object
		}
		if object != "" && !slices.Contains(damaged[object], source) {
			damaged[object] = append(damaged[object], source)
		}
	})
	return err
}

// OwnBlocks returns the keys of the blocks that a head references and that are objects of their own.
func (h *Head) OwnBlocks() (keys []string) {
	h.eachBlock(func(k *kind, name string) {
		if k != nil && !h.table.Has(name) {
			keys = append(keys, k.key(name))
		}
	})
	return keys
}
