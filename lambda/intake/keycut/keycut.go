// Package keycut knows which entries of a document have the key of another one only since a value of their key was cut. It does not know where the
// entries stand.
package keycut

import (
	"hash/maphash"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// Reason is why such entries are rejected: nothing says which of them is which, and they would take each other's place.
const Reason = "its key is that of another entry, since a value was cut to its attribute's length"

// Keys are the keys of entries, those of one node after those of another.
type Keys struct {
	seed maphash.Seed
	cut  map[uint64]uint64 // of the node looked at: by the key as it is, a hash of what it was
	same map[uint64]bool   // keys that entries share which had different ones
}

// New makes an empty Keys.
func New() *Keys {
	return &Keys{seed: maphash.MakeSeed(), cut: map[uint64]uint64{}, same: map[uint64]bool{}}
}

// Entry is an entry of a node, and who states it.
type Entry struct {
	Node, Source string
	Type         *inventory.Type
	Values       inventory.Entry
}

// Next begins with another node.
func (k *Keys) Next() { clear(k.cut) }

// Cut adds an entry whose key was cut. was stands for the key that it had.
func (k *Keys) Cut(e Entry, was uint64) {
	key := k.hash(e)
	if known, ok := k.cut[key]; ok && known != was {
		k.same[key] = true
	}
	k.cut[key] = was
}

// Any reports whether an entry of the node was added.
func (k *Keys) Any() bool { return len(k.cut) > 0 }

// Whole adds an entry whose key was not cut, after all that were.
func (k *Keys) Whole(e Entry) {
	key := k.hash(e)
	if _, ok := k.cut[key]; ok {
		k.same[key] = true
	}
}

// Same reports whether an entry has the key of another one, and had not.
func (k *Keys) Same(e Entry) bool { return len(k.same) > 0 && k.same[k.hash(e)] }

// hash stands for the key of an entry, with its node, source and type.
func (k *Keys) hash(e Entry) uint64 {
	var h maphash.Hash
	h.SetSeed(k.seed)
	add := func(text string) {
		_, _ = h.WriteString(text) // it never fails
		_ = h.WriteByte(0)
	}
	add(e.Node)
	add(e.Source)
	add(e.Type.Name)
	for _, value := range e.Type.KeyOnly(e.Values) {
		add(value)
	}
	return h.Sum64()
}
