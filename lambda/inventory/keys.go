package inventory

import "hash/maphash"

// Keys finds entries of a type by their key. Entries are numbered from 0 as they are added.
type Keys struct {
	key     []int
	seed    maphash.Seed
	entries []Entry
	last    map[uint64]int32 // the last entry with a hash
	before  []int32          // the one before it with the same hash, or -1
}

// Keys returns an index with room for n entries.
func (t *Type) Keys(n int) *Keys {
	return &Keys{
		key: t.key(), seed: maphash.MakeSeed(),
		entries: make([]Entry, 0, n), last: make(map[uint64]int32, n), before: make([]int32, 0, n),
	}
}

// Find returns the number of the entry with the same key, or -1.
func (k *Keys) Find(e Entry) int { return k.find(e, k.hash(e)) }

// Add adds an entry unless there is one with the same key, and returns the number of the one that is there then.
func (k *Keys) Add(e Entry) (at int, added bool) {
	hash := k.hash(e)
	if at := k.find(e, hash); at >= 0 {
		return at, false
	}
	before, ok := k.last[hash]
	if !ok {
		before = -1
	}
	at = len(k.entries)
	k.last[hash] = int32(at) //nolint:gosec // entries of one node
	k.entries, k.before = append(k.entries, e), append(k.before, before)
	return at, true
}

func (k *Keys) find(e Entry, hash uint64) int {
	at, ok := k.last[hash]
	for ok && at >= 0 {
		if k.equal(k.entries[at], e) {
			return int(at)
		}
		at = k.before[at]
	}
	return -1
}

func (k *Keys) equal(a, b Entry) bool {
	for _, i := range k.key {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// hash mixes the hashes of the key's values in their order.
func (k *Keys) hash(e Entry) uint64 {
	h := uint64(0)
	for _, i := range k.key {
		h = (h ^ maphash.String(k.seed, e[i])) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	return h
}

// EmptyKey returns the attributes of the type's key, besides the source, where an entry has a value for none of them: nothing tells it from
// another such entry. Else, and where the key has no such attributes, it returns none.
func (t *Type) EmptyKey(e Entry) []string {
	var names []string
	for _, i := range t.Key {
		if t.Attributes[i] == rollupSource {
			continue
		}
		if e[i] != "" {
			return nil
		}
		names = append(names, t.Attributes[i])
	}
	return names
}

// KeyOnly is an entry with the values of its key alone, by which Keys finds it.
func (t *Type) KeyOnly(e Entry) Entry {
	out := make(Entry, len(e))
	for _, i := range t.key() {
		out[i] = e[i]
	}
	return out
}
