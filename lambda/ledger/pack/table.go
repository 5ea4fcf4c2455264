package pack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

// Info is a pack that a head names.
type Info struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

// Table is which packs a head names, where the blocks lie that it references, and which blocks are not written yet. A table without packs is
// ready for use; Prefix is given.
type Table struct {
	Prefix string // of the packs' keys
	Packs  []Info
	Last   int   // number of the last pack that was written
	Note   Block // about whose the packs are; the first block of each

	// Met is called with the key of a pack that is stored already under the next number. Where it returns no error, the next number is taken.
	Met func(ctx context.Context, key string) error

	places  map[string]Place
	former  map[string]formerPlace // of blocks that are no longer referenced: they can still be read
	fresh   map[string]Block       // not written yet, by name
	order   []string               // names of fresh
	pending int64                  // bytes of fresh
	damaged []string               // keys of packs that could not be taken over
}

// formerPlace is where a block lies in a pack that the table may not name any more.
type formerPlace struct {
	pack Info
	at   Place
}

// Read makes a table of what a head has: its packs, and the places of the blocks that it references, by their sorted names. It reports whether
// these belong together.
func Read(prefix string, packs []Info, places string, names []string) (*Table, bool) {
	t := &Table{Prefix: prefix, Packs: packs}
	ok := true
	if len(packs) > 0 || places != "" {
		t.places, ok = decodePlaces(places, names, packs)
	}
	return t, ok
}

// Places are the places of the blocks with these names, sorted, as a head has them.
func (t *Table) Places(names []string) string {
	if len(t.Packs) == 0 {
		return ""
	}
	return encodePlaces(names, t.places)
}

// Has reports whether a block lies in a pack, or is going to.
func (t *Table) Has(name string) bool {
	_, placed := t.places[name]
	_, fresh := t.fresh[name]
	return placed || fresh
}

// Holds reports whether the blocks with these names, each once, and no others lie in packs: then there is nothing to pack.
func (t *Table) Holds(names []string) bool {
	if len(t.order) > 0 || len(names) != len(t.places) {
		return false
	}
	for _, name := range names {
		if _, ok := t.places[name]; !ok {
			return false
		}
	}
	return true
}

// Add adds a block that is to be written.
func (t *Table) Add(b Block) {
	if t.Has(b.Name) {
		return
	}
	if t.fresh == nil {
		t.fresh = map[string]Block{}
	}
	t.fresh[b.Name] = b
	t.order, t.pending = append(t.order, b.Name), t.pending+int64(len(b.Data))
}

// IsFull reports whether the blocks that are not written yet should be.
func (t *Table) IsFull() bool { return t.pending >= fullBytes }

// Fresh returns a block that is not written yet.
func (t *Table) Fresh(name string) (data []byte, ok bool) {
	b, ok := t.fresh[name]
	return b.Data, ok
}

// Block reads a block that lies in a pack; nil: it lies in none.
func (t *Table) Block(ctx context.Context, r *Reader, name string) (data []byte, key string, err error) {
	f, ok := t.former[name]
	if at, placed := t.places[name]; placed {
		f, ok = formerPlace{t.Packs[at.Pack], at}, true
	}
	if !ok {
		return nil, "", nil
	}
	key = t.Prefix + f.pack.Name
	data, err = r.Block(ctx, key, f.pack.Bytes, window(t.Packs), f.at)
	return data, key, err
}

// Remember makes the blocks of another table of the same packs readable.
func (t *Table) Remember(other *Table) {
	for name, f := range other.former {
		t.keepFormer(name, f)
	}
	for name, at := range other.places {
		t.keepFormer(name, formerPlace{other.Packs[at.Pack], at})
	}
}

func (t *Table) keepFormer(name string, f formerPlace) {
	if t.former == nil {
		t.former = map[string]formerPlace{}
	}
	t.former[name] = f
}

// Lies returns in which pack a block lies, and where in it; ok: it lies in one.
func (t *Table) Lies(name string) (in Info, at Place, ok bool) {
	at, ok = t.places[name]
	if ok {
		in = t.Packs[at.Pack]
	}
	return in, at, ok
}

// Recall makes a block readable that lies in a pack which the table need not have.
func (t *Table) Recall(name string, in Info, at Place) { t.keepFormer(name, formerPlace{in, at}) }

// KeyOf is the key of a pack that the table has.
func (t *Table) KeyOf(pack int) string { return t.Prefix + t.Packs[pack].Name }

// Damaged returns the keys of packs that a new one should have taken over and could not be read.
func (t *Table) Damaged() []string { return t.damaged }

// Flush writes all blocks that are not written yet into a pack of their own.
func (t *Table) Flush(ctx context.Context, r *Reader) error {
	var blocks []Block
	for _, name := range t.order {
		blocks = append(blocks, t.fresh[name])
	}
	if err := t.write(ctx, r, blocks); err != nil {
		return err
	}
	t.fresh, t.order, t.pending = nil, nil, 0
	return nil
}

// WorthPacking reports whether a new pack is worth writing though no block is new.
func (t *Table) WorthPacking(names []string) bool { return worthPacking(t.Packs, t.live(names)) }

// Pack makes the table one of the blocks with these names, and of no others. Those that are new, and those of packs that are too many,
// too small or mostly dead, are written into one pack, in the order of the names, unless none is new: then they are where tidy is given. Packs of
// which nothing is left are no longer named; they stay stored.
func (t *Table) Pack(ctx context.Context, r *Reader, names []string, tidy bool) error {
	t.forget(names)
	if len(t.order) == 0 && !tidy {
		t.dropDead(names)
		return nil
	}
	var blocks []Block
	for _, name := range t.order {
		blocks = append(blocks, t.fresh[name])
	}
	blocks = append(blocks, t.taken(ctx, r, choose(t.Packs, t.live(names), t.pending))...)
	rank := make(map[string]int, len(names))
	for i, name := range names {
		rank[name] = i
	}
	slices.SortFunc(blocks, func(a, b Block) int { return cmp.Compare(rank[a.Name], rank[b.Name]) })
	if err := t.write(ctx, r, blocks); err != nil {
		return err
	}
	t.fresh, t.order, t.pending = nil, nil, 0
	t.dropDead(names)
	return nil
}

// forget forgets blocks that are not among those of some names.
func (t *Table) forget(names []string) {
	needed := make(map[string]bool, len(names))
	for _, name := range names {
		needed[name] = true
	}
	maps.DeleteFunc(t.places, func(name string, at Place) bool {
		if !needed[name] {
			t.keepFormer(name, formerPlace{t.Packs[at.Pack], at})
		}
		return !needed[name]
	})
	t.order = slices.DeleteFunc(t.order, func(name string) bool {
		if needed[name] {
			return false
		}
		t.pending -= int64(len(t.fresh[name].Data))
		delete(t.fresh, name)
		return true
	})
}

// live returns how many bytes of each pack are of blocks with these names.
func (t *Table) live(names []string) []int64 {
	live := make([]int64, len(t.Packs))
	for _, name := range names {
		if p, ok := t.places[name]; ok {
			live[p.Pack] += p.Length
		}
	}
	return live
}

// taken returns the blocks of packs that a new one takes over. A pack that cannot be read is left as it is.
func (t *Table) taken(ctx context.Context, r *Reader, packs []int) []Block {
	var all []Block
	for _, pack := range packs {
		var names []string
		for name, p := range t.places {
			if p.Pack == pack {
				names = append(names, name)
			}
		}
		slices.SortFunc(names, func(a, b string) int { return cmp.Compare(t.places[a].Offset, t.places[b].Offset) })
		blocks := make([]Block, len(names))
		var err error
		for i, name := range names {
			blocks[i].Name = name
			blocks[i].Data, err = r.Block(ctx, t.KeyOf(pack), t.Packs[pack].Bytes, mostBytes, t.places[name])
			if err != nil {
				break
			}
		}
		if damage, ok := errors.AsType[*Error](err); ok {
			t.damaged = append(t.damaged, damage.Key)
		}
		if err == nil {
			all = append(all, blocks...)
		}
	}
	return all
}

// write writes blocks into a new pack, and notes where they lie then.
func (t *Table) write(ctx context.Context, r *Reader, blocks []Block) error {
	if len(blocks) == 0 {
		return nil
	}
	blocks = append([]Block{t.Note}, blocks...)
	data, offsets := encode(blocks)
	key, err := t.put(ctx, r.Store, data)
	if err != nil {
		return err
	}
	r.keep(part{key, 0, data})
	if t.places == nil {
		t.places = map[string]Place{}
	}
	for i, b := range blocks[1:] {
		t.places[b.Name] = Place{len(t.Packs), offsets[i+1], int64(len(b.Data))}
	}
	t.Packs = append(t.Packs, Info{key[len(t.Prefix):], int64(len(data))})
	return nil
}

// put stores a pack under the next number that is free.
func (t *Table) put(ctx context.Context, s store.Store, data []byte) (key string, err error) {
	for {
		t.Last++
		key = t.Key(t.Last)
		_, err := s.Put(ctx, key, data, store.Absent)
		if err == nil {
			return key, nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return "", fmt.Errorf("pack: writing %s: %w", key, err)
		}
		if err := t.Met(ctx, key); err != nil {
			return "", err
		}
	}
}

// Key is the key of the pack of a number.
func (t *Table) Key(number int) string { return fmt.Sprintf("%s%08d", t.Prefix, number) }

// dropDead drops the packs of which no block with these names is.
func (t *Table) dropDead(names []string) {
	live := t.live(names)
	to, left := make([]int, len(live)), []Info(nil)
	for i, p := range t.Packs {
		to[i] = len(left)
		if live[i] > 0 {
			left = append(left, p)
		}
	}
	if len(left) == len(t.Packs) {
		return
	}
	for name, p := range t.places {
		p.Pack = to[p.Pack]
		t.places[name] = p
	}
	t.Packs = left
}
