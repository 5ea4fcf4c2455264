package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/pack"
)

const (
	packPrefix = "packs/" // of the keys of all packs
	tidyRows   = 500      // objects of their own that one tidying packs
)

// packsOf is what the keys of a partition's packs begin with.
func packsOf(partition int) string { return fmt.Sprintf("%s%04d-", packPrefix, partition) }

// kind is what a block holds, and where it stands that is an object of its own.
type kind struct {
	what   string
	key    func(name string) string
	zipped bool // as an object of its own; in a pack all are
}

var (
	rowsKind  = kind{"rows", rowsKey, true}
	scopeKind = kind{"scope", func(name string) string { return scopesPrefix + name }, false}
	pastKind  = kind{"history", func(name string) string { return "past/" + name }, true} // none is an object of its own
)

// blocks returns the names of the blocks that a head references, sorted.
func (h *Head) blocks() []string {
	var names []string
	h.eachBlock(func(_ *kind, name string) { names = append(names, name) })
	slices.Sort(names)
	return slices.Compact(names)
}

// inOrder returns the names of the blocks that a head references, each once, node after node.
func (h *Head) inOrder() []string {
	var names []string
	known := map[string]bool{}
	add := func(_ *kind, name string) {
		if !known[name] {
			names = append(names, name)
		}
		known[name] = true
	}
	h.eachPast(add)
	for _, id := range slices.Sorted(maps.Keys(h.Nodes)) {
		first := len(names)
		h.Nodes[id].eachBlock(add)
		slices.Sort(names[first:])
	}
	return names
}

// eachBlock calls a function with each block that a head references; nil: of a kind that was never an object of its own.
func (h *Head) eachBlock(each func(k *kind, name string)) {
	h.eachPast(each)
	for _, n := range h.Nodes {
		n.eachBlock(each)
	}
}

func (h *Head) eachPast(each func(k *kind, name string)) {
	for _, past := range h.History {
		each(nil, past.Block)
	}
}

func (n *NodeState) eachBlock(each func(k *kind, name string)) {
	some := func(k *kind, name string) {
		if name != "" {
			each(k, name)
		}
	}
	for _, t := range n.Types {
		for _, s := range t.Shares {
			some(&rowsKind, s.Rows)
			some(&rowsKind, s.Parts)
			for _, l := range s.Scopes {
				some(&scopeKind, l.Scope)
			}
			for _, p := range s.Pages {
				some(&rowsKind, p.Rows)
				some(&scopeKind, p.Scope)
			}
		}
	}
}

// BlockError is returned for rows or a scope that are damaged or gone. Only what needs them cannot go on.
type BlockError struct {
	Object  string // its key
	Problem string
}

func (e *BlockError) Error() string { return "ledger: " + e.Object + ": " + e.Problem }

// locate reads where the blocks of a head lie, which depends on what it references, and reports whether that belongs together.
func (h *Head) locate() (ok bool) {
	h.table, ok = pack.Read(packsOf(h.Partition), h.Packs, h.Places, h.blocks())
	return ok
}

// writeBlock keeps a block until the head is saved, unless it has it.
func (l *Ledger) writeBlock(ctx context.Context, h *Head, data []byte) (name string, err error) {
	t := h.table
	name = pack.Name(data)
	if t.Has(name) {
		return name, nil
	}
	stored, err := l.zip.Compress(data)
	if err != nil {
		return "", err
	}
	t.Add(pack.Block{Name: name, Data: stored})
	if t.IsFull() {
		l.sign(h)
		return name, t.Flush(ctx, &l.packs)
	}
	return name, nil
}

// readBlock reads a block of a head. Where it is damaged, or not there, the error is a *BlockError.
func (l *Ledger) readBlock(ctx context.Context, h *Head, k *kind, name string) ([]byte, error) {
	t := h.table
	if stored, ok := t.Fresh(name); ok {
		return l.zip.Expand(stored)
	}
	stored, key, err := t.Block(ctx, &l.packs, name)
	zipped := true
	if err == nil && stored == nil {
		key, zipped = k.key(name), k.zipped
		stored, _, err = l.store.Get(ctx, key)
	}
	if damage, ok := errors.AsType[*pack.Error](err); ok {
		return nil, &BlockError{damage.Key, damage.Problem}
	}
	if errors.Is(err, ErrNotFound) {
		return nil, &BlockError{key, "it is gone"}
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: reading %s: %w", k.what, err)
	}
	data := stored
	if zipped {
		data, err = l.zip.Expand(stored)
	}
	if err != nil || pack.Name(data) != name {
		return nil, &BlockError{key, fmt.Sprintf("%s %s: damaged", k.what, name)}
	}
	return data, nil
}

// pack writes the blocks that are new in a head, and makes it name the pack. What it no longer references is no longer in its table.
func (l *Ledger) pack(ctx context.Context, h *Head) error {
	t, names := h.table, h.blocks()
	if !h.tidy && t.Last == h.Writes && t.Holds(names) { // and no pack was written since the head was
		return nil
	}
	l.sign(h)
	if h.tidy {
		if err := l.takeIn(ctx, h, t); err != nil {
			return err
		}
	}
	if err := t.Pack(ctx, &l.packs, h.inOrder(), h.tidy); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	h.Packs, h.Places, h.tidy = t.Packs, t.Places(names), false
	return nil
}

// Tidy makes the next Save of a head pack its blocks anew, where many of its packs are small or mostly of what it no longer references, or where
// blocks of it are objects of their own. It reports whether the head is to be saved for that.
func (h *Head) Tidy() bool {
	h.tidy = h.table.WorthPacking(h.blocks())
	h.eachBlock(func(k *kind, name string) { h.tidy = h.tidy || k != nil && !h.table.Has(name) })
	return h.tidy
}

// takeIn reads blocks that are objects of their own, so that they are packed. One that is damaged is left as it is.
func (l *Ledger) takeIn(ctx context.Context, h *Head, t *pack.Table) error {
	own := map[string]*kind{}
	h.eachBlock(func(k *kind, name string) {
		if k != nil && !t.Has(name) && len(own) < tidyRows {
			own[name] = k
		}
	})
	for name, k := range own {
		data, err := l.readBlock(ctx, h, k, name)
		if _, damaged := errors.AsType[*BlockError](err); damaged {
			continue
		}
		if err == nil {
			_, err = l.writeBlock(ctx, h, data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Remember makes the blocks of an older version of the head readable beside its own.
func (h *Head) Remember(before *Head) { h.table.Remember(before.table) }

// Damaged returns the keys of packs of a head that could not be read when they were to be packed anew.
func (h *Head) Damaged() []string {
	return h.table.Damaged()
}
